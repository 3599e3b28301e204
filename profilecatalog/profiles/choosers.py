"""Who may point to which competence: a draft belongs to the editors of the catalogue."""

from typing import Any

from django import forms
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.snippets.views.chooser import (
    ChooseResultsView,
    ChooseView,
    SnippetChooserViewSet,
    SnippetChosenMultipleView,
    SnippetChosenView,
)

from search.api import narrowed


class CompetenceSearchForm(BaseFilterForm):
    """The search box of the dialogue: what is published as readers find it, and drafts by their words."""

    q = forms.CharField(label=_("Search for a competence"), required=False, max_length=200)

    def filter(self, objects: Any) -> Any:
        """Narrow the list."""
        objects = super().filter(objects)
        text = self.cleaned_data.get("q", "")
        if text:
            self.is_searching, self.search_query = True, text
            objects = narrowed(objects, text, ["name", "key"])
        return objects


class _HersToChoose:
    """Wagtail's chooser shows every draft to whoever gets into the admin at all, course providers too."""

    request: Any

    def _hers(self, competences: Any) -> Any:
        edits = self.request.user.has_perm("profiles.change_competence")
        return competences if edits else competences.filter(live=True)


class _ListMixin(_HersToChoose):
    filter_form_class = CompetenceSearchForm

    def get_object_list(self) -> Any:
        """Return what may be chosen."""
        return self._hers(super().get_object_list())  # type: ignore[misc]


class CompetenceChooseView(_ListMixin, ChooseView):
    """The dialogue."""


class CompetenceChooseResultsView(_ListMixin, ChooseResultsView):
    """Its list, searched or turned over."""


class CompetenceChosenView(_HersToChoose, SnippetChosenView):
    """What was chosen."""

    def get_object(self, pk: Any) -> Any:
        """Return the competence; a draft of others is missing."""
        found = self._hers(self.model_class.objects.filter(pk=pk)).first()
        if found is None:
            raise Http404
        return found


class CompetenceChosenMultipleView(_HersToChoose, SnippetChosenMultipleView):
    """Several that were chosen."""

    def get_objects(self, pks: Any) -> Any:
        """Return those that may be chosen."""
        return self._hers(super().get_objects(pks))


class CompetenceChooserViewSet(SnippetChooserViewSet):
    """Wagtail's chooser with these views."""

    choose_view_class = CompetenceChooseView
    choose_results_view_class = CompetenceChooseResultsView
    chosen_view_class = CompetenceChosenView
    chosen_multiple_view_class = CompetenceChosenMultipleView
