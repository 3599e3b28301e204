"""Links to other sites. They are looked at by a job (`portal.editorial.links`); until it has an answer, the step waits."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from portal.editorial.checks.waiting import NotYetError
from portal.editorial.checks.walk import Place
from portal.editorial.links.collecting import addresses
from portal.editorial.links.looking import is_for_browsers
from portal.editorial.links.models import CheckedLink, LinkStatus
from portal.editorial.links.services import links_want
from portal.editorial.registry import Finding, Moment


@dataclass(frozen=True, slots=True)
class ExternalLinks:
    """How many days an answer is good for, and whether a site that does not answer stops the page."""

    max_age_days: int = 7
    silent_stops: bool = False

    def __post_init__(self) -> None:
        if self.max_age_days < 1:
            raise ValueError("'max_age_days' is at least 1")


def external_links(moment: Moment, given: ExternalLinks) -> Iterator[Finding]:
    """Yield addresses that lead nowhere.

    Raises:
        NotYetError: some have not been looked at yet.
    """
    found = addresses(moment.page)
    yield from (place.finding(_no_address(url)) for place, url in found if not is_for_browsers(url))
    asked = [(place, url) for place, url in found if is_for_browsers(url)]
    if not asked or not settings.LINK_CHECK:
        return
    known = links_want(urls={url for _place, url in asked}, at=moment.at, max_age=dt.timedelta(days=given.max_age_days))
    if any(link.status == LinkStatus.WAITING for link in known.values()):
        raise NotYetError
    for place, url in asked:
        yield from _findings(place, known[url], given)


def _no_address(url: str) -> str:
    text = _("“%(url)s” is no address that a browser opens. Write it with https:// in front, or delete the link.")
    return text % {"url": url}


def _findings(place: Place, link: CheckedLink, given: ExternalLinks) -> Iterator[Finding]:
    words = {
        LinkStatus.GONE: _("the page %(url)s does not exist any more. Find its new address, or delete the link."),
        LinkStatus.REFUSED: _("readers cannot open %(url)s. Choose an address that is open to everybody."),
        LinkStatus.UNSURE: _("%(url)s could not be looked at from here. Open it yourself and see whether it works."),
        LinkStatus.SILENT: _("%(url)s does not answer. Open it yourself and see whether it works."),
    }
    status = LinkStatus(link.status)
    if status in words:
        certain = status in {LinkStatus.GONE, LinkStatus.REFUSED}
        stops = certain or (status == LinkStatus.SILENT and given.silent_stops)
        yield place.finding(words[status] % {"url": link.url}, stops=stops)
