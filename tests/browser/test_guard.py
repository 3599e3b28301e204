"""The browser fixtures themselves: each fault they guard against is seen, and a clean page is not accused."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from tests.support.browser import Guard
from tests.support.quality import axe, html_errors

CLEAN = '<!doctype html><html lang="da"><head><title>Side</title></head><body><main><h1>Side</h1></main></body></html>'


def serve(page: Page, body: str, **headers: str) -> None:
    """Answer the site's own address with a page made for the test."""

    def answer(route: Route) -> None:
        route.fulfill(body=body, content_type="text/html; charset=utf-8", headers=headers)

    page.route("**/made-for-the-test/", answer)
    page.goto("/made-for-the-test/")


def seen(guard: Guard) -> list[str]:
    """Return what was found and expect it, so that this test itself ends well."""
    found = guard.unexpected()
    guard.expect("")
    return found


def test_a_clean_page_is_not_accused(page: Page, guard: Guard) -> None:
    serve(page, CLEAN, **{"content-security-policy": "default-src 'none'"})
    assert guard.unexpected() == []
    assert axe(page) == []
    assert html_errors(page.content(), CLEAN) == []


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("<script>console.error('wrong')</script>", "console: wrong"),
        ("<script>missing()</script>", "script error"),
        (
            '<img alt="" src="http://elsewhere.invalid/pixel.png">',
            "foreign request: http://elsewhere.invalid/pixel.png",
        ),
        ("<script>document.cookie = 'tracker=1'</script>", "foreign cookie: tracker"),
    ],
)
def test_each_fault_is_seen(page: Page, guard: Guard, body: str, word: str) -> None:
    serve(page, CLEAN.replace("<main>", f"{body}<main>"))
    page.wait_for_load_state("networkidle")
    guard.close(page.context)
    assert any(word in line for line in seen(guard))


def test_a_breach_of_the_content_policy_is_seen(page: Page, guard: Guard) -> None:
    serve(
        page,
        CLEAN.replace("<main>", "<p style='color:red'>x</p><main>"),
        **{"content-security-policy": "default-src 'none'"},
    )
    assert any("Content Security Policy" in line for line in seen(guard))


def test_without_javascript_no_script_runs(plain_page: Page) -> None:
    serve(plain_page, CLEAN.replace("<h1>Side", "<script>document.title = 'Script'</script><h1>Side"))
    assert plain_page.title() == "Side"


def test_two_visitors_share_nothing(new_visitor: Callable[..., Page]) -> None:
    one, other = new_visitor(), new_visitor()
    one.context.add_cookies([{"name": "sessionid", "value": "x", "domain": "127.0.0.1", "path": "/"}])
    assert other.context.cookies() == []


def test_axe_and_the_html_checker_see_faults(page: Page) -> None:
    bad = CLEAN.replace("<h1>Side</h1>", '<h1>Side</h1><img src="data:,"><div id="a"></div><div id="a"></div>')
    serve(page, bad)
    assert any(line.startswith("image-alt") for line in axe(page))
    errors = html_errors(CLEAN, bad)
    assert any("Duplicate ID" in line for line in errors)
    assert all(line.startswith("document 1,") for line in errors)
