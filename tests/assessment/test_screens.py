"""What the pages cost, and what the command prints."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from profilecatalog.assessment.models import EmbedKey
from tests.assessment.pages import draw, embed_url, filled, public_url
from tests.factories.assessment import embed_key, municipality, profile, release_of

pytestmark = pytest.mark.django_db


def cost(act: Any) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert act().status_code == 200
    return len(queries)


def test_the_number_of_queries_is_the_same_for_few_and_many_competences() -> None:
    counts = []
    key = embed_key(municipality())
    # The first answer of a quarter opens the round.
    warm = profile(competences=1)
    Client().post(embed_url(warm, key), filled(release_of(warm), "2", token=draw(embed_url(warm, key))))
    for competences in (2, 12):
        page = profile(competences=competences)
        release, url = release_of(page), embed_url(page, key)
        sent = filled(release, "2", token=draw(url))
        Client().get(public_url(page))
        counts.append(
            (
                cost(lambda url=url: Client().get(url)),
                cost(lambda url=url, sent=sent: Client().post(url, sent)),
                cost(lambda page=page: Client().get(public_url(page))),
            )
        )
    assert counts[0] == counts[1]
    form, sent_form, public = counts[0]
    assert form <= 8
    assert sent_form <= 18
    assert public <= 15


def test_the_command_prints_what_a_municipality_pastes() -> None:
    page = profile(title="Borgerservice", slug="borgerservice")
    out, notes = StringIO(), StringIO()
    call_command("embed_code", "0461", "borgerservice", stdout=out, stderr=notes)
    key = EmbedKey.objects.get()
    assert out.getvalue().strip() == (
        f'<iframe src="http://testserver{embed_url(page, key)}" title="Vurdér dig selv: Borgerservice" '
        'width="760" height="900" loading="lazy"></iframe>'
    )
    assert "no pages yet" in notes.getvalue()
    municipality(embed_origins="https://intranet.odense.dk")
    again, notes = StringIO(), StringIO()
    call_command("embed_code", "0461", "borgerservice", stdout=again, stderr=notes)
    assert (again.getvalue(), notes.getvalue()) == (out.getvalue(), "")
    assert Client().get(embed_url(page, key)).status_code == 200


@pytest.mark.parametrize(("code", "slug"), [("9999", "borgerservice"), ("0461", "findes-ikke")])
def test_the_command_says_what_it_does_not_know(code: str, slug: str) -> None:
    profile(slug="borgerservice")
    with pytest.raises(CommandError):
        call_command("embed_code", code, slug)
    assert not EmbedKey.objects.exists()


def test_the_public_form_promises_the_smallest_group_that_any_municipality_may_show() -> None:
    """Where one works is chosen later, so the promise must hold wherever that is."""
    page = profile()
    assert "mindst 8" in Client().get(public_url(page)).content.decode()
    municipality(min_responses=5)
    assert "mindst 5" in Client().get(public_url(page)).content.decode()
