"""What the portal knows about a person: every table is known, exported and erased, and nothing else is touched."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import connection, models
from django.test.utils import isolate_apps
from wagtail.models import Comment, CommentReply, ModelLogEntry, PageLogEntry

from portal.accounts.api import Invitation, Membership, PersonLookup, User, membership_grant, person_erase
from portal.accounts.erasure import SUCCESSOR
from portal.core import outbox, personal_data
from portal.core.errors import RefusedError
from portal.core.mail import queue_mail
from portal.core.models import AuditEntry, OutboxMessage
from portal.core.models.outbox import OutboxState
from portal.core.personal_data import Erasure, Fate, PersonalData, registry
from portal.core.roles import Role
from tests.core.known_person import ADDRESS, FIRST, LAST, known_person
from tests.factories.accounts import administrator, user
from tests.factories.organisations import municipality

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]

_FUNCTION = "the address of a function, which editors publish"
_CONTENT = "published content, which belongs to the parties"
EXEMPT = {
    "accounts.ImportRun.columns": "the headings of a file",
    "accounts.ImportRun.counts": "numbers",
    "assessment.PublishedAggregate.counts": "numbers",
    "connections.SamlArrival.statement": "lives for the minutes of a login, then it is emptied",
    "contacts.ContactCard.email": _FUNCTION,
    "desk.ExampleObject.after": "example content of the demo",
    "desk.ExampleObject.before": "example content of the demo",
    "django_tasks_database.DBTaskResult.worker_ids": "names of processes",
    "events.EventPage.signup_email": _FUNCTION,
    "events.Series.pattern": "what every time of a series has: places and numbers",
    "organisations.MunicipalitySettings.contact_email": _FUNCTION,
    "pages.SiteSettings.contact_email": _FUNCTION,
    "profiles.ProfileRelease.changes": _CONTENT,
    "search.IndexedDocument.labels": _CONTENT,
    "socialaccount.SocialApp.settings": "settings of a login, nobody's",
    "wagtailcore.Revision.content": _CONTENT,
}


def covered() -> list[str]:
    return [column for entry in personal_data.registrations() for column in entry.covers]


def uncovered() -> set[str]:
    return set(personal_data.links()) - set(covered()) - set(EXEMPT)


def test_every_column_that_can_lead_to_a_person_is_registered_or_says_why_not() -> None:
    assert uncovered() == set()


def test_nothing_is_registered_twice_or_after_it_has_gone() -> None:
    assert not [column for column, number in Counter(covered()).items() if number > 1]
    assert not set(covered()) - set(personal_data.links())
    assert not set(EXEMPT) - set(personal_data.links())
    assert not set(EXEMPT) & set(covered())


@isolate_apps("django.contrib.humanize")
def test_a_new_model_that_nobody_registered_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    class Diary(models.Model):  # noqa: DJ008
        writer = models.ForeignKey(get_user_model(), on_delete=models.CASCADE, related_name="+")
        readers = models.ManyToManyField(get_user_model(), related_name="+")
        contact_mail = models.CharField(max_length=80)
        notes = models.JSONField()
        title = models.CharField(max_length=80)

        class Meta:
            app_label = "desk"

    known = apps.get_models(include_auto_created=True)
    new: list[Any] = [*known, Diary, Diary.readers.through]
    with monkeypatch.context() as patch:
        patch.setattr(apps, "get_models", lambda **kwargs: new)
        missed = {column.removeprefix("desk.") for column in uncovered()}
    assert missed == {
        "Diary.writer",
        "Diary.readers",
        "Diary.contact_mail",
        "Diary.notes",
        "Diary_readers.user",
    }


def rows_of(person_pk: int) -> dict[str, int]:
    """Return how many rows of each table point to a person."""
    found = {}
    for column, kind in personal_data.links().items():
        if kind == "person":
            label, _dot, name = column.rpartition(".")
            found[column] = apps.get_model(label)._base_manager.filter(**{name: person_pk}).count()
    return found


def every_value() -> Iterator[tuple[str, str]]:
    """Yield every value of every table as a text, with the name of its table."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            for row in cursor.fetchall():
                for value in row:
                    text = value.decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value)
                    yield table, text
    for session in Session.objects.all():
        yield "sessions", json.dumps(session.get_decoded())


