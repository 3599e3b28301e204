"""A reader's way through the example content: from the home page to her own result, with JavaScript and without.

What the form itself does, step by step, is shown in `test_assessment.py`; here the pages hang together, nothing is sent
before "Send", and one person is counted once.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, expect

from profilecatalog.assessment.models import Answer, Response
from profilecatalog.profiles.api import ProfilePage, latest_release

pytestmark = pytest.mark.usefixtures("example_site")

PROFILE = "Borgerservice"
SEND = "Send, og se mit resultat"
STEP = "form[data-assessment] .actions button.button-primary:visible"


def find_profile(page: Page) -> None:
    """Search from the home page, narrow nothing, and open the profile."""
    page.goto("/")
    page.locator("main input[type=search]").fill("borger")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Søg")
    page.locator("main").get_by_role("link", name=PROFILE, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(PROFILE)


def read_levels(page: Page) -> None:
    """Open the texts of the first competence's levels."""
    row = page.locator(".requirement-row:has(details)").first
    text = row.locator("details p, details dd, details li").first
    expect(text).to_be_hidden()
    row.locator("summary").click()
    expect(text).to_be_visible()


def number_of_questions() -> int:
    release = latest_release(ProfilePage.objects.get(slug="borgerservice"))
    assert release is not None
    return len(release.document.needs)


def expect_result(page: Page) -> None:
    """The result stands there as a picture and as a table with a row for each competence."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Dit resultat")
    assert page.locator(".result-row svg").count() >= number_of_questions()
    expect(page.locator("main table tbody tr")).to_have_count(number_of_questions())


def requests_of(page: Page) -> list[Request]:
    """Return a list that grows with every request from now on."""
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request))
    return sent


def expect_one_more(before: tuple[int, int]) -> None:
    assert (Response.objects.count(), Answer.objects.count()) == (before[0] + 1, before[1] + number_of_questions())


def stored() -> tuple[int, int]:
    return Response.objects.count(), Answer.objects.count()


def test_from_the_home_page_to_a_result_sent_once(page: Page) -> None:
    before = stored()
    find_profile(page)
    read_levels(page)
    page.locator(".page-head").get_by_role("link", name="Vurdér dig selv").click()
    expect(page.get_by_role("heading", name="Hvem kan se dette?")).to_be_visible()
    page.wait_for_load_state("networkidle")
    sent = requests_of(page)
    page.get_by_role("button", name="Begynd").click()
    total = number_of_questions()
    for number in range(1, total + 1):
        expect(page.get_by_text(f"Kompetence {number} af {total}")).to_be_visible()
        expect(page.locator("fieldset:visible")).to_have_count(1)
        page.locator("fieldset:visible input[value='2']").check()
        page.locator(STEP).click()
    expect(page.get_by_role("heading", name="Tjek dine svar")).to_be_visible()
    expect(page.locator(".answers dt")).to_have_count(total)
    assert sent == [], "nothing leaves the machine before it is sent"
    assert stored() == before
    page.get_by_role("button", name=SEND).dblclick()
    expect_result(page)
    assert [request.method for request in sent].count("POST") == 1
    expect_one_more(before)
    assert page.context.cookies() == []
    # Back, and sent again: the same form, which counts once.
    page.go_back()
    while page.get_by_role("button", name=SEND).is_hidden():
        page.locator(STEP).click()
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_text("Du har sendt denne formular før.")).to_be_visible()
    expect_one_more(before)


def test_without_javascript_the_same_way_on_fewer_pages(plain_page: Page) -> None:
    page, before = plain_page, stored()
    find_profile(page)
    read_levels(page)
    page.locator(".page-head").get_by_role("link", name="Vurdér dig selv").click()
    questions = page.locator("fieldset:visible")
    expect(questions).to_have_count(number_of_questions())
    for number in range(number_of_questions()):
        questions.nth(number).locator("input[value='3']").check()
    page.get_by_role("button", name=SEND).click()
    expect_result(page)
    expect_one_more(before)
    assert page.context.cookies() == []
    page.reload()  # the browser sends the form again
    expect(page.get_by_text("Du har sendt denne formular før.")).to_be_visible()
    expect_one_more(before)


def test_an_open_frame_on_the_profile_page_sends_nothing_by_itself(new_visitor: Callable[..., Page]) -> None:
    page = new_visitor()
    sent = requests_of(page)
    page.goto("/profiler/borgerservice/")
    page.get_by_text("Svar her på siden").click()
    expect(page.frame_locator("iframe.assessment-frame").get_by_role("button", name="Begynd")).to_be_visible()
    assert {request.method for request in sent} == {"GET"}
    assert page.context.cookies() == []
