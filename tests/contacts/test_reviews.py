"""The yearly review of contact cards: asked by itself, answered by link or in the admin; a withdrawn card is gone."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.contacts.api import ContactCard, contact_directory
from portal.contacts.models import ReviewLink
from portal.contacts.review import link_answer, review_begin, reviews_begin
from portal.core.models import AuditEntry, OutboxMessage
from portal.workflows.api import Case, cases_due
from tests.factories.accounts import editor, user
from tests.factories.contacts import ContactCardFactory

pytestmark = pytest.mark.django_db
LIST = "wagtailsnippets_contacts_contactcard:list"


@pytest.fixture
def card() -> ContactCard:
    """A card whose year is over: its mailbox has been asked."""
    made = ContactCardFactory.create(function="Konsulent for løn", email="loen@hk.example")
    case = review_begin(card=made, actor=None)
    assert case.state == "valid"
    with time_machine.travel(timezone.now() + dt.timedelta(days=363)):
        cases_due()
    assert not OutboxMessage.objects.filter(topic="mail").exists()
    year_ago(case)
    cases_due()
    return made


def year_ago(case: Case) -> None:
    then = timezone.now() - dt.timedelta(days=366)
    Case.objects.filter(pk=case.pk).update(entered_at=then, due_at=then + dt.timedelta(days=365))


def card_moved(card: ContactCard) -> dt.datetime:
    """Return when the card's case came where it is."""
    return ContactCard.objects.get(pk=card.pk).review.entered_at


def link() -> str:
    mail = OutboxMessage.objects.filter(topic="mail").order_by("-id").first()
    found = re.search(r"http://testserver(/kontaktkort/\S+)", mail.payload["text"])
    return found[1]


def state(card: ContactCard) -> str:
    return ContactCard.objects.get(pk=card.pk).review.state


def review_page(card: ContactCard) -> str:
    return reverse("wagtailsnippets_contacts_contactcard:review", args=[card.pk])


def test_the_sweep_begins_what_has_not_begun_and_nothing_twice() -> None:
    old, hidden = ContactCardFactory.create(), ContactCardFactory.create(active=False)
    reviews_begin()
    reviews_begin()
    assert Case.objects.about(old).count() == 1
    assert not Case.objects.about(hidden).exists()
    assert not OutboxMessage.objects.filter(topic="mail").exists()


def test_a_year_later_the_mailbox_is_asked_once_and_in_danish(card: ContactCard) -> None:
    cases_due()
    mail = OutboxMessage.objects.get(topic="mail")
    assert state(card) == "review_due"
    assert mail.payload["to"] == "loen@hk.example"
    assert mail.payload["subject"] == "Er dette kontaktkort stadig rigtigt?"
    assert "Konsulent for løn" in mail.payload["text"]
    assert mail.payload["secret"]
    token = link().rstrip("/").rpartition("/")[2]
    assert len(token) >= 43
    assert not ReviewLink.objects.filter(token_hash=token).exists()


def test_a_card_that_nobody_sees_or_can_be_written_to_gets_no_mail() -> None:
    hidden = ContactCardFactory.create(active=False)
    silent = ContactCardFactory.create(email="", phone="+45 70 10 00 01")
    for card in (hidden, silent):
        year_ago(review_begin(card=card, actor=None))
    cases_due()
    assert (state(hidden), state(silent)) == ("valid", "review_due")
    assert not OutboxMessage.objects.filter(topic="mail").exists()


