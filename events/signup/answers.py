"""What a participant has answered, and who may see her on the list. Neither is left when the place is another person's."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from events.enums import ListShown, QuestionKind
from events.models import Answer, ListConsent, Question
from portal.core import audit
from portal.seats.api import ACTIVE, NoPlaceError, Participant

YES, NO = "yes", "no"
LARGEST_NUMBER = 9999


def asked(event_id: int) -> Sequence[Question]:
    """Return the questions of a meeting's form, in order."""
    return list(Question.objects.filter(event=event_id, retired=False).order_by("position", "id"))


def answer_text(question: Question, value: str) -> str:
    """Return an answer as people read it."""
    if question.kind == QuestionKind.YES_NO:
        return {YES: _("Yes"), NO: _("No")}.get(value, value)
    return value


@transaction.atomic
def answers_save(*, participant: Participant, values: Mapping[str, str], actor: Any = None) -> None:
    """Write what was answered, by the question's uuid; an empty answer takes the former one away.

    What is not asked any more, or not by this meeting, is passed over: the form may be older than the question. The same
    answers once more write nothing.

    Raises:
        NoPlaceError: the place has been given up, or has become another person's.
    """
    place = _locked(participant)
    given = {answer.question_id: answer.value for answer in place.answers.all()}
    changed = 0
    for question in asked(place.offering.occurrence.event_id):
        value = values.get(str(question.uuid))
        if value is not None and (fits := _fitting(question, value)) != given.get(question.pk, ""):
            _write(place, question, fits)
            changed += 1
    if changed:
        audit.record(actor=actor, action="signup.answered", obj=place.sign_up, after={"questions": changed})


def _fitting(question: Question, value: str) -> str:
    """Return the answer if the question takes it; the form has said so before, this is for what no form has sent."""
    value = value.strip()[:300]
    fits = {
        QuestionKind.YES_NO: value in (YES, NO),
        QuestionKind.CHOICE: value in question.options,
        QuestionKind.NUMBER: value.isdecimal() and int(value) <= LARGEST_NUMBER,
        QuestionKind.TEXT: True,
    }
    return value if fits[QuestionKind(question.kind)] else ""


def _write(place: Participant, question: Question, value: str) -> None:
    if value:
        Answer.objects.update_or_create(question=question, participant=place, defaults={"value": value})
    else:
        Answer.objects.filter(question=question, participant=place).delete()


@transaction.atomic
def consent_save(*, participant: Participant, shown: str, actor: Any = None) -> None:
    """Write who may see her on the list; nobody is the same as no row.

    Raises:
        NoPlaceError: the place has been given up, or has become another person's.
    """
    place = _locked(participant)
    before = consent_of(place)
    after = ListShown(shown)
    if before == after:
        return
    if after is ListShown.NOBODY:
        ListConsent.objects.filter(participant=place).delete()
    else:
        ListConsent.objects.update_or_create(participant=place, defaults={"shown": after})
    audit.record(
        actor=actor,
        action="signup.list_consent",
        obj=place.sign_up,
        before={"shown": before.value},
        after={"shown": after.value},
    )


def consent_of(participant: Participant) -> ListShown:
    """Return who may see her on the list."""
    found = ListConsent.objects.filter(participant=participant).values_list("shown", flat=True).first()
    return ListShown(found) if found else ListShown.NOBODY


def _locked(participant: Participant) -> Participant:
    """Return the place as it stands now. A substitute may have come while the form was read: it is not hers to fill."""
    rows = Participant.objects.select_for_update(of=("self",)).select_related("sign_up", "offering__occurrence")
    found = rows.filter(pk=participant.pk, state__in=ACTIVE).first()
    if found is None or (found.email, found.user_id) != (participant.email, participant.user_id):
        raise NoPlaceError(_("This place is not there, or has been given up."))
    return found


def carry_over(*, source: Participant, target: Participant) -> None:
    """Take answers and consent along to another date of the same meeting: she is not asked twice."""
    for answer in Answer.objects.filter(participant=source).order_by("pk"):
        Answer.objects.update_or_create(
            question_id=answer.question_id, participant=target, defaults={"value": answer.value}
        )
    if (shown := consent_of(source)) is not ListShown.NOBODY:
        ListConsent.objects.update_or_create(participant=target, defaults={"shown": shown})


def forget(places: Sequence[Participant]) -> None:
    """Delete what the former person of these places has said."""
    Answer.objects.filter(participant__in=places).delete()
    ListConsent.objects.filter(participant__in=places).delete()
