"""Every municipality's page can be found, although only the list of them is a page in the tree."""

from collections.abc import Iterable

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from portal.desk.models import MunicipalityIndexPage
from portal.organisations.api import municipalities_by_region, place_terms
from search.api import Kind, SearchDocument, register_source


def documents(page: MunicipalityIndexPage) -> Iterable[SearchDocument]:
    """Describe the municipalities, each with its region of today."""
    for group in municipalities_by_region(on=localdate()):
        for municipality in group.municipalities:
            yield SearchDocument(
                key=f"{page.pk}:{municipality.code}",
                kind="municipality",
                title=municipality.name,
                summary=page.municipality_lead,
                body=f"{municipality.name} Kommune {municipality.code}",
                labels=(f"{municipality.name} Kommune",),
                url=page.url_of(municipality),
                note=group.region.name,
                facets=place_terms([municipality], [group.region]),
            )


def register() -> None:
    """Make the municipalities findable."""
    register_source(
        "desk.municipality",
        model=MunicipalityIndexPage,
        documents=documents,
        all=MunicipalityIndexPage.objects.live,
        kinds={"municipality": Kind(_("Municipality"), _("Municipalities"))},
    )
