"""The widget from the outside: what is drawn, what is stored, what is answered."""

import re

import pytest
from django.test import Client

from profilecatalog.assessment.models import Answer, Response, Round, UsedToken
from tests.assessment.pages import NO_ROWS, draw, embed_url, filled, public_url, rows, token_in
from tests.factories.assessment import AARHUS, embed_key, municipality, profile, release_of
from tests.factories.profiles import rewrite_competence
from tests.profiles.helpers import draft, publish

pytestmark = pytest.mark.django_db


def test_the_form_asks_everything_on_one_page_before_any_javascript() -> None:
    page = profile(competences=3, title="Borgerservice", slug="borgerservice")
    html = Client().get(public_url(page)).content.decode()
    assert html.count("<fieldset") == 3
    # Six choices each: four levels with their texts, and the two that are no level.
    assert html.count('type="radio"') == 18
    for need in release_of(page).document.needs:
        assert all(text in html for text in need.item.level_texts)
    assert html.index("Hvem kan se dette?") < html.index("<fieldset")
    assert "mindst 8" in html
    assert 'name="municipality"' in html
    assert "csrfmiddlewaretoken" not in html


def test_a_sent_form_is_stored_whole_and_answered_with_the_result() -> None:
    page = profile(competences=3)
    release = release_of(page)
    url = public_url(page)
    sent = filled(release, "1", "not_relevant", "dont_know", token=draw(url), municipality="0461")
    response = Client().post(url, sent)
    html = response.content.decode()
    assert response.status_code == 200
    assert "Dit resultat" in html
    stored = Response.objects.get()
    assert stored.round.municipality == municipality()
    assert stored.response_releases.get().release == release
    said = {answer.competence_uuid: (answer.kind, answer.level, answer.text_hash) for answer in stored.answers.all()}
    needs = release.document.needs
    assert said == {
        needs[0].item.competence_uuid: ("level", 1, needs[0].item.text_hash),
        needs[1].item.competence_uuid: ("not_relevant", None, needs[1].item.text_hash),
        needs[2].item.competence_uuid: ("dont_know", None, needs[2].item.text_hash),
    }
    assert rows() == {"Response": 1, "ResponseRelease": 1, "Answer": 3, "UsedToken": 1}


def test_who_does_not_say_where_is_counted_apart() -> None:
    page = profile()
    url = public_url(page)
    Client().post(url, filled(release_of(page), "2", token=draw(url), municipality=""))
    assert Response.objects.get().round.municipality is None


def test_the_embed_address_knows_the_municipality_and_asks_no_more() -> None:
    page, where = profile(), municipality(AARHUS)
    url = embed_url(page, embed_key(where))
    html = Client().get(url).content.decode()
    assert 'name="municipality"' not in html
    assert 'class="site-nav"' not in html
    assert Client().post(url, filled(release_of(page), "2", token=draw(url))).status_code == 200
    assert Response.objects.get().round.municipality == where


def test_the_profile_may_be_named_by_its_uuid_as_well() -> None:
    page = profile()
    by_uuid = public_url(page).replace(page.slug, str(page.uuid))
    assert Client().get(by_uuid).status_code == 200


def test_an_open_question_is_an_error_at_the_question_and_keeps_the_rest() -> None:
    page = profile(competences=3)
    release = release_of(page)
    url = public_url(page)
    sent = filled(release, "3", token=draw(url), municipality="0461")
    open_question = release.document.needs[1].item
    del sent[f"c-{open_question.competence_uuid}"]
    response = Client().post(url, sent)
    html = response.content.decode()
    assert response.status_code == 400
    message = f"{open_question.name}: vælg det, der passer bedst, eller “Ved ikke”."
    assert html.count(message) == 2
    first_choice = f"id_c-{open_question.competence_uuid}_0"
    assert f'href="#{first_choice}"' in html
    assert f'id="{first_choice}"' in html
    assert len(re.findall(r'value="3" checked', html)) == 2
    assert '<option value="0461" selected>' in html
    assert rows() == NO_ROWS
    # The corrected form goes through.
    sent |= {f"c-{open_question.competence_uuid}": "dont_know", "token": token_in(response)}
    assert Client().post(url, sent).status_code == 200
    assert Response.objects.count() == 1


def test_sending_twice_stores_once_and_says_so() -> None:
    page = profile()
    release = release_of(page)
    url = public_url(page)
    token = draw(url)
    first = Client().post(url, filled(release, "2", token=token))
    second = Client().post(url, filled(release, "4", token=token))
    assert (first.status_code, second.status_code) == (200, 200)
    note = "Du har sendt denne formular før."
    assert note not in first.content.decode()
    html = second.content.decode()
    assert note in html
    # The result is that of what was sent now …
    assert "4 Udvikler" in html
    # … and what is stored is what was sent first.
    assert set(Answer.objects.values_list("level", flat=True)) == {2}
    assert Response.objects.count() == 1
    assert UsedToken.objects.count() == 1


def test_answers_count_for_the_release_that_the_form_was_drawn_from() -> None:
    page = profile(competences=1)
    old = release_of(page)
    url = public_url(page)
    token = draw(url)
    competence = draft(page).groups.all()[0].items.all()[0].competence
    rewrite_competence(competence, level=2, text="Jeg kan noget helt andet nu.")
    publish(draft(page), change="changed", reason="Nyt indhold på trin to.")
    new = release_of(page)
    assert new.number == 2
    Client().post(url, filled(old, "2", token=token))
    assert Response.objects.get().response_releases.get().release == old
    assert Answer.objects.get().text_hash == old.document.needs[0].item.text_hash
    assert Answer.objects.get().text_hash != new.document.needs[0].item.text_hash
    assert "helt andet" in Client().get(url).content.decode()


def test_the_page_of_a_municipality_that_gathers_nothing_says_so() -> None:
    page, where = profile(), municipality()
    url = embed_url(page, embed_key(where))
    token = draw(url)
    municipality(standing_round_open=False)
    assert Client().get(url).status_code == 404
    response = Client().post(url, filled(release_of(page), "2", token=token))
    assert response.status_code == 404
    assert "samler ikke svar" in response.content.decode()
    assert rows() == NO_ROWS
    assert not Round.objects.exists()
    # On the public page it cannot be chosen.
    assert '<option value="0461"' not in Client().get(public_url(page)).content.decode()


def test_english_interface_around_danish_questions() -> None:
    page = profile()
    response = Client().get(f"/en{public_url(page)}")
    html = response.content.decode()
    assert "Who can see this?" in html
    assert re.search(r'<h2 lang="da">Kompetence', html)
