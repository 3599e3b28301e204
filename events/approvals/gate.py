"""Whose answer a sign-up awaits. Foreign and missing look the same."""

from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import Http404

from events.permissions import RUNNERS, runnable_by
from portal.core.principal import Principal
from portal.core.roles import Role
from portal.seats.api import MUNICIPALITY_APPROVAL, ORGANISER_APPROVAL, SignUp
from portal.workflows.api import Case

ANSWERERS = frozenset({*RUNNERS, Role.COORDINATOR})


def answerable_by(principal: Principal) -> Any:
    """Return the cases, ended ones too, that are the asker's to answer.

    The organiser's are those of the meetings that she runs; the municipality's those of its own people, at every meeting.
    Which buttons there are is said by the case's definition.
    """
    ours = SignUp.objects.filter(offering__occurrence__isnull=False)
    run = ours.filter(offering__occurrence__in=runnable_by(principal).order_by().values("pk"))
    at_home = ours if principal.is_administrator else _at_home(ours, principal)
    of_sign_ups = Case.objects.filter(content_type=ContentType.objects.get_for_model(SignUp))
    return of_sign_ups.filter(
        Q(kind=ORGANISER_APPROVAL, object_id__in=run.values("pk"))
        | Q(kind=MUNICIPALITY_APPROVAL, object_id__in=at_home.values("pk"))
    )


def _at_home(sign_ups: Any, principal: Principal) -> Any:
    return sign_ups.filter(municipality__code__in=principal.municipalities(Role.COORDINATOR))


def case_to_answer(principal: Principal, uuid: UUID) -> Case:
    """Return a case that is the asker's to answer.

    Raises:
        Http404: there is none, or it is not hers.
    """
    found: Case | None = answerable_by(principal).filter(uuid=uuid).select_related("definition").first()
    if found is None:
        raise Http404
    return found


def may_answer(principal: Principal) -> bool:
    """Tell whether the asker has a role for which sign-ups may wait."""
    return not principal.roles.isdisjoint(ANSWERERS)


def waits_for_a_second_factor(principal: Principal) -> bool:
    """Tell whether the asker would have one, had her session shown a second factor."""
    return not principal.withheld.isdisjoint(ANSWERERS)
