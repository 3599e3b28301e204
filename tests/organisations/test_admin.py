"""Municipalities, regions and parties in the admin: settings with their floor, origins that are safe in a header, audit."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from portal.core.models import AuditEntry
from portal.organisations.api import MunicipalitySettings, embed_origins, min_responses
from portal.organisations.services import save_municipality_settings
from portal.organisations.validators import validate_origins
from tests.factories.accounts import administrator, editor, user
from tests.factories.organisations import municipality, region

pytestmark = pytest.mark.django_db
HOSTILE = ['"', "\x00", "💥", "x" * 10_000, "ord " * 500, "' OR 1=1 --"]


@pytest.mark.parametrize(
    "text",
    [
        "http://intranet.kommune.dk",
        "https://intranet.kommune.dk/sti",
        "https://*.kommune.dk",
        "https://kommune.dk; script-src *",
        "'self'",
        "*",
        "javascript:alert(1)",
        "https://kommune.dk\nhttps://ok.dk evil",
        "https://-kommune.dk",
        "\n".join(f"https://a{n}.dk" for n in range(21)),
    ],
)
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        validate_origins(text)


def test_origins_stand_one_per_line() -> None:
    validate_origins("https://intranet.odense.dk\nhttps://odense.example:8443")


def test_settings_are_saved_with_an_audit_entry_and_an_unchanged_save_leaves_none() -> None:
    admin = administrator()
    values: dict[str, Any] = {
        "embed_origins": " https://a.dk \n\nhttps://b.dk",
        "standing_round_open": False,
        "min_responses": 10,
    }
    for _ in range(2):
        save_municipality_settings(municipality=municipality(), actor=admin, **values)
    assert embed_origins(municipality()) == ("https://a.dk", "https://b.dk")
    assert min_responses(municipality()) == 10
    entry = AuditEntry.objects.get(action="municipality.settings")
    assert (entry.actor, entry.before["min_responses"], entry.after["min_responses"]) == (admin, 8, 10)


def test_fewer_than_the_floor_is_refused_and_nothing_is_written() -> None:
    with pytest.raises(ValidationError):
        save_municipality_settings(
            municipality=municipality(), actor=None, embed_origins="", standing_round_open=True, min_responses=4
        )
    assert not MunicipalitySettings.objects.exists()
    assert not AuditEntry.objects.filter(action="municipality.settings").exists()


def settings_form(**values: Any) -> dict[str, Any]:
    given = {"name": "Odense", "cvr": "", "standing_round_open": "on", "min_responses": "8", "embed_origins": ""}
    return {**given, **values}


class TestScreens:
    """The menu "Organisationer"."""

    @pytest.fixture
    def client(self, client: Client) -> Client:
        client.force_login(administrator())
        return client

    def test_an_administrator_edits_a_municipalitys_settings(self, client: Client) -> None:
        address = reverse("municipalities:edit", args=[municipality().pk])
        assert "Færrest svar, der vises" in client.get(address).content.decode()
        form = settings_form(min_responses="12", embed_origins="https://intranet.odense.dk")
        assert client.post(address, form).status_code == 302
        assert min_responses(municipality()) == 12
        assert embed_origins(municipality()) == ("https://intranet.odense.dk",)
        assert municipality().cvr is None

    def test_a_wrong_origin_is_said_at_the_field_and_nothing_is_stored(self, client: Client) -> None:
        address = reverse("municipalities:edit", args=[municipality().pk])
        html = client.post(address, settings_form(name="Ny", embed_origins="https://a.dk/sti")).content.decode()
        assert "er ikke en adresse af denne form" in html
        assert municipality().name == "Odense"
        assert not MunicipalitySettings.objects.exists()

    def test_municipalities_are_filtered_by_region_and_searched(self, client: Client) -> None:
        query: dict[str, Any] = {"region_memberships__region": region().pk, "q": "ense"}
        html = client.get(reverse("municipalities:index"), query).content.decode()
        assert "Odense" in html
        assert "København" not in html

    @pytest.mark.parametrize("text", HOSTILE)
    def test_any_text_in_the_search_boxes_gets_an_answer(self, client: Client, text: str) -> None:
        assert client.get(reverse("municipalities:index"), {"q": text}).status_code == 200

    def test_an_administrator_neither_adds_nor_deletes_a_municipality(self, client: Client) -> None:
        for name, args in (("add", []), ("delete", [municipality().pk])):
            response = client.post(reverse(f"municipalities:{name}", args=args), settings_form())
            assert response.status_code in {302, 403}
        assert municipality().name == "Odense"

    def test_organisations_belong_to_administrators(self, client: Client) -> None:
        for name in ("regions", "parties", "municipalities"):
            assert client.get(reverse(f"{name}:index")).status_code == 200
        client.force_login(editor())
        for name in ("regions", "parties", "municipalities"):
            assert client.get(reverse(f"{name}:index")).status_code in {302, 403}


def test_nobody_outside_the_groups_sees_the_settings(client: Client) -> None:
    client.force_login(user())
    assert client.get(reverse("municipalities:edit", args=[municipality().pk])).status_code in {302, 403}
