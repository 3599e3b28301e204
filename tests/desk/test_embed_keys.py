"""The coordinators' screens of embed keys: make, copy, try out, change, close; and none of another municipality's."""

import html as markup
import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.core.models import AuditEntry
from profilecatalog.assessment.api import EmbedKey, create_embed_key, revoke_embed_key
from tests.assessment.pages import embed_url
from tests.factories.accounts import administrator, coordinator, manager, user
from tests.factories.assessment import municipality, profile
from tests.factories.organisations import COPENHAGEN, unit

pytestmark = pytest.mark.django_db
LIST = "/min-kommune/odense/indlejring/"


@pytest.fixture
def boss(client: Client) -> Client:
    """A coordinator of Odense with her second factor."""
    client.force_login(coordinator(municipality()))
    return client


def shown(client: Client, address: str = LIST) -> str:
    response = client.get(address)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    return response.content.decode()


def key(label: str = "Intranet", code: str = "0461") -> EmbedKey:
    return create_embed_key(municipality=municipality(code), actor=None, label=label)


def at(made: EmbedKey, act: str = "") -> str:
    return f"{LIST}{made.uuid}/{act}"


def acts_of(made: EmbedKey) -> list[str]:
    rows = AuditEntry.objects.filter(object_key=str(made.uuid), actor_label="Kim Eksempel").order_by("pk")
    return list(rows.values_list("action", flat=True))


def test_an_empty_list_says_what_to_do_and_warns_of_the_usual_lack(boss: Client) -> None:
    html = shown(boss)
    assert "Der er ingen nøgle endnu" in html
    assert "Ingen side må vise selvvurderingen endnu" in html
    municipality(embed_origins="https://intranet.odense.dk")
    assert "Ingen side må vise selvvurderingen endnu" not in shown(boss)


def test_a_key_is_made_and_its_html_can_be_copied(boss: Client) -> None:
    page = profile(title="Borgerservice")
    response = boss.post(LIST, {"label": "Intranet"})
    made = EmbedKey.objects.get()
    assert response["Location"] == at(made)
    assert acts_of(made) == ["assessment.embed_key_created"]
    raw = shown(boss, at(made))
    assert 'value="&lt;iframe src=&quot;' in raw
    html = markup.unescape(raw)
    assert f'<iframe src="http://testserver{embed_url(page, made)}" title="Vurdér dig selv: Borgerservice"' in html
    assert Client().get(embed_url(page, made)).status_code == 200


def test_the_html_is_that_of_the_chosen_profile(boss: Client) -> None:
    profile(title="Anden"), profile(title="Borgerservice")
    made, second = key(), profile(title="Ydelse")
    assert embed_url(second, made) in shown(boss, at(made, f"?profil={second.slug}"))
    for odd in ("findes-ikke", "💥", '"><script>', ""):
        assert "indlejret/" in shown(boss, at(made, f"?profil={odd}"))


def test_sent_twice_or_without_a_name_there_is_one_key(boss: Client) -> None:
    boss.post(LIST, {"label": "Intranet"})
    again = boss.post(LIST, {"label": "Intranet"})
    assert again.status_code == 400
    assert "En anden nøgle har det navn." in again.content.decode()
    for label in ("", "   ", "x" * 81):
        assert boss.post(LIST, {"label": label}).status_code == 400
    assert EmbedKey.objects.count() == 1


def test_the_list_tells_how_each_stands(boss: Client) -> None:
    works, closed = key("Virker den"), key("Lukket den")
    revoke_embed_key(key=closed, actor=None)
    ending = key("Slutter den")
    boss.post(at(ending, "skift/"), {"days": "14"})
    html = shown(boss)
    assert html.index("Virker den") < html.index("Lukket den")
    assert html.count("Slutter den") == 2
    assert re.search(r"Virker til \d+\. \w+ \d{4}", html)
    assert str(works.uuid) in html


@pytest.mark.parametrize(("days", "old_answers"), [("14", 200), ("60", 200), ("0", 404)])
def test_a_changed_key_works_as_long_as_was_chosen(boss: Client, days: str, old_answers: int) -> None:
    page, old = profile(), key()
    assert "14 dage til" in shown(boss, at(old, "skift/"))
    for _time in range(2):
        response = boss.post(at(old, "skift/"), {"days": days})
    new = EmbedKey.objects.get(replaces=old)
    assert response["Location"] == at(new)
    assert Client().get(embed_url(page, old)).status_code == old_answers
    assert Client().get(embed_url(page, new)).status_code == 200
    assert acts_of(new) == ["assessment.embed_key_created"]
    assert len(acts_of(old)) == 1
    assert (new.label, EmbedKey.objects.count()) == (old.label, 2)


