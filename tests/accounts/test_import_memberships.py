"""A list of memberships comes in: what it may do, what it may not, and that it does all of it or nothing."""

import datetime as dt

import pytest
from django.utils import timezone

from portal.accounts.api import COORDINATOR_GIVES, Membership, User, membership_end, membership_grant, principal_of
from portal.accounts.groups import group_of
from portal.accounts.models import ImportChunk, ImportRow, ImportState, Source
from portal.core.errors import RefusedError
from portal.core.models import AuditEntry, OutboxMessage
from portal.core.roles import Role
from portal.organisations.api import Unit, unit_close
from tests.accounts.imports import applied, held, people, problems, upload, worked
from tests.factories.accounts import coordinator, employee, user
from tests.factories.organisations import COPENHAGEN, municipality, unit

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TODAY = timezone.localdate


@pytest.fixture
def team() -> Unit:
    return unit("Borgerservice", code="0110")


ANNE = "0041;Anne Eksempel;anne@odense.example;0110;leder;;"
BO = "0056;Bo Eksempel;bo@odense.example;0110;medarbejder;01-02-2020;"


def test_unknown_people_wait_for_their_login_and_nobody_is_written_to(team: Unit) -> None:
    run = applied(people(ANNE, BO))
    assert run.state == ImportState.APPLIED, run.problem
    assert held() == [
        ("anne@odense.example", "manager", "0110", "0041", "import"),
        ("bo@odense.example", "employee", "0110", "0056", "import"),
    ]
    assert Membership.objects.get(email="bo@odense.example").valid_from == dt.date(2020, 2, 1)
    assert Membership.objects.get(email="anne@odense.example").valid_from == TODAY()
    assert not User.objects.exists()
    assert not OutboxMessage.objects.exclude(topic="accounts.import").exists()


def test_nothing_happens_before_somebody_has_said_so(team: Unit) -> None:
    run = people(ANNE, BO)
    assert run.state == ImportState.PLANNED
    assert run.counts == {"new": 2}
    assert not Membership.objects.exists()


def test_the_same_file_again_changes_nothing(team: Unit) -> None:
    applied(people(ANNE, BO))
    before = list(Membership.objects.order_by("pk").values())
    again = people(ANNE, BO)
    assert again.counts == {"unchanged": 2}
    entries = AuditEntry.objects.filter(object_type="accounts.membership").count()
    assert applied(again).state == ImportState.APPLIED
    assert list(Membership.objects.order_by("pk").values()) == before
    assert AuditEntry.objects.filter(object_type="accounts.membership").count() == entries


def test_the_file_and_its_lines_are_deleted_once_it_is_carried_out(team: Unit) -> None:
    run = people(ANNE)
    assert ImportChunk.objects.filter(run=run).exists()
    applied(run)
    assert not ImportChunk.objects.exists()
    assert not ImportRow.objects.exists()


def test_a_person_is_known_by_number_then_by_address_within_the_municipality(team: Unit) -> None:
    kim, bo = employee(team, "kim@odense.example"), employee(team, "bo@odense.example")
    Membership.objects.filter(user=kim).update(person_code="77")
    applied(people("77;Kim;nyt.navn@odense.example;0110;leder;;", "78;Bo;bo@odense.example;0110;leder;;"))
    assert set(Membership.objects.filter(role=Role.MANAGER).values_list("user", flat=True)) == {kim.pk, bo.pk}
    kim.refresh_from_db()
    assert kim.email == "kim@odense.example", "an import changes no account"
    assert principal_of(kim).units(Role.MANAGER) == {team.pk}


def test_an_account_that_the_municipality_does_not_know_stays_untouched(team: Unit) -> None:
    foreign = unit("Der", code="9", municipality=municipality(COPENHAGEN))
    kim = employee(foreign, "kim@kk.example")
    Membership.objects.filter(user=kim).update(person_code="77")
    applied(people("77;Kim;kim@kk.example;0110;medarbejder;;"))
    row = Membership.objects.get(municipality=municipality())
    assert (row.user, row.email) == (None, "kim@kk.example")
    assert not principal_of(kim).units() & {team.pk}
    assert Membership.objects.get(user=kim).unit == foreign


