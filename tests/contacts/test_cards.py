"""Contact cards: valid or refused at the field, found in the admin whatever is typed, in step with search."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from portal.contacts.api import ContactCard, contact_directory, contacts_for
from portal.core.models import OutboxMessage
from tests.factories.accounts import editor, user
from tests.factories.contacts import ContactCardFactory
from tests.factories.organisations import COPENHAGEN, municipality, region

pytestmark = pytest.mark.django_db
HOSTILE = ['"', "'", "\x00", "*", "💥", "a" * 10_000, "ord " * 500, "' OR 1=1 --", "%", "((("]


def problems(**values: Any) -> set[str]:
    card = ContactCardFactory.build(**values)
    with pytest.raises(ValidationError) as caught:
        card.full_clean()
    return set(caught.value.message_dict)


def test_a_card_needs_a_way_to_get_in_touch() -> None:
    assert "email" in problems(email="", phone="")
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactCardFactory.create(email="", phone="")
    ContactCardFactory.build(email="", phone="70 10 00 01").full_clean()


def test_a_card_serves_a_municipality_or_a_region_and_never_both() -> None:
    assert "region" in problems(municipality=municipality(), region=region())
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactCardFactory.create(municipality=municipality(), region=region())


@pytest.mark.parametrize("phone", ["ring til mig", "70", "7010-0001", "+45 70 10 00 01 lokal 3", "+", "<script>"])
def test_a_telephone_number_is_digits_and_spaces(phone: str) -> None:
    assert "phone" in problems(phone=phone)


def test_a_municipality_gets_its_own_cards_first_then_its_regions() -> None:
    own = ContactCardFactory.create(function="Å-funktionen", municipality=municipality())
    regional = ContactCardFactory.create(function="A-funktionen", region=region())
    ContactCardFactory.create(function="Hele landet")
    ContactCardFactory.create(function="Et andet sted", municipality=municipality(COPENHAGEN))
    ContactCardFactory.create(function="Taget af", municipality=municipality(), active=False)
    assert contacts_for(municipality(), region()) == (own, regional)
    assert contacts_for(municipality(), None) == (own,)


def test_the_directory_takes_one_query(django_assert_num_queries: Any) -> None:
    for code in ("0461", "0101", "0751"):
        ContactCardFactory.create(municipality=municipality(code))
    with django_assert_num_queries(1):
        directory = contact_directory()
    assert [group.name for group in directory.municipalities] == ["København", "Odense", "Aarhus"]


def card_form(**values: Any) -> dict[str, Any]:
    empty = {"about": "", "phone": "", "party": "", "municipality": "", "region": ""}
    given = {"function": "Konsulent", "organisation": "KL", "email": "k@kl.example", "active": "on"}
    return {**empty, **given, **values}


class TestAdmin:
    """An editor keeps the cards."""

    @pytest.fixture
    def client(self, client: Client) -> Client:
        client.force_login(editor())
        return client

    def test_an_editor_makes_edits_and_deletes_a_card(self, client: Client) -> None:
        assert client.post(reverse("wagtailsnippets_contacts_contactcard:add"), card_form()).status_code == 302
        card = ContactCard.objects.get()
        waiting = OutboxMessage.objects.filter(topic="search.index")
        assert any(message.key.endswith(str(card.pk)) for message in waiting)
        edit = reverse("wagtailsnippets_contacts_contactcard:edit", args=[card.pk])
        client.post(edit, card_form(function="En anden funktion"))
        card.refresh_from_db()
        assert card.function == "En anden funktion"
        delete = reverse("wagtailsnippets_contacts_contactcard:delete", args=[card.pk])
        assert client.get(delete).status_code == 200
        assert ContactCard.objects.exists()
        client.post(delete)
        assert not ContactCard.objects.exists()

    def test_what_is_wrong_is_said_in_danish_and_the_rest_is_kept(self, client: Client) -> None:
        response = client.post(
            reverse("wagtailsnippets_contacts_contactcard:add"), card_form(email="", function="Husk mig")
        )
        html = response.content.decode()
        assert "Skriv en e-mailadresse eller et telefonnummer." in html
        assert "Husk mig" in html
        assert not ContactCard.objects.exists()

    @pytest.mark.parametrize("text", HOSTILE)
    def test_any_text_in_the_search_box_gets_an_answer(self, client: Client, text: str) -> None:
        ContactCardFactory.create()
        for name in ("list", "list_results"):
            assert client.get(reverse(f"wagtailsnippets_contacts_contactcard:{name}"), {"q": text}).status_code == 200

    def test_the_search_box_finds_by_function(self, client: Client) -> None:
        ContactCardFactory.create(function="Konsulent for løn")
        ContactCardFactory.create(function="Mødesekretariat")
        html = client.get(reverse("wagtailsnippets_contacts_contactcard:list"), {"q": "løn"}).content.decode()
        assert "Konsulent for løn" in html
        assert "Mødesekretariat" not in html


def test_somebody_without_the_right_gets_no_list(client: Client) -> None:
    client.force_login(user())
    response = client.get(reverse("wagtailsnippets_contacts_contactcard:list"))
    assert response.status_code in {302, 403}