def found(canaries: tuple[str, ...]) -> list[str]:
    words = [form.lower() for word in canaries for form in {word, json.dumps(word)[1:-1]}]
    return [f"{table}: {text[:120]}" for table, text in every_value() if any(word in text.lower() for word in words)]


def test_erasing_reaches_every_table() -> None:
    known = known_person()
    pk, canaries = known.person.pk, known.canaries
    without = [column for column, number in rows_of(pk).items() if not number]
    assert not without, "the test must have a row of hers in every table"
    assert len({line.split(":")[0] for line in found(canaries)}) >= 12

    person_erase(person=known.person)
    assert [line for line in found(canaries) if not line.startswith("core_outboxmessage")] == []
    outbox.drain()
    assert found(canaries) == []
    assert sum(rows_of(pk).values()) == 0


def test_the_receipt_is_the_only_mail_that_still_goes_to_her(mailoutbox: list[Any]) -> None:
    known = known_person()
    person_erase(person=known.person)
    outbox.drain()
    assert [mail.subject for mail in mailoutbox if ADDRESS in mail.to] == ["Dine data i Kompetenceportalen er slettet"]
    [other] = [mail for mail in mailoutbox if mail.to == ["nabo@xyzzy.example"]]
    assert other.body == "slettet bruger har sagt ja."
    assert OutboxMessage.objects.filter(topic="mail", state=OutboxState.DONE).count() == 3, "that it left stays known"


def test_what_others_have_done_and_published_stays(django_capture_on_commit_callbacks: Any) -> None:
    known = known_person()
    body = str(known.page.body)
    assert default_storage.exists(known.avatar) and default_storage.exists(known.upload)
    with django_capture_on_commit_callbacks(execute=True):
        person_erase(person=known.person)
    page = type(known.page).objects.get(pk=known.page.pk)
    assert (page.title, str(page.body), page.live, page.locked) == ("Fælles side", body, True, False)
    assert set(CommentReply.objects.values_list("text", flat=True)) == {"Det gør jeg", "Ja"}
    assert {row.user.uuid for row in Comment.objects.exclude(user=known.neighbour)} == {SUCCESSOR}
    assert Membership.objects.filter(user=known.neighbour).exists()
    assert Invitation.objects.get().membership.email == "en.anden@xyzzy.example"
    look = PersonLookup.objects.get()
    assert (look.person, look.viewer, look.viewer_label, look.role) == (
        known.neighbour,
        None,
        "slettet bruger",
        "coordinator",
    )
    assert not default_storage.exists(known.avatar) and not default_storage.exists(known.upload)


def test_acts_stay_without_the_one_who_did_them() -> None:
    known = known_person()
    acts = AuditEntry.objects.count()
    hers = list(AuditEntry.objects.filter(actor=known.person).values_list("pk", flat=True))
    person_erase(person=known.person)
    # Seats that somebody else can have are given on, and that is an act of its own.
    assert AuditEntry.objects.exclude(action="seats.erased").count() == acts + 1
    assert {entry.actor_label for entry in AuditEntry.objects.filter(pk__in=hers)} == {"slettet bruger"}
    changed = AuditEntry.objects.get(action="person.change")
    assert changed.after == {"email": "slettet bruger", "names": ["slettet bruger"]}
    assert (changed.actor, changed.actor_label) == (known.neighbour, "Bo Nabo")
    for entries in (PageLogEntry.objects, ModelLogEntry.objects):
        assert entries.filter(user__uuid=SUCCESSOR).exists()
    erased = AuditEntry.objects.get(action="person.erase")
    assert (erased.actor, erased.object_label) == (None, "Slettet bruger")