def test_a_unit_of_another_municipality_does_not_exist(team: Unit) -> None:
    unit("Der", code="9", municipality=municipality(COPENHAGEN))
    assert "9" in problems(people("1;A;a@odense.example;9;medarbejder;;"))[2]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("1;A;a@odense.example;0999;medarbejder;;", "0999"),
        ("1;A;a@odense.example;0110;vicevært;;", "vicevært"),
        ("1;A;a@odense.example;0110;redaktør;;", "redaktør"),
        ("1;A;a@odense.example;0110;administrator;;", "administrator"),
        ("1;A;a@odense.example;0110;facilitator;;", "facilitator"),
        ("1;A;a@odense.example;;leder;;", "enhedskode"),
        ("1;A;a@odense.example;0110;koordinator;;", "kommune"),
        ("1;A;a@odense.example;0110;;;", "rolle"),
        ("1;A;a@odense.example;0110;medarbejder;31.02.2026;", "31.02.2026"),
        ("1;A;a@odense.example;0110;medarbejder;i går;", "i går"),
        ("1;A;a@odense.example;0110;medarbejder;01.01.1026;", "01.01.1026"),
        ("1;A;a@odense.example;0110;medarbejder;2026-02-01;2026-01-01", "første"),
        ("1;A;a.odense.example;0110;medarbejder;;", "a.odense.example"),
        ("1;A;;0110;medarbejder;;", "e-mail"),
        (";A;;0110;medarbejder;;", "e-mail"),
        ("1;=HYPERLINK(1);a@odense.example;0110;medarbejder;;", "navn"),
        ("1;@SUM(A1);a@odense.example;0110;medarbejder;;", "navn"),
        ("1;+45 12;a@odense.example;0110;medarbejder;;", "navn"),
        ("-1;A;a@odense.example;0110;medarbejder;;", "medarbejdernummer"),
        ("1;\tA;a@odense.example;0110;medarbejder;;", "navn"),
        (f"1;{'x' * 121};a@odense.example;0110;medarbejder;;", "120"),
        ("1;A;a@odense.example;0110;medarbejder;;;;mere", "flere"),
        ("1;A;a@odense.example;0110;medarbejder;01.01.2019;", "0110"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_carried_out(team: Unit, line: str, words: str) -> None:
    run = people(ANNE, line)
    assert set(problems(run)) == {3}
    assert words in problems(run)[3]
    with pytest.raises(RefusedError):
        applied(run)
    assert not Membership.objects.exists()


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        ((ANNE, BO, ANNE), {4}),
        ((BO, "0056;Bo;bo@odense.example;0110;medarbejder;2025-01-01;2026-01-01"), {3}),
        ((ANNE, "0041;Anne;anden@odense.example;0110;medarbejder;;"), {2, 3}),
        ((ANNE, "0042;Anne;anne@odense.example;0110;medarbejder;;"), {2, 3}),
        ((ANNE, ";Anne;anne@odense.example;0110;medarbejder;;"), {2, 3}),
    ],
)
def test_lines_that_contradict_each_other(team: Unit, lines: tuple[str, ...], wrong: set[int]) -> None:
    assert set(problems(people(*lines))) == wrong


def test_one_person_may_hold_several_roles_and_periods(team: Unit) -> None:
    run = people(
        ANNE,
        "0041;Anne Eksempel;anne@odense.example;0110;medarbejder;2020-01-01;2021-12-31",
        "0041;Anne Eksempel;anne@odense.example;0110;medarbejder;2022-01-01;",
        "0041;Anne Eksempel;anne@odense.example;;koordinator;;",
    )
    assert applied(run).state == ImportState.APPLIED
    assert Membership.objects.count() == 4


def test_dates_names_and_addresses_that_changed(team: Unit) -> None:
    applied(people(ANNE, BO))
    run = people(ANNE, "0056;Bo Nielsen;bo.nielsen@odense.example;0110;medarbejder;01-02-2020;31.12.2027")
    assert run.counts == {"changed": 1, "unchanged": 1}
    applied(run)
    row = Membership.objects.get(person_code="0056")
    assert (row.name, row.email, row.valid_to) == ("Bo Nielsen", "bo.nielsen@odense.example", dt.date(2027, 12, 31))


