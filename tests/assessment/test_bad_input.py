"""Whatever is sent that our form cannot have sent: a clear page in the look, and no row."""

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.test import Client

from profilecatalog.assessment.models import Response
from profilecatalog.assessment.services import revoke_embed_key
from profilecatalog.assessment.tokens import FORM_SALT, issue_form_token
from tests.assessment.pages import NO_ROWS, draw, embed_url, filled, public_url, rows, token_in
from tests.factories.assessment import AARHUS, embed_key, municipality, profile, release_of

pytestmark = pytest.mark.django_db


def refused(response: Any, status: int) -> str:
    """Assert a page of ours and an empty store; return the page's text."""
    html: str = response.content.decode()
    assert response.status_code == status
    assert "<h1>" in html
    assert "portal/css/portal.css" in html
    assert rows() == NO_ROWS
    return html


# --- The key in the address ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key", ["nonsense", "a.b", "BWA__Qg_oIPShtZ8jdtBVQ.Y14fnZcJDmGJFg3wb8", "%00", "æøå", "x" * 4000]
)
def test_a_forged_key_is_refused(key: str) -> None:
    page = profile()
    url = f"/indlejret/{key}/{page.slug}/"
    assert "ingen selvvurdering" in refused(Client().get(url), 404)
    token = issue_form_token(release=release_of(page).uuid, profile=page.slug)
    refused(Client().post(url, filled(release_of(page), "2", token=token)), 404)


def test_a_revoked_key_closes_open_forms_too() -> None:
    page = profile()
    key = embed_key(municipality())
    url = embed_url(page, key)
    token = draw(url)
    revoke_embed_key(key=key, actor=None)
    refused(Client().get(url), 404)
    refused(Client().post(url, filled(release_of(page), "2", token=token)), 404)


def test_an_unknown_or_unpublished_profile_has_no_form() -> None:
    page = profile()
    refused(Client().get("/selvvurdering/findes-ikke/"), 404)
    page.unpublish()
    refused(Client().get(public_url(page)), 404)


# --- The token in the form ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "token",
    ["", "x", "a:b:c", "æ" * 500, signing.dumps(["n"], salt=FORM_SALT), signing.dumps({})],
    # A signature holds the time: without names of their own the parallel workers would not agree on the tests.
    ids=["none", "short", "parts", "long", "other-content", "other-salt"],
)
def test_a_wrong_token_is_refused(token: str) -> None:
    page = profile()
    response = Client().post(public_url(page), filled(release_of(page), "2", token=token))
    assert "hører ikke til her" in refused(response, 403)


def test_a_token_of_another_profile_or_municipality_is_refused() -> None:
    page, other = profile(), profile()
    odense, aarhus = embed_key(municipality()), embed_key(municipality(AARHUS))
    forms = [public_url(other), embed_url(page, odense), embed_url(page, aarhus)]
    for url in forms:
        answer = filled(release_of(page), "2", token=draw(url))
        refused(Client().post(public_url(page), answer), 403)
    answer = filled(release_of(page), "2", token=draw(embed_url(page, odense)))
    refused(Client().post(embed_url(page, aarhus), answer), 403)
    # Where it belongs, the very same one is good.
    assert Client().post(embed_url(page, odense), answer).status_code == 200
    assert Response.objects.get().round.municipality == municipality()


def test_a_token_of_a_release_that_is_not_there_is_refused() -> None:
    page = profile()
    token = issue_form_token(release=uuid.uuid4(), profile=page.slug)
    refused(Client().post(public_url(page), filled(release_of(page), "2", token=token)), 403)


def test_an_expired_form_comes_back_with_its_answers_and_can_be_sent() -> None:
    page = profile(competences=3)
    release = release_of(page)
    url = public_url(page)
    with time_machine.travel(dt.datetime(2026, 11, 20, 8, 0, tzinfo=dt.UTC), tick=False):
        token = draw(url)
    with time_machine.travel(dt.datetime(2026, 11, 20, 15, 59, tzinfo=dt.UTC), tick=False):
        assert Client().post(url, filled(release, "2", token=draw(url))).status_code == 200
        Response.objects.all().delete()
    with time_machine.travel(dt.datetime(2026, 11, 20, 16, 1, tzinfo=dt.UTC), tick=False):
        response = Client().post(url, filled(release, "3", token=token))
        html = response.content.decode()
        assert response.status_code == 403
        assert "for længe" in html
        assert html.count('value="3" checked') == 3
        assert not Response.objects.exists()
        again = Client().post(url, filled(release, "3", token=token_in(response)))
        assert again.status_code == 200
        assert Response.objects.count() == 1


