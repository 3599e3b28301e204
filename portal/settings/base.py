"""What is the same everywhere; `demo`, `test` and `production` add what differs."""

from django.utils.translation import gettext_lazy as _

from portal.settings.env import BASE_DIR
from portal.settings.integrations.cms import *  # noqa: F403
from portal.settings.integrations.connections import *  # noqa: F403
from portal.settings.integrations.extensions import with_extensions
from portal.settings.integrations.languages import *  # noqa: F403
from portal.settings.integrations.login import *  # noqa: F403
from portal.settings.integrations.mail import *  # noqa: F403
from portal.settings.integrations.search import *  # noqa: F403
from portal.settings.integrations.security import *  # noqa: F403

# From the upper floors down, so that an upper package may override a template of a lower one.
INSTALLED_APPS = [
    "portal.desk",
    "learning",
    "events",
    "profilecatalog.assessment",
    "profilecatalog.profiles",
    "portal.pages",
    "portal.seats",
    "portal.contacts",
    "portal.editorial",
    "portal.workflows",
    "portal.accounts.connections",
    "portal.accounts",
    "portal.organisations",
    "search",
    "portal.core",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.routable_page",
    "wagtail.embeds",
    "wagtail.sites",
    "portal.accounts.users_app.UsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "portal.editorial.admin_app.AdminConfig",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks_db",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
]
# Before ours, those of other packages that are installed beside the portal.
INSTALLED_APPS = with_extensions(INSTALLED_APPS)

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A profile page is 34 kB of HTML; with it uncompressed a first visit would pass 100 kB.
    "django.middleware.gzip.GZipMiddleware",
    "portal.core.page_cache.middleware.PageCacheMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.core.middleware.AdminPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.accounts.middleware.PrincipalMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.accounts.middleware.DoorsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    # Last: it runs the view itself inside the transaction.
    "portal.core.middleware.AdminTransactionMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
# An address typed without its scheme is taken as https; Django 6.0 makes that the rule and drops the setting.
FORMS_URLFIELD_ASSUME_HTTPS = True

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# In the session: a cookie of their own would be one more than the portal promises.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [
    BASE_DIR / "portal" / "static",
    # The design system as it comes from npm; a deployment collects it like our own files.
    ("dkfds", str(BASE_DIR / "node_modules" / "dkfds" / "dist")),
]
MEDIA_URL = "/media/"
MEDIA_ROOT = BASE_DIR / "var" / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Published pages from memory; see portal/core/page_cache. Where no file is named, the database tells what changed.
PAGE_CACHE = False
PAGE_CACHE_FILE = ""

# Seconds: how late another process may notice a changed synonym; how often each writes what was searched for (0: only
# when it is asked to).
SEARCH_WORDS_MAX_AGE = 10
SEARCH_USAGE_INTERVAL = 60

# Whether the worker looks at links to other sites, and networks that are not public and may be asked all the same
# ("10.0.0.0/8").
LINK_CHECK = False
LINK_CHECK_ALLOWED_NETWORKS: tuple[str, ...] = ()

# The mailbox page and the example logins exist in the demo only.
DEMO = False
ADMIN_TITLE = _("Kompetenceportalen")

# W019 asks for X-Frame-Options DENY: the profile page frames its own self-assessment, the editor its preview.
SILENCED_SYSTEM_CHECKS = ["security.W019"]
