"""News of meetings by mail: begun by a button, at most one a day, each meeting once, ended by one click."""

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.core import mail as django_mail
from django.test import Client

from events.api import Theme, occurrence_cancel
from events.models import News, Subscription
from events.news.digests import send_news
from portal.core import outbox, periodic
from portal.core.models import OutboxMessage
from portal.organisations.api import Region
from tests.events.letters import delivered, html_of, meeting, text_of
from tests.factories.events import EventPageFactory, event_index, local, municipality
from tests.factories.profiles import ProfilePageFactory

pytestmark = pytest.mark.django_db
FORM = "/nyt-om-moeder/"
MORNING = local(2027, 4, 1, 9)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _april() -> Any:
    with time_machine.travel(MORNING, tick=False):
        event_index()
        yield


def ask(about: str = "all:", email: str = "Anna@Kommune.example", client: Client | None = None) -> Any:
    """Send the form, and let the worker write."""
    django_mail.outbox.clear()
    return (client or Client()).post(FORM, {"about": about, "email": email})


def link_in(mail: Any) -> str:
    """Return the path of the first link of a mail."""
    return re.search(r"http://testserver(/\S+)", text_of(mail))[1]


def subscribed(about: str = "all:", email: str = "anna@kommune.example") -> Subscription:
    """Subscribe as a person does."""
    ask(about, email)
    [mail] = delivered()
    Client().post(link_in(mail))
    return Subscription.objects.order_by("-pk")[0]


def news(moment: dt.datetime = MORNING + DAY) -> list[Any]:
    """Let the job run twice at a moment, and return what arrives."""
    with time_machine.travel(moment, tick=False):
        send_news()
        send_news()
        return delivered()


def test_nothing_counts_before_the_button_behind_the_link() -> None:
    answer = ask()
    assert (answer.status_code, answer["Location"]) == (302, "/nyt-om-moeder/mail-sendt/")
    [mail] = delivered()
    assert mail["To"] == "anna@kommune.example"
    path = link_in(mail)
    page = Client().get(path)
    assert page.status_code == 200
    assert page["Referrer-Policy"] == "same-origin"
    assert Subscription.objects.get().confirmed_at is None
    meeting()
    assert news() == []
    assert "Ja, send mig mails" in page.content.decode()
    for _press in range(2):
        assert "Du får nu nyt om møder" in Client().post(path).content.decode()
    assert Subscription.objects.get().confirmed_at == MORNING


def test_the_button_needs_its_own_form() -> None:
    ask()
    [mail] = delivered()
    assert Client(enforce_csrf_checks=True).post(link_in(mail)).status_code == 403
    assert Subscription.objects.get().confirmed_at is None


def test_the_answer_is_the_same_for_a_known_and_an_unknown_address() -> None:
    subscribed()
    answers = []
    for email in ("anna@kommune.example", "fremmed@kommune.example"):
        client = Client()
        posted = ask(email=email, client=client)
        answers.append((posted.status_code, posted["Location"], client.get(posted["Location"]).content))
        # Nothing is looked up before the worker comes.
        assert [row.topic for row in OutboxMessage.objects.filter(state="waiting")] == ["events.news.ask"]
        delivered()
    assert answers[0] == answers[1]


def test_a_known_address_is_told_so_and_keeps_one_subscription() -> None:
    subscribed()
    ask()
    [mail] = delivered()
    assert mail["Subject"] == "Du får allerede nyt om møder"
    assert Subscription.objects.count() == 1
    assert all(not row.payload for row in OutboxMessage.objects.filter(topic="events.news.ask"))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"about": "all:", "email": "ikke en adresse"}, "Skriv e-mailadressen sådan"),
        ({"about": "all:", "email": ""}, "Skriv din e-mailadresse."),
        ({"about": "all:", "email": "a" * 500 + "@x.dk"}, "E-mailadressen er for lang."),
        (
            {"about": "municipality:findes-ikke", "email": "anna@kommune.example"},
            "Vælg fra listen, hvad du vil høre om.",
        ),
        ({"email": "anna@kommune.example"}, "Vælg, hvad du vil høre om."),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_queued(data: dict[str, str], said: str) -> None:
    answer = Client().post(FORM, data)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert data["email"][:20] in answer.content.decode()
    assert not OutboxMessage.objects.filter(topic="events.news.ask").exists()