class TestLink:
    def open(self, client: Client) -> None:
        response = client.get(link())
        assert response.status_code == 302
        assert response["Referrer-Policy"] == "same-origin"
        assert "token" not in response["Location"]

    def test_looking_changes_nothing(self, client: Client, card: ContactCard) -> None:
        self.open(client)
        html = client.get("/kontaktkort/").content.decode()
        assert "Konsulent for løn" in html
        assert state(card) == "review_due"

    def test_yes_keeps_the_card_for_a_year(self, client: Client, card: ContactCard) -> None:
        self.open(client)
        response = client.post("/kontaktkort/", {"answer": "confirm", "comment": "Ring efter 10"}, follow=True)
        assert "Vi spørger igen om et år" in response.content.decode()
        case = Case.objects.about(card).get()
        assert (case.state, case.steps.order_by("-number").first().comment) == ("valid", "Ring efter 10")
        assert case.due_at > timezone.now() + dt.timedelta(days=360)
        assert AuditEntry.objects.get(action="case.confirm").on_behalf_of == "Kortets egen postkasse"

    def test_no_hides_the_card_everywhere(self, client: Client, card: ContactCard) -> None:
        self.open(client)
        client.post("/kontaktkort/", {"answer": "withdraw"})
        card.refresh_from_db()
        assert not card.active
        assert contact_directory().is_empty
        assert OutboxMessage.objects.filter(topic__startswith="search", created_at__gte=card_moved(card)).exists()
        assert state(card) == "withdrawn"

    def test_it_works_once_and_a_second_press_is_the_first(self, client: Client, card: ContactCard) -> None:
        address = link()
        self.open(client)
        assert client.post("/kontaktkort/", {"answer": "confirm"}).status_code == 302
        assert client.post("/kontaktkort/", {"answer": "confirm"}).status_code == 302
        assert client.post("/kontaktkort/", {"answer": "withdraw"}).status_code == 404
        assert Client().get(address).status_code == 404
        assert Case.objects.about(card).get().steps.count() == 3
        assert ContactCard.objects.get(pk=card.pk).active

    def test_it_dies_when_an_editor_was_faster(self, client: Client, card: ContactCard) -> None:
        self.open(client)
        office = Client()
        office.force_login(editor())
        office.post(review_page(card), {"transition": "confirm", "number": "2"})
        assert state(card) == "valid"
        assert client.post("/kontaktkort/", {"answer": "withdraw"}).status_code == 404
        assert ContactCard.objects.get(pk=card.pk).active

    def test_it_dies_of_age(self, client: Client, card: ContactCard) -> None:
        address = link()
        with time_machine.travel(timezone.now() + dt.timedelta(days=61)):
            assert client.get(address).status_code == 404

    @pytest.mark.parametrize(
        "data", [{}, {"answer": "send-again"}, {"answer": "a-year-has-passed"}, {"answer": "\x00"}]
    )
    def test_nothing_else_is_an_answer_and_what_was_typed_stays(
        self, client: Client, card: ContactCard, data: dict[str, str]
    ) -> None:
        self.open(client)
        response = client.post("/kontaktkort/", {**data, "comment": "Husk mig"})
        assert response.status_code == 400
        assert "Vælg et af de to svar." in response.content.decode()
        assert "Husk mig" in response.content.decode()
        assert state(card) == "review_due"

    def test_without_a_link_there_is_nothing(self, client: Client, card: ContactCard) -> None:
        for address in ("/kontaktkort/", "/kontaktkort/tak/", "/kontaktkort/gaet/"):
            response = client.get(address)
            assert response.status_code == 404
            assert "Konsulent for løn" not in response.content.decode()
        assert client.post("/kontaktkort/", {"answer": "withdraw"}).status_code == 404

    # The tries are counted by the minute.
    @time_machine.travel("2026-11-23T10:00:00Z", tick=False)
    def test_guessing_is_slowed_down_and_holds_up_nobody_with_a_link(self, client: Client) -> None:
        year_ago(review_begin(card=ContactCardFactory.create(email="loen@hk.example"), actor=None))
        cases_due()
        answers = [client.get(f"/kontaktkort/gaet-{number}/") for number in range(61)]
        assert {answer.status_code for answer in answers[:60]} == {404}
        assert (answers[60].status_code, answers[60]["Referrer-Policy"]) == (429, "same-origin")
        assert Client(REMOTE_ADDR="192.0.2.9").get("/kontaktkort/gaet-x/").status_code == 404
        self.open(client)

    def test_an_unknown_token_answers_nothing(self) -> None:
        from portal.core.errors import RefusedError

        with pytest.raises(RefusedError):
            link_answer(token_hash="x", answer="withdraw")


