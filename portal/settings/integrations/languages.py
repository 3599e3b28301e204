"""Danish at the root, the interface in English under `/en/`; content is in one locale and marked `lang="da"`."""

from django.utils.translation import gettext_lazy as _

from portal.settings.env import BASE_DIR

LANGUAGE_CODE = "da"
LANGUAGES = [("da", _("Danish")), ("en", _("English"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Copenhagen"
# One catalogue per area, so that a package's texts are read and changed beside each other.
LOCALE_PATHS = sorted(path for path in (BASE_DIR / "locale").glob("*") if path.is_dir())
WAGTAIL_I18N_ENABLED = False
WAGTAIL_CONTENT_LANGUAGES = [("da", _("Danish"))]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("da", "Dansk"), ("en", "English")]
