"""The dates of a meeting or a course, shown in its page's editor; they are edited in forms of their own."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.panels import Panel

from portal.seats.admin import standing_text
from portal.seats.selectors import standings


class DatesPanel(Panel):
    """List the rows of a reverse relation with links to edit them and to add one.

    They are not an inline form: dates and seats are no part of the page's drafts, and an older revision must never bring
    back an older date.
    """

    def __init__(self, relation_name: str, *, add_query: str, **kwargs: Any) -> None:
        """Name the relation, and the parameter that tells the form for a new row which page it is for."""
        super().__init__(**kwargs)
        self.relation_name = relation_name
        self.add_query = add_query

    def clone_kwargs(self) -> dict[str, Any]:
        """Keep what the panel was made with."""
        return {**super().clone_kwargs(), "relation_name": self.relation_name, "add_query": self.add_query}

    class BoundPanel(Panel.BoundPanel):
        """The panel for one page."""

        template_name = "seats/admin/panel_dates.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the rows; a page that is not saved yet has none."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            page = self.instance
            if not page.pk:
                return {**context, "rows": (), "add_url": ""}
            finder = AdminURLFinder(self.request.user)
            found = list(getattr(page, self.panel.relation_name).select_related("offering"))
            stand = standings([row.offering for row in found])
            rows = [
                {
                    "text": str(row),
                    "url": finder.get_edit_url(row),
                    "cancelled": row.cancelled,
                    "seats": row.offering,
                    "standing": standing_text(stand[row.offering_id]),
                }
                for row in found
            ]
            return {**context, "rows": rows, "add_url": self._add_url(page)}

        def _add_url(self, page: Any) -> str:
            model = page._meta.get_field(self.panel.relation_name).related_model
            try:
                url = reverse(f"{model._meta.model_name}:add")
            except NoReverseMatch:
                return ""
            return f"{url}?{self.panel.add_query}={page.pk}"
