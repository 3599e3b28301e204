"""Regions, municipalities and parties in Wagtail's admin."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from portal.organisations.forms import MunicipalityForm
from portal.organisations.models import Municipality, Party, Region


class OrganisationViewSet(ModelViewSet):
    """What the three lists share.

    They search with the database's own comparison, not with the full-text index: the rows are few, and any text is safe.
    """

    search_backend_name = None
    copy_view_enabled = False
    list_per_page = 50


class MunicipalityViewSet(OrganisationViewSet):
    """The municipalities with what they decide for themselves; they come from official facts, so none is added."""

    model = Municipality
    icon = "home"
    menu_label = _("Municipalities")
    menu_order = 100
    list_display = ["name", "code", "cvr"]
    list_filter = ["region_memberships__region"]
    search_fields = ["name", "code", "slug"]
    inspect_view_enabled = True
    inspect_view_fields = ["name", "code", "cvr", "slug", "uuid"]
    edit_handler = ObjectList(
        [
            MultiFieldPanel([FieldRowPanel([FieldPanel("name"), FieldPanel("cvr")])], heading=_("The municipality")),
            MultiFieldPanel(
                [FieldPanel("standing_round_open"), FieldPanel("min_responses"), FieldPanel("embed_origins")],
                heading=_("Self-assessment"),
            ),
        ],
        base_form_class=MunicipalityForm,
    )


class RegionViewSet(OrganisationViewSet):
    """The regions, with the days between which they exist."""

    model = Region
    icon = "site"
    menu_label = _("Regions")
    menu_order = 200
    list_display = ["name", "code", "valid_from", "valid_to"]
    search_fields = ["name", "code"]
    form_fields = ["name", "slug", "code", "valid_from", "valid_to"]


class PartyViewSet(OrganisationViewSet):
    """The parties behind the profiles."""

    model = Party
    icon = "group"
    menu_label = _("Parties")
    menu_order = 300
    list_display = ["name", "short_name", "key"]
    search_fields = ["name", "short_name"]
    form_fields = ["name", "short_name", "key"]


class OrganisationsGroup(ModelViewSetGroup):
    """The menu “Organisations”."""

    menu_label = _("Organisations")
    menu_icon = "group"
    menu_order = 500
    items = (MunicipalityViewSet("municipalities"), RegionViewSet("regions"), PartyViewSet("parties"))


@hooks.register("register_admin_viewset")
def organisations() -> Any:
    """Add the menu."""
    return OrganisationsGroup()