def test_what_is_missing_ends_only_with_the_tick(team: Unit) -> None:
    applied(people(ANNE, BO))
    Membership.objects.update(valid_from=TODAY() - 10 * DAY)
    employee(team, "manuel@odense.example")
    membership_grant(
        actor=None,
        role=Role.EMPLOYEE,
        email="login@odense.example",
        municipality=team.municipality,
        source=Source.LOGIN,
    )
    run = people("0041;Anne Eksempel;anne@odense.example;0110;leder;;")
    assert run.counts == {"unchanged": 1, "ends": 1}
    applied(run)
    assert len(held()) == 4, "without the tick nothing ends"
    applied(people("0041;Anne Eksempel;anne@odense.example;0110;leder;;"), end_missing=True)
    assert [row[0] for row in held()] == ["anne@odense.example", "login@odense.example", "manuel@odense.example"]
    row = Membership.objects.get(email="bo@odense.example")
    assert (row.valid_to, row.revoked_at) == (TODAY() - DAY, None), "that she was there until yesterday is kept"
    assert AuditEntry.objects.filter(action="membership.end", object_key=str(row.uuid)).count() == 1
    assert people("0041;Anne Eksempel;anne@odense.example;0110;leder;;").counts == {"unchanged": 1}


def test_what_an_import_did_not_begin_is_left_as_it_is(team: Unit) -> None:
    employee(team, "bo@odense.example")
    run = people(f"1;Bo;bo@odense.example;0110;medarbejder;;{TODAY() + DAY}")
    assert run.counts == {"unchanged": 1}
    assert "import" in run.rows.get().problem
    applied(run)
    assert Membership.objects.get().valid_to is None


def test_somebody_changed_something_meanwhile(team: Unit) -> None:
    run = people(ANNE, BO)
    membership_grant(actor=None, role=Role.MANAGER, email="anne@odense.example", unit=team)
    again = applied(run)
    assert again.state == ImportState.PLANNED
    assert again.plan_version == run.plan_version + 1
    assert again.counts == {"unchanged": 1, "new": 1}
    assert "ændret" in again.problem
    assert Membership.objects.count() == 1
    assert applied(again).state == ImportState.APPLIED
    assert Membership.objects.count() == 2


def test_a_unit_that_was_closed_meanwhile_stops_the_whole_import(team: Unit) -> None:
    other = unit("Bibliotek", code="0200")
    run = people(ANNE, "9;Pia;pia@odense.example;0200;medarbejder;;")
    unit_close(actor=None, unit=other, last_day=TODAY())
    again = applied(run)
    assert set(problems(again)) == {3}
    assert not Membership.objects.exists()


def test_a_plan_that_was_not_seen_is_not_carried_out(team: Unit) -> None:
    run = people(ANNE)
    run.plan_version -= 1
    with pytest.raises(RefusedError):
        applied(run)


def test_every_change_and_the_run_are_in_the_trail(team: Unit) -> None:
    kim = coordinator(municipality())
    run = applied(people(ANNE, BO, actor=kim), actor=kim)
    entries = AuditEntry.objects.filter(actor=kim)
    assert entries.filter(action="membership.grant", municipality=run.municipality.code).count() == 2
    assert entries.get(action="import.apply").after == {"kind": "memberships", "new": 2}


def test_no_role_of_a_coordinator_has_a_group_that_an_import_would_forget() -> None:
    assert not any(group_of(role) for role in COORDINATOR_GIVES)


def test_a_person_who_left_and_comes_back_gets_a_new_membership(team: Unit) -> None:
    applied(people(ANNE))
    membership_end(actor=None, membership=Membership.objects.get())
    assert people(ANNE).counts == {"new": 1}


def test_many_lines_need_as_many_queries_as_batches(team: Unit, django_assert_max_num_queries: object) -> None:
    lines = [f"{n};Navn {n};n{n}@odense.example;0110;medarbejder;;" for n in range(300)]
    run = people(*lines)
    with django_assert_max_num_queries(60):  # type: ignore[operator]
        run = applied(run)
    assert run.state == ImportState.APPLIED
    assert Membership.objects.count() == 300


def test_headings_in_english_any_order_other_columns_and_separators(team: Unit) -> None:
    user("nobody@odense.example")
    for sign in ";,\t":
        text = ["E-Mail;Shoe size;ROLE;Unit_Code", "a@odense.example;42;employee;0110"]
        assert upload(*(line.replace(";", sign) for line in text)).counts == {"new": 1}


def test_a_second_round_of_the_worker_repeats_nothing(team: Unit) -> None:
    run = applied(people(ANNE))
    assert worked(run).state == ImportState.APPLIED
    assert Membership.objects.count() == 1