# --- The answers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", ["0", "5", "-1", "9", "2.0", " 2", "٣", "level", "", "2" * 5000, "not relevant", "2\x00"]
)
def test_an_unknown_level_or_one_of_another_scale_is_refused(value: str) -> None:
    page = profile(competences=2)
    url = public_url(page)
    sent = filled(release_of(page), "2", token=draw(url))
    sent[next(name for name in sent if name.startswith("c-"))] = value
    response = Client().post(url, sent)
    refused(response, 400)
    # An empty value is what leaving the question open looks like: the form, with the question marked.
    assert ("Der er problemer" in response.content.decode()) == (value == "")


def test_a_level_is_bounded_by_the_scale_of_its_own_release() -> None:
    from tests.factories.profiles import CompetenceFactory, ProfilePageFactory, ScaleFactory, group, item

    two = ScaleFactory.create(key="to-trin", levels=("Lidt", "Meget"))
    page = ProfilePageFactory.make(groups=[group("Få trin", item(CompetenceFactory.create(scale=two), future_level=2))])
    url = public_url(page)
    refused(Client().post(url, filled(release_of(page), "3", token=draw(url))), 400)
    assert Client().post(url, filled(release_of(page), "2", token=draw(url))).status_code == 200


@pytest.mark.parametrize(
    "more",
    [
        {f"c-{uuid.uuid4()}": "2"},
        {"c-": "2"},
        {"csrfmiddlewaretoken": "x"},
        {"municipality": "9999"},
        {"municipality": "0461\x00"},
        {"name\x00": "1"},
        {"week": "2026-W01"},
    ],
)
def test_a_field_that_the_form_does_not_have_is_refused(more: dict[str, str]) -> None:
    page = profile()
    url = public_url(page)
    refused(Client().post(url, filled(release_of(page), "2", token=draw(url)) | more), 400)


def test_a_competence_of_another_profile_is_refused() -> None:
    page, other = profile(), profile()
    url = public_url(page)
    mixed = filled(release_of(page), "2", token=draw(url)) | filled(release_of(other), "2")
    refused(Client().post(url, mixed), 400)


def test_an_answer_given_twice_is_refused() -> None:
    page = profile(competences=1)
    url = public_url(page)
    sent: dict[str, Any] = dict(filled(release_of(page), "2", token=draw(url)))
    name = next(name for name in sent if name.startswith("c-"))
    refused(Client().post(url, sent | {name: ["2", "3"]}), 400)


def test_nothing_at_all_is_refused() -> None:
    page = profile()
    for body in ({}, {"token": issue_form_token(release=release_of(page).uuid, profile=page.slug)}):
        refused(Client().post(public_url(page), body), 400)


@pytest.mark.parametrize("form_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_ten_megabytes_are_refused_unread(form_type: str) -> None:
    page = profile()
    body = b"token=" + b"a" * 10_000_000
    response = Client().post(public_url(page), body, content_type=form_type)
    assert "kunne ikke forstå" in refused(response, 400)


def test_too_many_fields_and_strange_bodies_are_refused() -> None:
    page = profile()
    url = public_url(page)
    many = "&".join(f"f{number}=1" for number in range(12_000)).encode()
    bodies = [
        (many, "application/x-www-form-urlencoded"),
        (b"token=%ff%fe&c-=%00", "application/x-www-form-urlencoded"),
        (b"token=x", "application/x-www-form-urlencoded; charset=utf-16"),
        (b"{}", "application/json"),
        (b"not multipart", "multipart/form-data; boundary=x"),
        (b"not multipart", "multipart/form-data"),
        (
            b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nA\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
    ]
    for body, form_type in bodies:
        response = Client().post(url, body, content_type=form_type)
        refused(response, response.status_code)
        assert response.status_code in {400, 403}


def test_no_other_method_changes_anything() -> None:
    page = profile()
    url = public_url(page)
    sent = filled(release_of(page), "2", token=draw(url))
    assert Client().get(url, sent).status_code == 200
    for method in ("put", "patch", "delete", "options"):
        assert getattr(Client(), method)(url).status_code == 405
    assert Client().head(url).status_code == 200
    assert rows() == NO_ROWS
