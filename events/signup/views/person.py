"""Signing up by account, and the list of those who want to be seen."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from events.models import Occurrence
from events.permissions import occurrence_to_join
from events.signup.forms import PersonForm
from events.signup.limits import count_refusal, too_many_text
from events.signup.selectors import active_place_of, head_of, participants_shown
from events.signup.services import person_sign_up, used_text
from events.signup.views.base import Screen, received_text
from portal.accounts.api import Membership
from portal.core.unlisted import unlisted
from portal.core.visibility import asker
from portal.seats.api import AlreadySignedUpError, KeyReusedError, SeatsError, normal_email


class PersonView(Screen):
    """The form of somebody with an account. It is read whether the sign-up is open or not, and says which."""

    template = "events/signup/person.html"
    occurrence: Occurrence

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask who she is; a guest has a form of her own."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        self.occurrence = occurrence_to_join(asker(request), kwargs.pop("uuid"))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form, or the place that she has."""
        return self._page(self._form())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Sign up. Sent once more it leads to the same place."""
        form = self._form(request.POST)
        if not form.is_valid():
            if "key" in form.errors:
                form.renew_key()
            return self._page(form, status=400)
        wish = form.wish()
        if problem := too_many_text(request, [wish.manager_email]):
            form.add_error("manager_email" if wish.manager_email else None, problem)
            return self._page(form, status=429)
        try:
            place = person_sign_up(actor=request.user, occurrence=self.occurrence, wish=wish)
        except SeatsError as error:
            self._say(form, error)
            return self._page(form, status=409)
        messages.success(request, received_text())
        return redirect("signup:place", place.uuid)

    def _form(self, data: Any = None) -> PersonForm:
        rows = Membership.objects.in_force().filter(user=self.request.user.pk)
        memberships = list(rows.select_related("municipality", "unit__municipality").order_by("pk"))
        return PersonForm(data, occurrence=self.occurrence, user=self.request.user, memberships=memberships)

    def _say(self, form: PersonForm, error: SeatsError) -> None:
        """Say what was refused. Whether somebody else has a place is hers to tell, not ours."""
        own = normal_email(self.request.user.email or form.cleaned_data.get("email", ""))  # type: ignore[union-attr]
        if isinstance(error, AlreadySignedUpError) and own in error.addresses:
            # The seats name everybody who has a place: that would tell of the manager too.
            form.add_error(None, _("You have a place at this meeting already, so nobody has been signed up."))
        elif isinstance(error, AlreadySignedUpError) and form.wish().manager_email:
            text = _("Your manager cannot be signed up from here, perhaps because she has been already. Sign up alone.")
            form.add_error("manager_email", text)
            count_refusal(self.request)
        elif isinstance(error, KeyReusedError):
            form.add_error(None, used_text())
            form.renew_key()
        else:
            form.refuse(error)

    def _page(self, form: PersonForm, status: int = 200) -> HttpResponse:
        place = active_place_of(self.request.user, self.occurrence)
        head = head_of(self.occurrence, self.request, timezone.now())
        return self.page(status, form=form, head=head, place=place)


@never_cache
@require_safe
def participants(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show those who have said that every reader may see them. A page of its own: no stored page holds a name."""
    occurrence = occurrence_to_join(asker(request), uuid)
    context = {
        "head": head_of(occurrence, request, timezone.now()),
        "listed": participants_shown(occurrence, among=False),
    }
    return unlisted(render(request, "events/signup/participants.html", context))
