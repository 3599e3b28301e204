"""The form of every page: the sidecar's fields stand beside the page's own."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.widgets import AdminDateInput
from wagtail.permissions import page_permission_policy


def _may_be_responsible(chosen: int | None) -> QuerySet[Any]:
    """Return who may be asked to read a page again: those who publish pages, and whoever stands there already.

    An editor chooses among colleagues and must not be shown every person of the portal.
    """
    publishers = page_permission_policy.users_with_permission("publish").filter(is_active=True).values("pk")
    people = get_user_model()._default_manager.filter(Q(pk__in=publishers) | Q(pk=chosen))
    return people.order_by("email", "pk")


class BasePageForm(WagtailAdminPageForm):
    """Read and write `PageGovernance` without making it part of the page's revisions."""

    responsible: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        queryset=None,
        required=False,
        label=_("Responsible"),
        help_text=_("The editor who is reminded when the page must be read again."),
    )
    review_on = forms.DateField(
        required=False,
        widget=AdminDateInput,
        label=_("Review on"),
        help_text=_("The date when somebody should check that the page is still true."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        governance = self._governance()
        self.fields["responsible"].queryset = _may_be_responsible(governance and governance.responsible_id)
        if governance is not None:
            self.fields["responsible"].initial = governance.responsible_id
            self.fields["review_on"].initial = governance.review_on

    def _governance(self) -> Any:
        from portal.core.models.governance import PageGovernance

        if self.instance.pk is None:
            return None
        return PageGovernance.objects.filter(page_id=self.instance.pk).first()

    def save(self, commit: bool = True) -> Any:
        """Save the page; keep the sidecar's values until the page has a row to stand beside."""
        page = super().save(commit=commit)
        if commit and page.pk:
            self._save_governance(page)
        else:
            page._pending_governance = self._governance_values()
        return page

    def _governance_values(self) -> dict[str, Any]:
        return {name: self.cleaned_data.get(name) for name in ("responsible", "review_on")}

    def _save_governance(self, page: Any) -> None:
        from portal.core.governance import save_governance

        save_governance(page=page, **self._governance_values())