def test_a_mailbox_cannot_be_filled_by_who_types_its_address() -> None:
    codes = [ask().status_code for _try in range(7)]
    assert codes == [302] * 5 + [429] * 2


@pytest.mark.parametrize("days", [6, 8])
def test_a_link_to_confirm_grows_old(days: int) -> None:
    ask()
    [mail] = delivered()
    with time_machine.travel(MORNING + days * DAY, tick=False):
        answer = Client().post(link_in(mail))
    assert (answer.status_code, Subscription.objects.get().confirmed_at is not None) == (
        (200, True) if days == 6 else (404, False)
    )


@pytest.mark.parametrize("path", ["bekraeft/x-y/", "afmeld/x-y/"])
def test_a_link_that_is_not_ours_opens_nothing(path: str) -> None:
    for answer in (Client().get(FORM + path), Client().post(FORM + path)):
        assert answer.status_code == 404
        assert "Linket virker ikke mere" in answer.content.decode()


def test_a_link_of_one_kind_is_none_of_the_other() -> None:
    ask()
    [mail] = delivered()
    token = link_in(mail).rstrip("/").split("/")[-1]
    assert Client().post(f"{FORM}afmeld/{token}/").status_code == 404
    assert Subscription.objects.exists()


def test_what_was_announced_before_is_no_news_and_what_comes_is_told_once() -> None:
    meeting(event=EventPageFactory.make(title="Kendt møde"))
    row = subscribed()
    assert news() == []
    meeting(event=EventPageFactory.make(title="Helt nyt møde"))
    [mail] = news()
    assert mail["Subject"] == "Nyt møde: Helt nyt møde"
    assert "Kendt møde" not in text_of(mail)
    assert "http://testserver/moeder/" in text_of(mail)
    assert "Helt nyt møde" in html_of(mail)
    assert news(MORNING + 2 * DAY) == []
    assert News.objects.filter(subscription=row).count() == 2


def test_there_is_at_most_one_mail_a_day_and_none_at_night() -> None:
    subscribed()
    meeting()
    assert news(local(2027, 4, 2, 6, 59)) == []
    assert len(news(local(2027, 4, 2, 7))) == 1
    meeting()
    assert news(local(2027, 4, 2, 20)) == []
    assert len(news(local(2027, 4, 3, 7))) == 1


def test_one_address_with_three_wishes_gets_one_mail_with_each_meeting_once() -> None:
    odense = municipality()
    for about in ("all:", f"municipality:{odense.uuid}", "kind:afterwork"):
        subscribed(about)
    meeting(event=EventPageFactory.make(title="Odensemødet"))
    [mail] = news()
    assert text_of(mail).count("Odensemødet") == 1
    assert "Alle møder, Odense, Fyraftensmøde" in text_of(mail)
    assert news(MORNING + 2 * DAY) == []


def test_each_choice_brings_its_own_meetings() -> None:
    theme = Theme.objects.create(name="Samtalen")
    earlier = EventPageFactory.make(title="Sidste års møde")
    earlier.themes = [theme]
    earlier.save_revision().publish()
    profile = ProfilePageFactory.make()
    region = Region.objects.get(name="Region Syddanmark")
    choices = {
        f"municipality:{municipality().uuid}": "I Odense",
        f"region:{region.uuid}": "I Odense, I Syddanmark",
        f"theme:{theme.uuid}": "Om samtalen",
        f"profile:{profile.translation_key}": "Om profilen",
        "kind:webinar": "Webinaret",
    }
    for number, about in enumerate(choices):
        subscribed(about, f"p{number}@kommune.example")
    aalborg = municipality("0851")
    pages: dict[str, dict[str, Any]] = {
        "I Odense": {"municipality": municipality()},
        "I Syddanmark": {"region": region},
        "Om samtalen": {"municipality": aalborg},
        "Om profilen": {"municipality": aalborg},
        "Webinaret": {"online": True},
        "Aflyst i Odense": {"municipality": municipality()},
    }
    for title, values in pages.items():
        kind = "webinar" if title == "Webinaret" else "theme_day"
        event = EventPageFactory.make(
            title=title, kind=kind, signup_here=True, profiles=[profile] if title == "Om profilen" else ()
        )
        if title == "Om samtalen":
            event.themes = [theme]
            event.save_revision().publish()
        made = meeting(event=event, **values)
        if title.startswith("Aflyst"):
            occurrence_cancel(actor=None, occurrence=made, reason="Syg.")
    found = {}
    for mail in news():
        text = text_of(mail)
        found[mail["To"]] = ", ".join(title for title in pages if f": {title}," in text)
    assert found == {f"p{number}@kommune.example": titles for number, titles in enumerate(choices.values())}


