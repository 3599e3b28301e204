"""What the ground itself knows about persons: who did what, mails, sessions, the results of background tasks."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from portal.core.mail import TOPIC, emptied
from portal.core.models import AuditEntry, OutboxMessage
from portal.core.models.outbox import OutboxState
from portal.core.personal_data.registry import Erasure, Fate, PersonalData, traces_of
from portal.core.personal_data.sheets import Sheet, sheet
from portal.core.personal_data.traces import Traces, nobody, scrub_rows

_MAIL = "core.OutboxMessage.payload"


def export_acts(person: Any) -> Iterable[Sheet]:
    """Return what she did and what was done about her; the names of others are theirs and stay out."""
    columns = (("at", _("Time"), "at"), ("action", _("Act"), "action"), ("object_type", _("Kind"), "object_type"))
    own = AuditEntry.objects.filter(actor=person).order_by("at", "id")
    about = AuditEntry.objects.filter(object_key__in=traces_of(person).sure).order_by("at", "id")
    yield sheet("acts", _("What you have done"), own, *columns)
    yield sheet("acts_about_you", _("What has been noted about your account and your roles"), about, *columns)


def erase_acts(erasure: Erasure) -> None:
    """Leave what happened, and take out who she was."""
    own = Q(actor=erasure.person)
    words = ("object_label", "object_key", "on_behalf_of", "before", "after")
    scrub_rows(AuditEntry.objects.all(), erasure.traces, *words, about_her=own)
    AuditEntry.objects.filter(own).update(actor=None, actor_label=nobody())
    scrub_rows(AuditEntry.objects.all(), erasure.traces, "actor_label")


def export_mails(person: Any) -> Iterable[Sheet]:
    """Return the mails that the portal has sent her and still knows of; the texts are in her mailbox."""
    traces = traces_of(person)
    mails = [mail for mail in _mentions(traces).order_by("created_at", "id") if _is_to(traces, mail)]
    yield sheet(
        "mails",
        _("Mails to you"),
        mails,
        ("created_at", _("Time"), "created_at"),
        ("to", _("To"), lambda mail: mail.payload["to"]),
        ("subject", _("Subject"), lambda mail: mail.payload["subject"]),
        ("state", _("State"), "get_state_display"),
    )


def erase_mails(erasure: Erasure) -> None:
    """Withdraw what has not left, empty what has, and take her out of the mails of others."""
    for message in _mentions(erasure.traces).select_for_update():
        to_her = _is_to(erasure.traces, message)
        if to_her and message.state != OutboxState.DONE:
            message.delete()
            continue
        message.payload = emptied(nobody()) if to_her else erasure.traces.scrub(message.payload)
        message.last_error = erasure.traces.scrub(message.last_error)
        if any(word.lower() in message.key.lower() for word in erasure.traces.sure):
            # A key that named her must stay unlike all others, or a second erased person would collide with it.
            message.key = f"erased:{message.uuid}"
        message.save(update_fields=["payload", "last_error", "key"])


def _mentions(traces: Traces) -> Any:
    return traces.rows_in(OutboxMessage.objects.all(), "payload", "key", "last_error")


def _is_to(traces: Traces, message: OutboxMessage) -> bool:
    hers = {word.lower() for word in traces.sure}
    return message.topic == TOPIC and str(message.payload.get("to", "")).lower() in hers


def sessions_of(person: Any) -> Iterator[Session]:
    """Yield the sessions in which she is signed in; whose a session is stands inside it, so all are read."""
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            yield session


def export_sessions(person: Any) -> Iterable[Sheet]:
    """Return where she is signed in: nothing but how long it lasts is known about that."""
    yield sheet("sessions", _("Sign-ins"), sessions_of(person), ("expires", _("Ends"), "expire_date"))


def erase_sessions(erasure: Erasure) -> None:
    """Sign her out everywhere."""
    Session.objects.filter(pk__in=[session.pk for session in sessions_of(erasure.person)]).delete()


def erase_tasks(erasure: Erasure) -> None:
    """Take her out of what background tasks were given and answered."""
    scrub_rows(DBTaskResult.objects.all(), erasure.traces, "args_kwargs", "return_value", "traceback")


GROUND = (
    PersonalData(
        key="core.acts",
        title=_("The log of acts"),
        why=_("It must be possible to see later what was changed in the portal, and in which role."),
        how_long=_("As long as the portal exists."),
        erasing=_("The acts stay, because others depend on them. Your name is replaced by “deleted user”."),
        fate=Fate.ANONYMISED,
        order=20,
        covers=("core.AuditEntry.actor", "core.AuditEntry.before", "core.AuditEntry.after"),
        export=export_acts,
        erase=erase_acts,
    ),
    PersonalData(
        key="core.mails",
        title=_("Mails that the portal sends you"),
        why=_("A mail must arrive once and only once."),
        how_long=_("90 days after it was sent."),
        erasing=_("Mails that have not left are withdrawn. Of those that have, only the time stays."),
        fate=Fate.ANONYMISED,
        order=20,
        covers=(_MAIL,),
        export=export_mails,
        erase=erase_mails,
    ),
    PersonalData(
        key="core.sessions",
        title=_("Your sign-ins"),
        why=_("So that you stay signed in from page to page."),
        how_long=_("Until you sign out, and two weeks at most."),
        erasing=_("You are signed out everywhere."),
        fate=Fate.DELETED,
        order=10,
        export=export_sessions,
        erase=erase_sessions,
    ),
    PersonalData(
        key="core.tasks",
        title=_("Work that the portal does in the background"),
        why=_("To index and tidy up after a change."),
        how_long=_("Until the work is done and its result is cleared away."),
        erasing=_("Should your address stand there, it is taken out."),
        fate=Fate.ANONYMISED,
        order=20,
        covers=(
            "django_tasks_database.DBTaskResult.args_kwargs",
            "django_tasks_database.DBTaskResult.return_value",
        ),
        erase=erase_tasks,
    ),
)
