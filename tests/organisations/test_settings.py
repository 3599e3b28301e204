"""What a municipality decides for itself: the smallest group is a promise while a round is under way."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from portal.core.models import AuditEntry
from portal.organisations.api import min_responses, save_municipality_settings, settings_of
from profilecatalog.assessment.api import Round, RoundStatus
from tests.factories.accounts import administrator
from tests.factories.organisations import COPENHAGEN, municipality

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 10, 1)


def round_in(code: str, status: str = RoundStatus.OPEN) -> Round:
    return Round.objects.create(
        municipality=municipality(code), opens=DAY, closes=DAY, status=status, min_responses=8, standing=True
    )


def lower() -> None:
    save_municipality_settings(municipality=municipality(), actor=None, min_responses=6)


@pytest.mark.parametrize("status", [RoundStatus.OPEN, RoundStatus.ENDED])
def test_what_those_who_answer_were_promised_is_not_lowered(status: str) -> None:
    round_in("0461", status)
    with pytest.raises(ValidationError) as caught:
        lower()
    assert "mindst 8" in caught.value.message_dict["min_responses"][0]
    assert min_responses(municipality()) == 8
    assert not AuditEntry.objects.filter(action="municipality.settings").exists()


def test_it_is_raised_at_any_time_and_lowered_between_rounds() -> None:
    round_in("0461", RoundStatus.CLOSED)
    round_in(COPENHAGEN)
    lower()
    assert min_responses(municipality()) == 6
    round_in("0461")
    save_municipality_settings(municipality=municipality(), actor=None, min_responses=12)
    assert min_responses(municipality()) == 12


def test_only_what_is_named_changes_and_the_trail_says_from_what_to_what() -> None:
    save_municipality_settings(municipality=municipality(), actor=None, retention_months=36, contact_function="HR")
    save_municipality_settings(municipality=municipality(), actor=None, retention_months=12)
    assert settings_of(municipality()).contact_function == "HR"
    entry = AuditEntry.objects.filter(action="municipality.settings").first()
    assert (entry.before, entry.after) == ({"retention_months": 36}, {"retention_months": 12})
    with pytest.raises(TypeError):
        save_municipality_settings(municipality=municipality(), actor=None, threshold=1)


def test_the_admins_form_says_it_at_the_field(client: Client) -> None:
    round_in("0461")
    client.force_login(administrator())
    address = reverse("municipalities:edit", args=[municipality().pk])
    form = {"name": "Odense", "cvr": "", "standing_round_open": "on", "min_responses": "6", "embed_origins": ""}
    response = client.post(address, form)
    assert response.status_code == 200
    assert "mindst 8" in response.content.decode()
    assert min_responses(municipality()) == 8
