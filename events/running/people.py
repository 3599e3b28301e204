"""Who comes to a meeting, for the organiser: one line for each place, in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.approvals.gate import answerable_by
from events.enums import AttendanceState
from events.models import Answer, Attendance, Occurrence, Question
from events.signup.answers import answer_text
from portal.core.principal import ANONYMOUS, Principal
from portal.seats.api import ACTIVE, Participant, PlaceState

# In the order in which the list shows them, with how they look.
STATES: tuple[tuple[PlaceState, str], ...] = (
    (PlaceState.BOOKED, "strong"),
    (PlaceState.OFFERED, "warn"),
    (PlaceState.PENDING, "warn"),
    (PlaceState.WAITING, ""),
    (PlaceState.CANCELLED, "off"),
    (PlaceState.LAPSED, "off"),
    (PlaceState.REFUSED, "off"),
)
_BADGE = dict(STATES)


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One place: who, from where, where she stands, and who signed her up."""

    place: UUID
    name: str
    email: str
    municipality: str
    unit: str
    state: PlaceState
    badge: str
    signed_up_by: str
    is_group: bool
    # Her turn on the waiting list, counted in sign-ups; None for who does not wait.
    turn: int | None
    team: str
    answers: tuple[str, ...]
    attended: bool
    # The case that awaits an answer.
    case: UUID | None = None

    @property
    def is_active(self) -> bool:
        """Tell whether she still wants to come."""
        return self.state in ACTIVE

    @property
    def behalf(self) -> str:
        """Return where she comes from, in a few words."""
        return ", ".join(part for part in (self.municipality, self.unit) if part)


@dataclass(frozen=True, slots=True)
class Group:
    """The people of one state."""

    state: PlaceState
    title: str
    people: tuple[PersonLine, ...]


TITLES = {
    PlaceState.BOOKED: gettext_lazy("Have a seat"),
    PlaceState.OFFERED: gettext_lazy("Have an offer and have not answered"),
    PlaceState.PENDING: gettext_lazy("Await approval"),
    PlaceState.WAITING: gettext_lazy("On the waiting list"),
    PlaceState.CANCELLED: gettext_lazy("Cancelled"),
    PlaceState.LAPSED: gettext_lazy("Did not take the offer"),
    PlaceState.REFUSED: gettext_lazy("Not approved"),
}


def asked(occurrence: Occurrence) -> list[Question]:
    """Return the questions of the meeting, those no longer asked as well if somebody has answered them."""
    answered = Answer.objects.filter(participant__offering=occurrence.offering_id).values("question")
    mine = Question.objects.filter(event=occurrence.event_id)
    return list((mine.filter(retired=False) | mine.filter(pk__in=answered)).order_by("position", "id").distinct())


def people(
    occurrence: Occurrence, questions: Iterable[Question], *, principal: Principal = ANONYMOUS
) -> list[PersonLine]:
    """Return everybody who has or had a place, by state and then in the order of sign-up.

    Cases that await an answer are named where it is the asker's to give.
    """
    rows = list(
        Participant.objects.filter(offering=occurrence.offering_id)
        .select_related("sign_up__municipality", "sign_up__unit", "sign_up__actor", "team_seat__team", "attendance")
        .prefetch_related("answers")
        .order_by("sign_up__placed_at", "sign_up_id", "pk")
    )
    turns = _turns(rows)
    cases = _cases(rows, principal)
    questions = list(questions)
    found = [_line(row, questions, turns, cases) for row in rows]
    order = [state for state, _badge in STATES]
    return sorted(found, key=lambda line: order.index(line.state))


def _turns(rows: Iterable[Participant]) -> dict[int, int]:
    found: dict[int, int] = {}
    for row in rows:
        if row.state == PlaceState.WAITING:
            found.setdefault(row.sign_up_id, len(found) + 1)
    return found


def _cases(rows: Iterable[Participant], principal: Principal) -> dict[int, UUID]:
    """Return the open case of each sign-up that awaits her answer."""
    waiting = {row.sign_up_id for row in rows if row.state == PlaceState.PENDING}
    if not waiting or principal.is_anonymous:
        return {}
    cases = answerable_by(principal).open().filter(object_id__in=waiting).order_by("pk")
    return dict(cases.values_list("object_id", "uuid"))


def _line(row: Participant, questions: list[Question], turns: dict[int, int], cases: dict[int, UUID]) -> PersonLine:
    sign_up, state = row.sign_up, PlaceState(row.state)
    given = {answer.question_id: answer.value for answer in row.answers.all()}
    seat, attendance = getattr(row, "team_seat", None), getattr(row, "attendance", None)
    return PersonLine(
        place=row.uuid,
        name=row.name or (row.email or "") or _("name follows"),
        email=row.email or "",
        municipality=sign_up.municipality.name if sign_up.municipality else "",
        unit=sign_up.unit.name if sign_up.unit else "",
        state=state,
        badge=_BADGE[state],
        signed_up_by=signed_up_by(row),
        is_group=sign_up.is_group,
        turn=turns.get(sign_up.pk) if state is PlaceState.WAITING else None,
        team=seat.team.name if seat else "",
        answers=tuple(answer_text(question, given.get(question.pk, "")) for question in questions),
        attended=attendance is not None and attendance.state == AttendanceState.ATTENDED,
        case=cases.get(sign_up.pk) if state is PlaceState.PENDING else None,
    )


def signed_up_by(row: Participant) -> str:
    """Return who signed her up, and nothing if she did it herself."""
    sign_up = row.sign_up
    if sign_up.actor is not None and sign_up.actor == row.user:
        return ""
    if sign_up.actor is not None:
        return str(sign_up.actor)
    contact = (sign_up.contact_email, sign_up.contact_name)
    return "" if contact[0] == (row.email or "") else contact[1] or contact[0]


def by_state(lines: Iterable[PersonLine]) -> list[Group]:
    """Return the states that somebody is in."""
    lines = list(lines)
    groups = [
        Group(state, str(TITLES[state]), tuple(line for line in lines if line.state is state))
        for state, _kind in STATES
    ]
    return [group for group in groups if group.people]


def walk_ins(occurrence: Occurrence) -> list[Attendance]:
    """Return those who came without a place."""
    return list(
        Attendance.objects.filter(occurrence=occurrence, participant__isnull=True, state=AttendanceState.ATTENDED)
        .select_related("municipality")
        .order_by("at", "id")
    )


def place_of(occurrence: Occurrence, uuid: UUID) -> Any:
    """Return a place of this very meeting, or None."""
    rows = Participant.objects.filter(offering=occurrence.offering_id, uuid=uuid)
    return rows.select_related("sign_up__offering", "sign_up__municipality", "sign_up__unit").first()
