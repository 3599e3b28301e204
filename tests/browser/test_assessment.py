"""A whole self-assessment in a browser: with and without JavaScript, by keyboard, in a frame, on a phone."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from profilecatalog.assessment.models import Answer, Response
from profilecatalog.profiles.api import ProfilePage
from tests.assessment.pages import embed_url, public_url
from tests.factories.assessment import embed_key, municipality, profile
from tests.support.quality import axe, html_errors

pytestmark = pytest.mark.django_db(transaction=True)

STILL = {"reduced_motion": "reduce"}


@pytest.fixture
def borgerservice() -> ProfilePage:
    """A profile with three competences."""
    return profile(competences=3, title="Borgerservice", slug="borgerservice")


def levels() -> list[int | None]:
    return sorted(Answer.objects.values_list("level", flat=True), key=lambda level: level or 0)


def choose(page: Page, value: str) -> None:
    page.locator(f"fieldset:visible input[value='{value}']").check()


def test_one_question_at_a_time_then_check_then_send(
    new_visitor: Callable[..., Page], borgerservice: ProfilePage
) -> None:
    page = new_visitor(**STILL)
    page.goto(public_url(borgerservice))
    expect(page.locator("fieldset:visible")).to_have_count(0)
    page.get_by_label("Hvor arbejder du?").select_option("0461")
    page.get_by_role("button", name="Begynd").click()
    expect(page.get_by_text("Kompetence 1 af 3")).to_be_visible()
    expect(page.locator("fieldset:visible legend")).to_be_focused()
    # An open question holds one back, and says why.
    page.get_by_role("button", name="Næste kompetence").click()
    expect(page.get_by_role("alert")).to_have_text("Vælg det niveau, der passer bedst, eller “Ved ikke”.")
    assert axe(page) == []
    choose(page, "1")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("button", name="Næste kompetence").click()
    choose(page, "3")
    page.get_by_role("button", name="Tilbage").click()
    expect(page.get_by_text("Kompetence 1 af 3")).to_be_visible()
    page.get_by_role("button", name="Næste kompetence").click()
    page.get_by_role("button", name="Næste kompetence").click()
    choose(page, "dont_know")
    page.get_by_role("button", name="Tjek dine svar").click()
    # Nothing has left the machine yet.
    expect(page.get_by_role("heading", name="Tjek dine svar")).to_be_focused()
    assert not Response.objects.exists()
    assert axe(page) == []
    page.get_by_role("button", name="Ret").first.click()
    choose(page, "2")
    page.get_by_role("button", name="Tjek dine svar").click()
    page.get_by_role("button", name="Send, og se mit resultat").click()
    expect(page.get_by_role("heading", name="Dit resultat")).to_be_visible()
    assert axe(page) == []
    assert levels() == [None, 2, 3]
    assert Response.objects.get().round.municipality == municipality()
    # The back button brings the same form again; sent once more, it does not count twice.
    page.go_back()
    expect(page.locator("input:checked")).to_have_count(3)
    while page.get_by_role("button", name="Send, og se mit resultat").is_hidden():
        page.locator("form .actions button.button-primary:visible").click()
    page.get_by_role("button", name="Send, og se mit resultat").click()
    expect(page.get_by_text("Du har sendt denne formular før.")).to_be_visible()
    assert Response.objects.count() == 1


def test_by_keyboard_alone(new_visitor: Callable[..., Page], borgerservice: ProfilePage) -> None:
    page = new_visitor(**STILL)
    page.goto(public_url(borgerservice))
    page.get_by_label("Hvor arbejder du?").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for _ in range(3):
        expect(page.locator("fieldset:visible legend")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        # Enter in a choice goes on; it does not send.
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Tjek dine svar")).to_be_focused()
    assert not Response.objects.exists()
    for _ in range(4):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send, og se mit resultat")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Dit resultat")).to_be_visible()
    assert levels() == [2, 2, 2]


def test_without_javascript_all_on_one_page(
    new_visitor: Callable[..., Page], guard: Any, borgerservice: ProfilePage
) -> None:
    guard.expect("400")
    page = new_visitor(java_script_enabled=False, viewport={"width": 320, "height": 700})
    page.goto(public_url(borgerservice))
    form = page.content()
    expect(page.locator("fieldset:visible")).to_have_count(3)
    questions = page.locator("fieldset")
    for number in (0, 2):
        questions.nth(number).locator("input[value='3']").check()
    page.get_by_role("button", name="Send, og se mit resultat").click()
    expect(page.get_by_role("heading", name="Der er problemer")).to_be_visible()
    with_error = page.content()
    expect(page.locator("input:checked")).to_have_count(2)
    page.locator("[data-error-summary] a").click()
    questions.nth(1).get_by_label("Ikke relevant for mit job").check()
    page.get_by_role("button", name="Send, og se mit resultat").click()
    expect(page.get_by_role("heading", name="Dit resultat")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert levels() == [None, 3, 3]
    assert html_errors(form, with_error, page.content()) == []


class Intranet:
    """A municipality's own site: a real server, since browsers do not take a made-up page for a local one."""

    def __init__(self) -> None:
        self.frame = ""
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                frame = f'<iframe src="{site.frame}" title="Vurdér dig selv" width="760" height="900"></iframe>'
                self.wfile.write(f'<!DOCTYPE html><html lang="da"><title>Intranet</title>{frame}'.encode())

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
                """Stay quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def intranet() -> Iterator[Intranet]:
    """A site of another origin that shows the form in a frame."""
    site = Intranet()
    threading.Thread(target=site.server.serve_forever, daemon=True).start()
    yield site
    site.server.shutdown()
    site.server.server_close()


def test_in_a_frame_on_a_municipality_s_own_page(
    new_visitor: Callable[..., Page],
    live_server: Any,
    intranet: Intranet,
    borgerservice: ProfilePage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The intranet of the test speaks http on a port of its own; a real one must speak https.
    monkeypatch.setattr("portal.organisations.selectors.is_origin", lambda text: text == intranet.origin)
    municipality(embed_origins=intranet.origin)
    intranet.frame = f"{live_server.url}{embed_url(borgerservice, embed_key(municipality()))}"
    page = new_visitor(**STILL)
    page.goto(intranet.origin)
    frame = page.frame_locator("iframe")
    for _ in range(3):
        frame.locator("fieldset:visible input[value='2']").check()
        frame.locator("form .actions button.button-primary:visible").click()
    frame.get_by_role("button", name="Send, og se mit resultat").click()
    expect(frame.get_by_role("heading", name="Dit resultat")).to_be_visible()
    assert Response.objects.get().round.municipality == municipality()
    assert page.context.cookies() == []


def test_no_other_site_may_frame_it(
    new_visitor: Callable[..., Page],
    guard: Any,
    live_server: Any,
    intranet: Intranet,
    borgerservice: ProfilePage,
) -> None:
    guard.expect("frame-ancestors|Content Security Policy")
    municipality(embed_origins="https://intranet.odense.dk")
    intranet.frame = f"{live_server.url}{embed_url(borgerservice, embed_key(municipality()))}"
    page = new_visitor()
    page.goto(intranet.origin)
    expect(page.frame_locator("iframe").locator("fieldset")).to_have_count(0)
    page.wait_for_timeout(500)
    assert any("frame-ancestors" in finding for finding in guard.findings)


def test_the_profile_page_opens_the_form_in_its_place(
    new_visitor: Callable[..., Page], borgerservice: ProfilePage
) -> None:
    page = new_visitor(**STILL)
    page.goto(borgerservice.url or "")
    page.get_by_text("Svar her på siden").click()
    frame = page.frame_locator("iframe.assessment-frame")
    frame.get_by_role("button", name="Begynd").click()
    expect(frame.get_by_text("Kompetence 1 af 3")).to_be_visible()
    # The frame is as tall as its content, no less and no more, and stays so.
    inside = page.frames[1]
    page.wait_for_timeout(500)
    content = inside.evaluate("document.querySelector('main').getBoundingClientRect().bottom + scrollY")
    assert inside.evaluate("innerHeight") == pytest.approx(content, abs=6)
    before = inside.evaluate("innerHeight")
    frame.get_by_role("button", name="Tilbage").click()
    page.wait_for_timeout(500)
    assert inside.evaluate("innerHeight") < before
