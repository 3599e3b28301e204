"""Competences, areas and scales in Wagtail's admin."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.admin.ui.tables import LiveStatusTagColumn, UpdatedAtColumn
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet, SnippetViewSetGroup

from portal.core.page_editor import PortalSnippetCreateView
from profilecatalog.profiles.choosers import CompetenceChooserViewSet
from profilecatalog.profiles.forms import CompetenceForm, ScaleForm
from profilecatalog.profiles.models import Competence, CompetenceArea, Scale
from profilecatalog.profiles.panels import LevelsInlinePanel, ListPanel
from profilecatalog.profiles.screens.editor import editor_asked_by
from search.api import narrowed


class CatalogueViewSet(SnippetViewSet):
    """What the three lists share: a copy would take over a key that belongs to one row only."""

    copy_view_enabled = False
    add_view_class = PortalSnippetCreateView
    # The database's own comparison: the rows are few, and any text is safe in the search box.
    search_backend_name = None
    list_per_page = 50


class CompetenceIndexView(IndexView):
    """The list of competences, with what is published found as readers find it."""

    def search_queryset(self, queryset: Any) -> Any:
        """Narrow the list; a column that was chosen to sort by keeps its order."""
        if not self.is_searching:
            return queryset
        found = narrowed(queryset, self.search_query, self.search_fields)
        return found.order_by(*queryset.query.order_by) if self.is_explicitly_ordered else found


class CompetenceViewSet(CatalogueViewSet):
    """Competences with drafts, revisions and a preview in the look of the site."""

    model = Competence
    chooser_viewset_class = CompetenceChooserViewSet
    index_view_class = CompetenceIndexView
    icon = "list-ul"
    menu_label = _("Competences")
    menu_order = 100
    list_display: ClassVar[list[Any]] = ["name", "kind", "area", UpdatedAtColumn(), LiveStatusTagColumn()]
    list_filter: ClassVar[list[str]] = ["kind", "area", "scale", "live"]
    search_fields: ClassVar[list[str]] = ["name", "key", "description"]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("name"),
                    FieldPanel("description"),
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("area")]),
                    LevelsInlinePanel(
                        "level_texts",
                        panels=[FieldPanel("level_number"), FieldPanel("text")],
                        heading=_("Level texts"),
                        label=_("Level text"),
                        help_text=_(
                            "One text for each level of the scale, in the first person: “Jeg kan …”. All of them are needed "
                            "to publish."
                        ),
                    ),
                ],
                heading=_("Content"),
            ),
            ObjectList(
                [
                    MultiFieldPanel(
                        [FieldPanel("key"), FieldPanel("slug"), FieldPanel("scale")], heading=_("Identity and scale")
                    ),
                    PublishingPanel(),
                ],
                heading=_("Settings"),
            ),
            ObjectList(
                [ListPanel("profiles/admin/panel_asked_by.html", editor_asked_by, heading=_("Asked for by"))],
                heading=_("Use"),
            ),
        ],
        base_form_class=CompetenceForm,
    )


class AreaViewSet(CatalogueViewSet):
    """The areas that competences are sorted under."""

    model = CompetenceArea
    icon = "folder-open-inverse"
    menu_label = _("Areas")
    menu_order = 200
    list_display: ClassVar[list[Any]] = ["name", "sort_order"]
    search_fields: ClassVar[list[str]] = ["name", "key"]


class ScaleViewSet(CatalogueViewSet):
    """The scales; one in use is frozen."""

    model = Scale
    icon = "order"
    menu_label = _("Scales")
    menu_order = 300
    list_display: ClassVar[list[Any]] = ["name", "key"]
    search_fields: ClassVar[list[str]] = ["name", "key"]
    edit_handler = ObjectList(Scale.panels, base_form_class=ScaleForm)


class CatalogueGroup(SnippetViewSetGroup):
    """One entry in the menu."""

    menu_label = _("Competences")
    menu_icon = "list-ul"
    menu_order = 200
    items = (CompetenceViewSet, AreaViewSet, ScaleViewSet)
