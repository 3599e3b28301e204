"""The frame of the coordinators' screens: who is let in, and that a foreign municipality looks like none."""

from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.accounts.api import Membership, membership_grant
from portal.accounts.strength import METHODS_KEY
from portal.core.models import AuditEntry
from portal.core.roles import Role
from portal.desk.models import MunicipalityIndexPage
from portal.organisations.api import MunicipalitySettings, office_of, save_municipality_settings, settings_of
from profilecatalog.assessment.api import Round
from tests.factories.accounts import administrator, coordinator, manager
from tests.factories.organisations import COPENHAGEN, municipality, unit
from tests.factories.pages import home, put

pytestmark = pytest.mark.django_db
ODENSE = "/min-kommune/odense/"


def test_a_coordinator_sees_her_municipality_and_no_other(client: Client) -> None:
    client.force_login(coordinator(municipality()))
    response = client.get(ODENSE)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert client.get("/min-kommune/koebenhavn/").status_code == 404
    assert client.get("/min-kommune/findes-ikke/").status_code == 404


def test_the_front_leads_to_the_only_municipality_and_lets_choose_between_several(client: Client) -> None:
    client.force_login(coordinator(municipality()))
    assert client.get("/min-kommune/").headers["Location"] == ODENSE
    client.force_login(administrator())
    assert "København" in client.get("/min-kommune/").content.decode()


def test_others_find_nothing(client: Client) -> None:
    client.force_login(manager(unit("Der", municipality=municipality(COPENHAGEN))))
    assert client.get(ODENSE).status_code == 404
    assert client.get("/min-kommune/").status_code == 404


def test_a_visitor_signs_in_first(client: Client) -> None:
    for address in (ODENSE, "/min-kommune/findes-ikke/", "/min-kommune/"):
        response = client.get(address)
        assert response.status_code == 302
        assert "next=" in response.headers["Location"]


def test_a_coordinator_without_a_second_factor_is_sent_to_it_whatever_the_address(client: Client) -> None:
    kim = coordinator(municipality())
    client.force_login(kim)
    session = client.session
    session[METHODS_KEY] = [{"method": "password"}]
    session.save()
    answers = {client.get(address).headers.get("Location") for address in (ODENSE, "/min-kommune/koebenhavn/")}
    assert answers == {reverse("mfa_index")}
    before = Membership.objects.count()
    response = client.post(f"{ODENSE}medlemmer/ny/", {"email": "ny@kommune.example", "role": "employee", "name": "Ny"})
    assert response.status_code == 302
    assert Membership.objects.count() == before
    assert client.get(f"/enheder/{unit().uuid}/").headers["Location"] == reverse("mfa_index")


def test_the_overview_counts_and_says_what_needs_doing(client: Client) -> None:
    kim = coordinator(municipality())
    client.force_login(kim)
    unit("Lederløs")
    soon = timezone.localdate() + timedelta(days=9)
    place: dict[str, Any] = {"municipality": municipality()}
    membership_grant(actor=kim, role=Role.EMPLOYEE, email="a@b.example", name="Snart Slut", valid_to=soon, **place)
    html = client.get(ODENSE).content.decode()
    for words in (
        "1 medarbejder har ingen enhed",
        "1 enhed har ingen leder",
        "1 medlemskab slutter",
        "Snart Slut",
        "Rolle givet",
    ):
        assert words in html, words
    assert client.get(f"{ODENSE}medlemmer/?rolle=employee&enhed=ingen").content.decode().count("Snart Slut") >= 1


def test_the_latest_changes_are_the_municipalitys_own(client: Client) -> None:
    there = municipality(COPENHAGEN)
    admin = administrator()
    foreign = unit("Canary Enhed", municipality=there)
    membership_grant(actor=admin, role=Role.MANAGER, email="canary@b.example", name="Canary", unit=foreign)
    save_municipality_settings(municipality=there, actor=admin, retention_months=7)
    client.force_login(coordinator(municipality()))
    html = client.get(ODENSE).content.decode()
    assert "anary" not in html
    assert "København" not in html
    save_municipality_settings(municipality=municipality(), actor=admin, retention_months=7)
    assert "Indstillinger ændret" in client.get(ODENSE).content.decode()