class TestAdmin:
    @pytest.fixture
    def office(self) -> Client:
        client = Client()
        client.force_login(editor())
        return client

    def test_the_list_says_where_each_stands_and_can_be_narrowed(self, office: Client, card: ContactCard) -> None:
        other = ContactCardFactory.create(function="Mødesekretariat")
        html = office.get(reverse(LIST)).content.decode()
        assert "Skal bekræftes" in html
        assert "Ikke begyndt" in html
        assert review_page(other) in html
        html = office.get(reverse(LIST), {"review": "review_due"}).content.decode()
        assert "Konsulent for løn" in html
        assert "Mødesekretariat" not in html

    def test_the_list_asks_as_often_for_many(self, office: Client) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as caught:
                office.get(reverse(LIST))
            return len(caught)

        for card in ContactCardFactory.create_batch(2):
            review_begin(card=card, actor=None)
        queries()
        few = queries()
        for card in ContactCardFactory.create_batch(10):
            review_begin(card=card, actor=None)
        assert queries() == few

    def test_the_dashboard_names_what_waits(self, office: Client, card: ContactCard) -> None:
        html = office.get(reverse("wagtailadmin_home")).content.decode()
        assert "Kontaktkort, der skal bekræftes" in html
        assert review_page(card) in html

    def test_an_editor_confirms_with_history_and_drawing(self, office: Client, card: ContactCard) -> None:
        html = office.get(review_page(card)).content.decode()
        assert 'role="img"' in html
        assert "Portalen, af sig selv" in html
        response = office.post(
            review_page(card), {"transition": "confirm", "number": "2", "comment": "Ringet op"}, follow=True
        )
        assert "Det er noteret." in response.content.decode()
        assert "Ringet op" in response.content.decode()
        assert state(card) == "valid"

    def test_withdrawing_asks_first_and_keeps_what_was_typed(self, office: Client, card: ContactCard) -> None:
        data = {"transition": "withdraw", "number": "2", "comment": "Nedlagt"}
        html = office.post(review_page(card), data).content.decode()
        assert "Er du sikker?" in html
        assert "Nedlagt" in html
        assert ContactCard.objects.get(pk=card.pk).active
        office.post(review_page(card), {**data, "confirmed": "1"})
        assert not ContactCard.objects.get(pk=card.pk).active

    def test_a_withdrawn_card_comes_back_only_with_a_new_consent(self, office: Client, card: ContactCard) -> None:
        office.post(review_page(card), {"transition": "withdraw", "number": "2", "confirmed": "1"})
        edit = reverse("wagtailsnippets_contacts_contactcard:edit", args=[card.pk])
        form = {"function": card.function, "organisation": card.organisation, "email": card.email, "active": "on"}
        assert "Samtykket er trukket tilbage" in office.post(edit, form).content.decode()
        assert not ContactCard.objects.get(pk=card.pk).active
        for _click in range(2):
            office.post(review_page(card), {"transition": "renew"})
        assert ContactCard.objects.get(pk=card.pk).active
        assert [case.state for case in Case.objects.about(card)] == ["valid", "withdrawn"]

    def test_a_stale_screen_is_told(self, office: Client, card: ContactCard) -> None:
        office.post(review_page(card), {"transition": "confirm", "number": "2"})
        other = Client()
        other.force_login(editor("anden@hk.example"))
        data = {"transition": "withdraw", "number": "2", "confirmed": "1", "comment": "Husk mig"}
        response = other.post(review_page(card), data)
        assert response.status_code == 409
        assert "kom først" in response.content.decode()
        assert ContactCard.objects.get(pk=card.pk).active

    @pytest.mark.parametrize("data", [{}, {"transition": "x"}, {"transition": "a-year-has-passed", "number": "2"}])
    def test_nonsense_is_refused(self, office: Client, card: ContactCard, data: dict[str, str]) -> None:
        assert office.post(review_page(card), data).status_code in {400, 409}
        assert state(card) == "review_due"

    def test_a_new_card_begins_its_year(self, office: Client) -> None:
        form = {"function": "Ny", "organisation": "KL", "email": "ny@kl.example", "active": "on"}
        office.post(reverse("wagtailsnippets_contacts_contactcard:add"), form)
        assert state(ContactCard.objects.get()) == "valid"

    def test_a_card_with_a_history_can_be_deleted(self, office: Client, card: ContactCard) -> None:
        office.post(reverse("wagtailsnippets_contacts_contactcard:delete", args=[card.pk]))
        assert not ContactCard.objects.exists()
        assert not Case.objects.exists()

    def test_nobody_else_gets_in(self, client: Client, card: ContactCard) -> None:
        client.force_login(user())
        for response in (
            client.get(review_page(card)),
            client.post(review_page(card), {"transition": "confirm", "number": "2"}),
        ):
            assert response.status_code in {302, 403}
            assert "Konsulent for løn" not in response.content.decode()
        assert state(card) == "review_due"
