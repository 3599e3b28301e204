"""What a municipality puts on its pages, and why it may not show there."""

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from portal.core.principal import ANONYMOUS
from portal.organisations.api import Municipality, embed_origins
from profilecatalog.assessment.models import EmbedKey
from profilecatalog.assessment.services.rounds import is_gathering
from profilecatalog.assessment.tokens import issue_trial, sign_embed_key
from profilecatalog.assessment.views import TRIAL
from profilecatalog.profiles.api import ProfilePage, ProfileRelease, latest_releases

_FRAME = '<iframe src="{}" title="Vurdér dig selv: {}" width="760" height="900" loading="lazy"></iframe>'
_HTTPS, _HTTP = "https", "http"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `ok` says whether it is as it should be."""

    ok: bool
    title: Promise | str
    text: Promise | str = ""


def embed_path(key: EmbedKey, slug: str) -> str:
    """Return the path under which a municipality's pages frame a profile's form."""
    return reverse("assessment:embed", args=[sign_embed_key(key.public_id), slug])


def embed_html(key: EmbedKey, *, slug: str, title: str) -> str:
    """Return the HTML to paste, as plain text: a page that shows it must escape it once more."""
    base = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
    return _FRAME.format(escape(base + embed_path(key, slug)), escape(title))


def trial_path(key: EmbedKey, slug: str) -> str:
    """Return the address that the test page frames: the same form, in which nothing counts."""
    return f"{embed_path(key, slug)}?{urlencode({TRIAL: issue_trial(key.public_id)})}"


def embeddable() -> tuple[ProfileRelease, ...]:
    """Return the newest releases that ask something, by title."""
    releases = latest_releases(ProfilePage.objects.visible_to(ANONYMOUS)).values()
    asking = [release for release in releases if release.document.scale and release.document.needs]
    return tuple(sorted(asking, key=lambda release: (release.document.title, release.pk)))


def findings(key: EmbedKey, *, page: str = "") -> tuple[Finding, ...]:
    """Look for the usual mistakes; `page` is the address of the page that shall show the form, if one was named."""
    where = key.municipality
    found = [_about_key(key), _about_gathering(where), _about_list(where)]
    if page.strip():
        found.append(_about_page(page.strip(), embed_origins(where)))
    return tuple(found)


def _about_key(key: EmbedKey) -> Finding:
    if key.is_in_force:
        return Finding(True, _("The key works"))
    return Finding(
        False, _("The key does not work any more"), _("Put the HTML with a key that works on your page instead.")
    )


def _about_gathering(where: Municipality) -> Finding:
    if is_gathering(where):
        return Finding(True, _("Answers are gathered"))
    return Finding(
        False,
        _("Your municipality does not gather answers at the moment"),
        _("Visitors read that instead of the questions. You can change it in the settings."),
    )


def _about_list(where: Municipality) -> Finding:
    allowed = embed_origins(where)
    if allowed:
        return Finding(True, _("Pages that may show the form"), ", ".join(allowed))
    return Finding(
        False,
        _("No page may show the form yet"),
        _("Browsers leave the frame empty. Write the address of your intranet in the settings."),
    )


def _about_page(page: str, allowed: tuple[str, ...]) -> Finding:
    address = _split(page)
    if address is None or address.scheme not in {_HTTP, _HTTPS} or not address.hostname:
        return Finding(
            False,
            _("We cannot read the page's address"),
            _("Copy it from the browser's address line. It begins with https://"),
        )
    if address.scheme == _HTTP:
        return Finding(
            False,
            _("The page is opened with http://"),
            _("Only pages that are opened with https:// may show the form. Ask those who run your intranet."),
        )
    origin = f"{_HTTPS}://{address.netloc.rpartition('@')[2].lower()}"
    if origin in allowed:
        return Finding(True, _("The page may show the form"), origin)
    return Finding(
        False,
        _("The page is not on the list"),
        _("Write exactly this in the settings: %(origin)s. A www. or a port counts as well.") % {"origin": origin},
    )


def _split(page: str) -> SplitResult | None:
    try:
        return urlsplit(page)
    except ValueError:
        return None