def test_drafts_and_past_meetings_are_no_news() -> None:
    subscribed()
    meeting(event=EventPageFactory.make(published=False, signup_here=True))
    meeting(starts_at=local(2027, 3, 1, 12))
    assert news() == []


def test_one_click_ends_it_without_a_form_of_ours_and_without_a_redirect() -> None:
    subscribed()
    subscribed("kind:webinar")
    other = subscribed(email="bo@kommune.example")
    meeting()
    mail = next(mail for mail in news() if mail["To"].startswith("anna@"))
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = mail["List-Unsubscribe"].strip()
    assert re.fullmatch(r"<http://testserver/nyt-om-moeder/afmeld/\S+/>", address)
    path = address.strip("<>").removeprefix("http://testserver")
    program = Client(enforce_csrf_checks=True)
    assert "Stop abonnementet" in program.get(path).content.decode()
    assert Subscription.objects.count() == 3, "a filter that opens the link ends nothing"
    answer = program.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert list(Subscription.objects.all()) == [other]
    assert program.post(path).status_code == 200, "a second click finds it ended"
    assert "ikke flere mails" in program.get(path).content.decode()
    meeting()
    assert [mail["To"] for mail in news(MORNING + 3 * DAY)] == ["bo@kommune.example"]


def test_the_address_stands_in_no_link_and_no_key() -> None:
    subscribed()
    meeting()
    [mail] = news()
    [row] = OutboxMessage.objects.filter(key__startswith="news:")
    assert "anna" not in row.key + mail["List-Unsubscribe"]
    assert "afmeld" not in str(row.payload), "what has left keeps no link"


def test_a_mail_server_that_is_down_neither_loses_nor_doubles_the_news(monkeypatch: pytest.MonkeyPatch) -> None:
    subscribed()
    meeting()

    def down(*args: Any) -> None:
        raise ConnectionError

    with time_machine.travel(MORNING + DAY, tick=False), monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMultiAlternatives.send", down)
        send_news()
        outbox.drain()
    assert len(news(MORNING + 2 * DAY)) == 1


def test_the_form_begins_with_what_the_list_was_narrowed_to() -> None:
    found = Client().get(f"{FORM}?kommune=0461&region=syddanmark").content.decode()
    assert f'value="municipality:{municipality().uuid}" selected' in found
    assert 'value="all:" selected' in Client().get(f"{FORM}?kommune=%00&type=x").content.decode()


def test_english_is_spoken_to_who_asked_in_english() -> None:
    Client().post(f"/en{FORM}", {"about": "all:", "email": "anna@kommune.example"})
    [mail] = delivered()
    assert mail["Subject"] == "Confirm that you want to hear about new meetings"
    assert "/en/nyt-om-moeder/bekraeft/" in text_of(mail)


def test_the_worker_looks_every_half_hour() -> None:
    assert [job.interval for job in periodic.jobs() if job.name == "events.news"] == [dt.timedelta(minutes=30)]


def test_a_wish_whose_writer_was_erased_meanwhile_is_answered_to_nobody() -> None:
    ask()
    OutboxMessage.objects.filter(topic="events.news.ask").update(payload={"email": "(slettet)", "scope": "all"})
    assert delivered() == []
    assert not OutboxMessage.objects.exclude(state="done").exists()
    assert not Subscription.objects.exists()
