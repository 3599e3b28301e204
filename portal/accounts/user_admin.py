"""An administrator takes away a person's second factors when she has lost them."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.widgets import Button
from wagtail.users.views.bulk_actions import AssignRoleBulkAction

from portal.accounts.factors import has_factors
from portal.accounts.models import User
from portal.accounts.services import letters
from portal.accounts.services.accounts import factors_reset


@permission_required("accounts.change_user", raise_exception=True)
def reset_factors(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, and do it; the person is told by mail."""
    user = get_object_or_404(User, pk=pk)
    if request.method != "POST":
        return render(request, "accounts/admin/reset_factors.html", {"person": user})
    with transaction.atomic():
        if factors_reset(actor=request.user, user=user):
            letters.tell_change(user=user, change="factors_reset")
    messages.success(
        request, _("%(person)s logs in with the password alone until she sets it up again.") % {"person": user}
    )
    return redirect("wagtailusers_users:index")


def listing_buttons(user: Any, request_user: Any) -> Iterator[Button]:
    """Offer it in the list of users, where there is something to take away."""
    if request_user.has_perm("accounts.change_user") and has_factors(user):
        yield Button(
            _("Remove two-step login"),
            reverse("account_factors_reset", args=[user.pk]),
            icon_name="lock-open",
            priority=40,
        )


class RolesByHand(AssignRoleBulkAction):
    """Wagtail's way to put many users into a group, for nobody: groups follow from memberships."""

    def check_perm(self, obj: Any) -> bool:
        """Refuse everybody's."""
        return False