@pytest.mark.parametrize("days", ["", "1", "-1", "100000", "x"])
def test_no_other_time_can_be_chosen(boss: Client, days: str) -> None:
    old = key()
    assert boss.post(at(old, "skift/"), {"days": days}).status_code == 400
    assert EmbedKey.objects.count() == 1


def test_a_key_that_does_not_work_is_not_changed(boss: Client) -> None:
    old = key()
    revoke_embed_key(key=old, actor=None)
    assert boss.post(at(old, "skift/"), {"days": "14"})["Location"] == at(old)
    html = shown(boss, at(old))
    assert "Nøglen virker ikke mere. Lav en ny i stedet." in html
    assert "<iframe" not in markup.unescape(html)
    assert EmbedKey.objects.count() == 1


def test_closing_asks_first_and_says_what_visitors_will_read(boss: Client) -> None:
    page, made = profile(), key()
    question = shown(boss, at(made, "luk/"))
    assert "Der er ingen selvvurdering på denne adresse" in question
    assert Client().get(embed_url(page, made)).status_code == 200
    for _time in range(2):
        assert boss.post(at(made, "luk/"))["Location"] == LIST
    answer = Client().get(embed_url(page, made))
    assert answer.status_code == 404
    assert "Der er ingen selvvurdering på denne adresse" in answer.content.decode()
    assert acts_of(made) == ["assessment.embed_key_revoked"]


def test_the_test_page_frames_the_form_and_finds_mistakes(boss: Client) -> None:
    page, made = profile(), key()
    municipality(embed_origins="https://intranet.odense.dk")
    html = shown(boss, at(made, "proev/"))
    frame = re.search(r'<iframe class="assessment-frame" src="([^"]+)"', html)
    assert frame is not None
    assert "Det her er en prøve" in shown_in_frame(markup.unescape(frame.group(1)))
    assert page.title in html
    wrong = shown(boss, at(made, "proev/?side=http://intranet.odense.dk/hr"))
    assert "Siden åbnes med http://" in wrong
    right = shown(boss, at(made, "proev/?side=https://intranet.odense.dk/hr"))
    assert "Siden må vise selvvurderingen" in right
    assert "Skal rettes" not in right
    assert "&lt;script&gt;" in shown(boss, at(made, "proev/?side=<script>"))


def shown_in_frame(address: str) -> str:
    response = Client().get(address)
    assert "frame-ancestors 'self' https://intranet.odense.dk" in response["Content-Security-Policy"]
    return response.content.decode()


def test_without_a_profile_there_is_nothing_to_show_and_it_says_so(boss: Client) -> None:
    made = key()
    for act in ("", "proev/"):
        assert "Der er ingen profil at vise" in shown(boss, at(made, act))


def test_another_municipality_s_keys_do_not_exist(boss: Client) -> None:
    page, foreign = profile(), key("Kanariefugl", COPENHAGEN)
    assert "Kanariefugl" not in shown(boss)
    for base in (LIST, "/min-kommune/koebenhavn/indlejring/"):
        for act in ("", "proev/", "skift/", "luk/"):
            assert boss.get(f"{base}{foreign.uuid}/{act}").status_code == 404
        assert boss.post(f"{base}{foreign.uuid}/skift/", {"days": "0"}).status_code == 404
        assert boss.post(f"{base}{foreign.uuid}/luk/").status_code == 404
    assert boss.get(at(EmbedKey(uuid=uuid4()))).status_code == 404
    assert Client().get(embed_url(page, foreign)).status_code == 200
    assert EmbedKey.objects.count() == 1


def test_a_key_is_found_below_its_own_municipality_only() -> None:
    client = Client()
    client.force_login(administrator())
    foreign = key("Fremmed", COPENHAGEN)
    assert client.get(at(foreign)).status_code == 404
    assert client.get(f"/min-kommune/koebenhavn/indlejring/{foreign.uuid}/").status_code == 200


def test_others_find_none_of_it() -> None:
    made = key()
    screens = [LIST, *(at(made, act) for act in ("", "proev/", "skift/", "luk/"))]
    foreign = coordinator(municipality(COPENHAGEN), "anden@k.example")
    for who in (manager(unit()), user("ingen@k.example"), foreign):
        client = Client()
        client.force_login(who)
        assert {client.get(screen).status_code for screen in screens} == {404}
        assert client.post(LIST, {"label": "x"}).status_code == 404
        assert client.post(at(made, "luk/")).status_code == 404
    assert {Client().get(screen).status_code for screen in screens} == {302}
    made.refresh_from_db()
    assert made.revoked_at is None
    assert EmbedKey.objects.count() == 1


def test_a_list_of_many_keys_asks_no_more_than_one_of_few(boss: Client) -> None:
    def asked() -> int:
        shown(boss)
        with CaptureQueriesContext(connection) as caught:
            shown(boss)
        return len(caught)

    key("Nul")
    few = asked()
    for number in range(12):
        key(f"Nøgle {number}")
    assert asked() == few
