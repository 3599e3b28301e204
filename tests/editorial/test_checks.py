"""The automatic checks of any page: what they find, where, and what they leave alone."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from portal.editorial.checks.reading_ease import measure, sentences
from tests.editorial.moments import found
from tests.factories import pages as make
from tests.factories.contacts import ContactCardFactory
from tests.factories.profiles import ProfilePageFactory

pytestmark = pytest.mark.django_db


def body(*given: tuple[str, Any]) -> Any:
    """Return a draft with these blocks."""
    return make.standard_page(body=make.blocks(*given), published=False)


def messages(findings: Any) -> str:
    return "\n".join(finding.message for finding in findings)


# --- Links within the portal ------------------------------------------------------------------------------------------


def test_links_to_open_pages_and_documents_are_right() -> None:
    target = make.standard_page("Målet")
    document = get_document_model().objects.create(title="Rapport", file=ContentFile(b"x", "rapport.txt"))
    text = f'<p><a linktype="page" id="{target.pk}">x</a> <a linktype="document" id="{document.pk}">y</a></p>'
    page = body(("paragraph", text), ("links", {"heading": "", "links": [make.link("Dertil", target)]}))
    assert found("internal_links", page) == []


def test_a_link_to_a_page_that_is_gone_unpublished_or_closed_stops_where_it_stands() -> None:
    gone, draft = make.standard_page("Væk"), make.standard_page("Kladde", published=False)
    closed = make.standard_page("Lukket")
    PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
    links = [f'<p><a linktype="page" id="{page.pk}">x</a></p>' for page in (gone, draft, closed)]
    page = body(*(("paragraph", link) for link in links))
    gone.delete()
    findings = found("internal_links", page)
    assert [finding.stops for finding in findings] == [True, True, True]
    assert {finding.field for finding in findings} == {"body"}
    assert [finding.row for finding in findings] == [block["id"] for block in page.body.raw_data]
    assert "ikke findes mere" in findings[0].message
    assert "Kladde" in findings[1].message and "Lukket" in findings[2].message
    assert "lukket for offentligheden" in findings[2].message


def test_a_page_below_a_closed_one_is_closed() -> None:
    closed = make.standard_page("Lukket")
    PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
    below = make.standard_page("Nedenfor", parent=closed)
    page = body(("links", {"heading": "", "links": [make.link("Dertil", below)]}))
    assert [finding.row for finding in found("internal_links", page)] == [page.body.raw_data[0]["id"]]


def test_a_link_block_whose_page_was_deleted_is_found() -> None:
    page = body(("links", {"heading": "", "links": [{**make.link("Dertil"), "value": {"text": "Dertil"}}]}))
    assert "fører ingen steder" in messages(found("internal_links", page))


def test_a_contact_card_that_was_taken_off_is_found() -> None:
    shown, hidden = ContactCardFactory.create(), ContactCardFactory.create(active=False)
    page = body(("contacts", {"heading": "", "cards": [shown.pk, hidden.pk]}))
    (finding,) = found("internal_links", page)
    assert str(hidden) in finding.message


def test_a_document_in_a_closed_collection_is_found() -> None:
    closed = Collection.get_first_root_node().add_child(name="Internt")
    CollectionViewRestriction.objects.create(collection=closed, restriction_type=CollectionViewRestriction.LOGIN)
    document = get_document_model().objects.create(
        title="Notat", file=ContentFile(b"x", "notat.txt"), collection=closed
    )
    page = body(("paragraph", f'<p><a linktype="document" id="{document.pk}">y</a></p>'))
    assert "Notat" in messages(found("internal_links", page))


@pytest.mark.parametrize("path", ["/maalet/", "/maalet", "/en/maalet/", "http://localhost/maalet/", "/maalet/?a=1#b"])
def test_a_written_address_of_an_open_page_is_right(path: str) -> None:
    make.standard_page("Målet", slug="maalet")
    assert found("internal_links", body(("paragraph", f'<p><a href="{path}">x</a></p>'))) == []


@pytest.mark.parametrize("path", ["/findes-ikke/", "/kladde/", "http://localhost/maalet/findes-ikke/"])
def test_a_written_address_that_does_not_exist_stops(path: str) -> None:
    make.standard_page("Målet", slug="maalet")
    make.standard_page("Kladde", slug="kladde", published=False)
    (finding,) = found("internal_links", body(("paragraph", f'<p><a href="{path}">x</a></p>')))
    assert finding.stops


def test_an_address_below_a_page_with_addresses_of_its_own_is_right() -> None:
    profile = ProfilePageFactory.make(slug="vejleder")
    page = body(("paragraph", f'<p><a href="{profile.get_url()}udgave/1/">x</a></p>'))
    assert found("internal_links", page) == []


def test_the_number_of_links_does_not_change_the_number_of_questions() -> None:
    few = [make.standard_page(f"Side {number}") for number in range(2)]
    many = few + [make.standard_page(f"Flere {number}") for number in range(20)]
    costs = []
    for targets in (few, many):
        text = "".join(f'<p><a linktype="page" id="{page.pk}">x</a> <a href="{page.url}">y</a></p>' for page in targets)
        page = body(("paragraph", text))
        with CaptureQueriesContext(connection) as queries:
            assert found("internal_links", page) == []
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 9, costs


# --- Text alternatives ------------------------------------------------------------------------------------------------


def picture(alt: str) -> tuple[str, Any]:
    image = get_image_model().objects.create(title="Et møde", file=get_test_image_file())
    return "image", {"image": image.pk, "alt_text": alt, "caption": ""}


def test_a_picture_that_is_described_is_right() -> None:
    assert found("alt_texts", body(picture("To medarbejdere taler sammen ved en skranke."))) == []


def test_a_picture_without_words_is_asked_about_and_may_stop() -> None:
    page = body(picture(""))
    (advice,) = found("alt_texts", page)
    (stop,) = found("alt_texts", page, empty_stops=True)
    assert not advice.stops and stop.stops
    assert advice.row == page.body.raw_data[0]["id"]


@pytest.mark.parametrize("alt", ["IMG_2041", "moede.jpg", "billede", "Skærmbillede 2026-03-01", "DSC00312.JPG"])
def test_a_file_name_is_no_description(alt: str) -> None:
    (finding,) = found("alt_texts", body(picture(alt)))
    assert finding.stops and alt in finding.message


def test_a_picture_in_running_text_is_found() -> None:
    page = body(("paragraph", '<p>Her</p><embed embedtype="image" id="1" alt="logo.png" format="left"/>'))
    (finding,) = found("alt_texts", page)
    assert "logo.png" in finding.message


# --- Headings ---------------------------------------------------------------------------------------------------------


def test_headings_in_order_are_right() -> None:
    page = body(("heading", "Først"), ("paragraph", "<p>x</p><h3>Mere</h3>"), ("heading", "Derefter"))
    assert found("headings", page) == []


def test_an_empty_heading_and_a_skipped_level_stop() -> None:
    page = body(("heading", ""), ("paragraph", "<h4>For dybt</h4>"), ("paragraph", "<h1>For højt</h1>"))
    findings = found("headings", page)
    assert [finding.row for finding in findings] == [block["id"] for block in page.body.raw_data]
    assert all(finding.stops for finding in findings)
    assert "niveau 3" in findings[1].message


def test_a_heading_that_is_left_out_on_purpose_is_no_empty_one() -> None:
    assert found("headings", body(("links", {"heading": "", "links": [make.link("x", url="https://a.dk/")]}))) == []


def test_two_headings_alike_and_a_bold_line_are_advice() -> None:
    page = body(("heading", "Sådan"), ("heading", "sådan"), ("paragraph", "<p><b>Sådan her</b></p><p><b>Husk!</b></p>"))
    findings = found("headings", page)
    assert [finding.stops for finding in findings] == [False, False]
    assert "Sådan her" in findings[1].message


# --- Reading ease -----------------------------------------------------------------------------------------------------

EASY = "Du kan få hjælp. Ring til os. Vi taler om det. " * 5
HEAVY = (
    "Medarbejderen tilvejebringer forudsætningerne for implementeringen af digitaliseringsstrategien gennem systematisk "
    "videreudvikling af kompetenceprofilerne. Det er let nok at forstå, hvis man bare ser det for sig en enkelt gang. "
) * 3


def test_the_figure_is_that_of_the_rule() -> None:
    # Ten words, two sentences, two long words: 5 + 20.
    counted = measure(sentences("Vi taler med borgerne om det. Kommunen hjælper alle."))
    assert (counted.words, counted.sentences, counted.long, counted.lix) == (9, 2, 3, 38)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Vi mødes f.eks. kl. 15.30 i salen. Kom!", 2),
        ("H. C. Andersen blev født den 2. april 1805.", 1),
        ("Vi har kaffe, te osv. Der er plads til alle.", 2),
        ("Se bl.a. Bekendtgørelsen og § 4, stk. 2.", 1),
        ("Det koster ca. 20 kr. Prisen gælder i 2026. Er det dyrt?", 3),
        ("Hun spurgte: “Er du der?” Ingen svarede …", 2),
        ("Læs mere på www.kl.dk/profil. Eller ring.", 2),
    ],
)
def test_sentences_are_split_as_danes_write_them(text: str, parts: int) -> None:
    assert len(sentences(text)) == parts, sentences(text)


def test_a_heavy_text_is_told_with_its_hardest_sentence() -> None:
    page = body(("paragraph", f"<p>{EASY}</p>"), ("paragraph", f"<p>{HEAVY}</p>"))
    (finding,) = found("reading_ease", page, most=20)
    assert finding.row == page.body.raw_data[1]["id"]
    assert "Medarbejderen tilvejebringer" in finding.message and not finding.stops
    assert found("reading_ease", page, most=20, stops=True)[0].stops


def test_an_easy_text_and_a_very_short_one_are_left_alone() -> None:
    assert found("reading_ease", body(("paragraph", f"<p>{EASY}</p>"))) == []
    assert found("reading_ease", body(("paragraph", "<p>Implementeringsforudsætninger tilvejebringes.</p>"))) == []


def test_list_points_are_sentences_of_their_own() -> None:
    points = "".join("<li>Vi hjælper borgere med at finde den rette vej</li>" for _ in range(10))
    assert found("reading_ease", body(("paragraph", f"<ul>{points}</ul>"))) == []