def test_a_namesake_loses_nothing() -> None:
    namesake = user("navnesoester@xyzzy.example", first_name=FIRST, last_name=LAST)
    membership_grant(actor=namesake, role=Role.EMPLOYEE, user=namesake, municipality=municipality())
    known = known_person()
    person_erase(person=known.person)
    namesake.refresh_from_db()
    assert namesake.get_full_name() == f"{FIRST} {LAST}"
    entry = AuditEntry.objects.get(actor=namesake)
    assert (entry.actor_label, f"{FIRST} {LAST}" in entry.object_label) == (f"{FIRST} {LAST}", True)
    assert ADDRESS not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("kanarie.fugl@xyzzy.example", "slettet bruger"),
        ("<KANARIE.FUGL@xyzzy.example>", "<slettet bruger>"),
        ("ukanarie.fugl@xyzzy.example", "ukanarie.fugl@xyzzy.example"),
        ("kanarie.fugl@xyzzy.example-vej", "kanarie.fugl@xyzzy.example-vej"),
        ("Skrev kanarie.fugl@xyzzy.example.", "Skrev slettet bruger."),
    ],
)
def test_only_whole_words_are_taken_out(text: str, left: str) -> None:
    assert personal_data.Traces.of(identifiers=[ADDRESS], names=[]).scrub(text) == left


def test_a_failing_app_undoes_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    known = known_person()

    def fail(erasure: Erasure) -> None:
        raise RuntimeError("no")

    broken = PersonalData("x", "x", "x", "x", "x", Fate.DELETED, order=99, erase=fail)
    monkeypatch.setitem(registry._registry, "x", broken)
    before = sorted(every_value())
    with pytest.raises(RuntimeError):
        person_erase(person=known.person)
    assert sorted(every_value()) == before


def test_the_last_administrator_must_name_another_first() -> None:
    kim = administrator()
    with pytest.raises(RefusedError, match="Udpeg en anden administrator først"):
        person_erase(person=kim)
    assert User.objects.filter(pk=kim.pk).exists()
    other = user("en.til@portal.example", is_superuser=True)
    person_erase(person=kim)
    assert not User.objects.filter(pk=kim.pk).exists()
    with pytest.raises(RefusedError):
        person_erase(person=other)


def test_two_erased_persons_are_one_nobody() -> None:
    administrator()
    for number in range(2):
        queue_mail(to="nabo@xyzzy.example", subject="x", text="x", key=f"kim{number}@hk.example")
        person_erase(person=user(f"kim{number}@hk.example"))
    assert User.objects.filter(uuid=SUCCESSOR).count() == 1
    nameless = User.objects.get(uuid=SUCCESSOR)
    assert not nameless.is_active and not nameless.has_usable_password() and nameless.email is None


def test_the_export_knows_every_table() -> None:
    known = known_person()
    sheets = {sheet.key: sheet for _entry, some in personal_data.export(known.person) for sheet in some}
    assert not [key for key, sheet in sheets.items() if not sheet.rows], "the test has a row of hers in every table"
    told = json.dumps([[str(value) for value in row] for sheet in sheets.values() for row in sheet.rows])
    for secret in ("secret", "h" * 64, known.person.password):
        assert secret not in told
    assert "Bo Nabo" in str(sheets["lookups"].rows), "who looked at her is hers to know"
    for key in ("acts", "acts_about_you", "log", "lookups_by_you"):
        assert "Bo Nabo" not in str(sheets[key].rows), "others' names are theirs"


def test_the_table_in_the_docs_names_every_kind() -> None:
    table = (settings.BASE_DIR / "docs" / "personal-data.md").read_text(encoding="utf-8")
    named = [line.split("`")[1] for line in table.splitlines() if line.startswith("| `")]
    assert sorted(named) == sorted(entry.key for entry in personal_data.registrations())