def test_the_overview_asks_the_same_number_of_questions_for_many(client: Client) -> None:
    client.force_login(coordinator(municipality()))

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(ODENSE).status_code == 200
        return len(caught)

    manager(unit("Første"), "l@kommune.example")
    few = queries()
    for number in range(12):
        manager(unit(f"E{number}"), f"l{number}@kommune.example")
    assert queries() == few


class TestSettings:
    """What the municipality decides for itself."""

    FORM: ClassVar[dict[str, str]] = {
        "contact_function": "Kompetenceteamet, HR",
        "contact_email": "hr@odense.example",
        "contact_phone": "65 51 00 00",
        "standing_round_open": "on",
        "min_responses": "9",
        "embed_origins": "https://intranet.odense.dk",
        "retention_months": "36",
    }
    ADDRESS = f"{ODENSE}indstillinger/"

    def test_saved_and_shown_on_the_public_page(self, client: Client) -> None:
        kim = coordinator(municipality())
        client.force_login(kim)
        response = client.post(self.ADDRESS, self.FORM, follow=True)
        assert "Indstillingerne er gemt" in response.content.decode()
        stored = settings_of(municipality())
        assert (stored.min_responses, stored.retention_months, stored.approvals_wanted) == (9, 36, False)
        entry = AuditEntry.objects.get(action="municipality.settings")
        assert (entry.actor, entry.municipality, entry.before["min_responses"]) == (kim, "0461", 8)
        assert office_of(municipality()).function == "Kompetenceteamet, HR"

    @pytest.mark.parametrize(
        ("name", "value", "words"),
        [
            ("min_responses", "4", "5"),
            ("embed_origins", "http://x", "er ikke en adresse"),
            ("retention_months", "0", "1"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
        self, client: Client, name: str, value: str, words: str
    ) -> None:
        client.force_login(coordinator(municipality()))
        html = client.post(self.ADDRESS, {**self.FORM, name: value}).content.decode()
        assert "Der er problemer" in html
        assert words in html
        assert "65 51 00 00" in html
        assert not MunicipalitySettings.objects.exists()

    def test_the_smallest_group_is_not_lowered_under_a_round(self, client: Client) -> None:
        day = timezone.localdate()
        Round.objects.create(municipality=municipality(), opens=day, closes=day, min_responses=8, standing=True)
        client.force_login(coordinator(municipality()))
        html = client.post(self.ADDRESS, {**self.FORM, "min_responses": "6"}).content.decode()
        assert "lovet mindst 8" in html
        assert not MunicipalitySettings.objects.exists()

    def test_another_municipalitys_settings_are_out_of_reach(self, client: Client) -> None:
        client.force_login(coordinator(municipality(COPENHAGEN)))
        assert client.post(self.ADDRESS, self.FORM).status_code == 404
        assert not MunicipalitySettings.objects.exists()


def test_the_public_page_names_whom_to_turn_to(client: Client) -> None:
    put(home(), MunicipalityIndexPage(title="Kommuner", slug="kommuner", show_in_menus=True))
    assert "HR og Løn" not in client.get("/kommuner/odense/").content.decode()
    values = {"contact_function": "HR og Løn", "contact_email": "hr@odense.example", "contact_phone": "65 51 00 00"}
    save_municipality_settings(municipality=municipality(), actor=None, **values)
    html = client.get("/kommuner/odense/").content.decode()
    assert "HR og Løn" in html
    assert "mailto:hr@odense.example" in html
    assert "HR og Løn" not in client.get("/kommuner/koebenhavn/").content.decode()
