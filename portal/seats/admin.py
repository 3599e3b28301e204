"""What the admin's forms and lists of rows with seats share."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import ngettext
from wagtail.admin.panels import FieldPanel, FieldRowPanel, Panel

from portal.core.errors import RefusedError
from portal.seats.selectors import Standing, standing


def standing_text(seats: Standing) -> str:
    """Return who has the seats, in few words; nothing where nobody has signed up."""
    counts = (
        (seats.over, ngettext("%(count)s over", "%(count)s over", seats.over)),
        (seats.taken, ngettext("%(count)s has a seat", "%(count)s have a seat", seats.taken)),
        (seats.offered, ngettext("%(count)s has an offer", "%(count)s have an offer", seats.offered)),
        (seats.waiting, ngettext("%(count)s waits", "%(count)s wait", seats.waiting)),
        (seats.pending, ngettext("%(count)s awaits approval", "%(count)s await approval", seats.pending)),
    )
    return ", ".join(text % {"count": count} for count, text in counts if count)


def sign_up_panels() -> list[Panel]:
    """Return the panels of the fields of `SignUpForm`."""
    return [
        FieldPanel("capacity"),
        FieldRowPanel([FieldPanel("opens_at"), FieldPanel("deadline")]),
        FieldPanel("policy"),
        FieldRowPanel([FieldPanel("seats_until"), FieldPanel("offer_hours")]),
        FieldPanel("smaller_may_pass"),
        FieldPanel("names_by"),
    ]


class CopiedRowMixin:
    """A copy view whose form holds a new row from the start: Wagtail's holds the original until it is sent elsewhere."""

    def get_initial_form_instance(self) -> Any:
        """Return the values of the original under a new identity; the seats' values are read from it, not shared."""
        row: Any = super().get_initial_form_instance()  # type: ignore[misc]
        row.pk, row.uuid = None, uuid.uuid4()
        row._state.adding = True
        return row


class OverCapacityMixin:
    """An edit view that tells when there are fewer seats than people who have one: that is allowed, and must be seen."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Save, and say how many are over."""
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        over = standing(form.instance.offering).over
        if over:
            text = ngettext(
                "%(count)s over: one more person has a seat than there are seats. She keeps it, and nobody new gets one.",
                "%(count)s over: more people have a seat than there are seats. They keep them, and nobody new gets one.",
                over,
            )
            messages.warning(self.request, text % {"count": over})  # type: ignore[attr-defined]
        return response


class RefusingDeleteMixin:
    """A delete view whose service may refuse in words, which are shown where the row is edited."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Delete, or go back to the row with the reason."""
        try:
            return super().form_valid(form)  # type: ignore[misc]
        except RefusedError as error:
            messages.error(self.request, str(error))  # type: ignore[attr-defined]
            return redirect(reverse(self.edit_url_name, args=[self.object.pk]))  # type: ignore[attr-defined]
