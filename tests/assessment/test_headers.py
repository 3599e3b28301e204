"""Who may frame the form, who may keep it, and what a browser may load for it."""

import pytest
from django.test import Client

from tests.assessment.pages import draw, embed_url, filled, public_url
from tests.factories.assessment import AARHUS, embed_key, municipality, profile, release_of

pytestmark = pytest.mark.django_db


def ancestors(response: object) -> set[str]:
    policy = response["Content-Security-Policy"]  # type: ignore[index]
    directive = next(part for part in policy.split("; ") if part.startswith("frame-ancestors"))
    return set(directive.split()[1:])


def test_a_municipality_s_own_pages_and_no_others_may_frame_its_address() -> None:
    page = profile()
    origins = "https://intranet.odense.dk\nhttps://*.odense.dk:8443"
    url = embed_url(page, embed_key(municipality(embed_origins=origins)))
    other = embed_url(page, embed_key(municipality(AARHUS)))
    for response in (Client().get(url), Client().post(url, filled(release_of(page), "2", token=draw(url)))):
        assert ancestors(response) == {"https://intranet.odense.dk"}
        assert "X-Frame-Options" not in response
    assert ancestors(Client().get(other)) == {"'none'"}


def test_everywhere_else_only_our_own_pages_may_frame() -> None:
    page = profile()
    municipality(embed_origins="https://intranet.odense.dk")
    for url in (public_url(page), f"{public_url(page)}?ramme", "/indlejret/forkert/profil/"):
        response = Client().get(url)
        assert ancestors(response) == {"'self'"}
        assert response["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize(
    "written",
    ["*", "https:", "https://a.dk;script-src *", "javascript:alert(1)", "https://a.dk,https://b.dk", "'unsafe-inline'"],
)
def test_what_is_no_origin_never_reaches_the_header(written: str) -> None:
    page = profile()
    url = embed_url(page, embed_key(municipality(embed_origins=f"{written}\nhttps://ok.dk")))
    response = Client().get(url)
    assert ancestors(response) == {"https://ok.dk"}
    assert response["Content-Security-Policy"].count("script-src") == 1


def test_results_and_refusals_are_stored_by_nobody() -> None:
    page = profile()
    url = public_url(page)
    result = Client().post(url, filled(release_of(page), "2", token=draw(url)))
    for response in (result, Client().post(url, {}), Client().get("/selvvurdering/findes-ikke/")):
        assert "no-store" in response["Cache-Control"]
    # The form itself may be kept by the browser alone: the back button brings it again, with the token that was used.
    form = Client().get(url)["Cache-Control"]
    assert "private" in form
    assert "no-cache" in form


def test_the_profile_page_frames_the_form_and_stays_the_same_for_everybody() -> None:
    page = profile()
    response = Client().get(page.url)
    html = response.content.decode()
    assert f'src="{public_url(page)}?ramme"' in html
    assert 'loading="lazy"' in html
    assert f'href="{public_url(page)}"' in html
    assert 'name="token"' not in html
    assert not response.cookies
    framed = Client().get(f"{public_url(page)}?ramme").content.decode()
    assert 'class="site-nav"' not in framed
    assert 'class="site-nav"' in Client().get(public_url(page)).content.decode()
