"""What the editor of a meeting and of a meeting time shows of the rows beside it: questions, and the series."""

from typing import Any

from django.urls import reverse
from wagtail.admin.panels import Panel


class QuestionsPanel(Panel):
    """The questions of a meeting, with links to edit them and to add one: they are no part of the page's drafts."""

    class BoundPanel(Panel.BoundPanel):
        """The panel for one page."""

        template_name = "events/admin/panel_questions.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the questions; a page that is not saved yet has none."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            if not self.instance.pk:
                return {**context, "questions": (), "add_url": ""}
            add_url = f"{reverse('eventquestion:add')}?event={self.instance.pk}"
            return {**context, "questions": self.instance.questions.order_by("position", "pk"), "add_url": add_url}


class SeriesPanel(Panel):
    """The series that a meeting time belongs to, or the way to make one of it."""

    class BoundPanel(Panel.BoundPanel):
        """The panel for one time."""

        template_name = "events/admin/panel_series.html"

        def is_shown(self) -> bool:
            """Leave out what is not saved yet."""
            return bool(super().is_shown() and self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the time itself."""
            return {**super().get_context_data(parent_context), "occurrence": self.instance}
