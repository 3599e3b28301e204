"""The components: each is on the sheet, keeps the strict policy, and says in words what it draws."""

import re
import shutil
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.exceptions import PermissionDenied
from django.template import Context, engines
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from portal.core.component_sheet.samples import GROUPS, sample
from portal.core.templatetags import frame, icons
from portal.core.templatetags.frame import STYLE_SHEETS
from tests.core.markup import read

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "templates" / "components"
ON_SHEET = [name for group in GROUPS for name in group.components]
# Parts of the frame, which every page of the sheet shows, and buttons that stand inside other samples.
IN_THE_FRAME = {"brand", "site_header", "site_footer"}
INSIDE_OTHERS = {"print_button", "toggle_all", "only_essential"}
MOST_BYTES = 15 * 1024


def draw(source: str, **context: Any) -> str:
    return engines["django"].from_string("{% load components %}" + source).render(context)


def request() -> Any:
    return RequestFactory().get("/komponenter/", {"type": "kursus", "side": "2"})


# --- The sheet -----------------------------------------------------------------------------------------------------


def test_every_component_stands_on_the_sheet_once() -> None:
    templates = {path.stem for path in FOLDER.glob("*.html")} - IN_THE_FRAME - INSIDE_OTHERS
    assert len(ON_SHEET) == len(set(ON_SHEET))
    assert templates <= set(ON_SHEET)
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(ON_SHEET)


def test_the_catalogue_names_every_component() -> None:
    catalogue = (FOLDER / "README.md").read_text(encoding="utf-8")
    tags = {"field": "form_field"}
    unnamed = [path.stem for path in FOLDER.glob("*.html") if f"{tags.get(path.stem, path.stem)}" not in catalogue]
    assert unnamed == []


@pytest.mark.parametrize("name", ON_SHEET)
def test_a_sample_keeps_the_strict_policy_and_nests_rightly(name: str) -> None:
    shown = sample(name, request())
    drawn = read(shown.html)
    assert drawn.all_problems == []
    assert 1 not in drawn.headings
    assert len(shown.when) > 20
    assert "<" in shown.html


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.slug or "start")
def test_a_page_of_the_sheet(client: Client, db: None, group: Any) -> None:
    response = client.get(f"/komponenter/{group.slug + '/' if group.slug else ''}")
    page = read(response.content.decode())
    assert response.status_code == 200
    assert page.all_problems == []
    assert page.headings.count(1) == 1
    assert all(below <= above + 1 for above, below in zip(page.headings, page.headings[1:], strict=False))
    assert all(f'<section id="{name}"' in response.content.decode() for name in group.components)


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.slug or "start")
def test_a_page_of_the_sheet_loads_little_css(client: Client, db: None, group: Any) -> None:
    page = read(client.get(f"/komponenter/{group.slug + '/' if group.slug else ''}").content.decode())
    sheets = [finders.find(address.removeprefix("/static/")) for address in page.stylesheets]
    assert len(sheets) >= 2
    assert sum(Path(str(sheet)).stat().st_size for sheet in sheets) <= MOST_BYTES


def test_the_sheet_in_english_marks_the_danish_samples(client: Client, db: None) -> None:
    html = client.get("/en/komponenter/").content.decode()
    assert '<html lang="en">' in html
    assert '<div class="stack-l" lang="da">' in html
    assert "Go to the page&#x27;s content" in html or "Go to the page's content" in html
    assert 'lang="da"' not in client.get("/komponenter/").content.decode().replace('<html lang="da">', "")


def test_a_page_travels_compressed(client: Client, db: None) -> None:
    response = client.get("/komponenter/", headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert len(response.content) < 8_000


def test_an_unknown_group_is_not_found_and_only_reading_is_allowed(client: Client, db: None) -> None:
    assert client.get("/komponenter/ukendt/").status_code == 404
    assert client.post("/komponenter/").status_code == 405


# --- Styles and scripts --------------------------------------------------------------------------------------------


def css(name: str) -> str:
    return Path(str(finders.find(f"portal/css/{name}.css"))).read_text(encoding="utf-8")


def test_each_style_sheet_fits_beside_the_one_of_every_page() -> None:
    always = len(css("portal").encode())
    assert {path.stem for path in Path(str(finders.find("portal/css"))).glob("*.css")} - {
        "portal",
        "admin",
        "editorial",
        "search-admin",
    } == STYLE_SHEETS
    assert {
        name: always + len(css(name).encode()) for name in STYLE_SHEETS if always + len(css(name).encode()) > MOST_BYTES
    } == {}


def test_the_scripts_fit() -> None:
    assert Path(str(finders.find("portal/js/portal.js"))).stat().st_size <= MOST_BYTES


def test_the_style_sheets_ask_nobody_outside_and_use_known_colours() -> None:
    defined = set(re.findall(r"(--[\w-]+):", css("portal")))
    for name in (*STYLE_SHEETS, "portal"):
        assert "http" not in css(name)
        assert "!important" not in css(name)
        assert set(re.findall(r"var\((--[\w-]+)\)", css(name))) <= defined


@pytest.mark.parametrize("address", re.findall(r'url\("([^"]+)"\)', css("portal")))
def test_what_the_style_sheet_names_is_there(address: str) -> None:
    assert finders.find(str(Path("portal/css") / address).replace("portal/css/../../", ""))


def test_collected_files_keep_the_layer_and_the_preloaded_name(tmp_path: Path) -> None:
    """The manifest storage gives every file a new name: what is preloaded must be what is imported."""
    shutil.copytree(ROOT / "portal" / "static", tmp_path, dirs_exist_ok=True)
    unused = shutil.ignore_patterns("scss", "js", "complete", "dkfds-*", "*.eot")
    shutil.copytree(ROOT / "node_modules" / "dkfds" / "dist", tmp_path / "dkfds", ignore=unused)
    storage = ManifestStaticFilesStorage(location=tmp_path, base_url="/static/")
    # Its own fonts are never asked for, and their style sheet names formats that are left out here.
    base = tmp_path / "dkfds" / "css" / "dkfds.min.css"
    base.write_text(re.sub(r"@font-face\{[^}]*\}", "", base.read_text(encoding="utf-8")), encoding="utf-8")
    names = [str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file()]
    names.remove("dkfds/css/dkfds.css")
    problems = [done for _, _, done in storage.post_process({name: (storage, name) for name in names})]
    assert [done for done in problems if isinstance(done, Exception)] == []
    collected = (tmp_path / storage.stored_name("portal/css/portal.css")).read_text(encoding="utf-8")
    hashed = storage.stored_name("dkfds/css/dkfds.min.css")
    assert hashed != "dkfds/css/dkfds.min.css"
    assert collected.startswith(f'@import url("../../{hashed}") layer(dkfds);')
    font = storage.stored_name("dkfds/fonts/IBMPlexSans/split/woff2/IBMPlexSans-Regular-Latin1.woff2")
    assert f'url("../../{font}")' in collected


def test_an_unknown_style_sheet_is_an_error() -> None:
    with pytest.raises(ValueError, match="no style sheet"):
        draw('{% styles "rows" "colours" %}')


# --- Icons ---------------------------------------------------------------------------------------------------------


def test_an_icon_is_drawn_inline_and_hidden_from_screen_readers() -> None:
    html = draw('{% icon "print" %}')
    assert html.startswith('<svg class="icon-svg" viewBox="0 -960 960 960" aria-hidden="true" focusable="false"><path ')
    assert "xmlns" not in html


@pytest.mark.parametrize("name", ["no-such-icon", "../../LICENSE", "print.svg", "", "Print"])
def test_an_unknown_icon_is_an_error(name: str) -> None:
    with pytest.raises(ValueError, match="icon"):
        icons.drawing(name)


def test_an_icon_that_holds_more_than_paths_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(icons, "_source", lambda name: '<svg viewBox="0 0 1 1"><path onload="x()" d=""/></svg>')
    with pytest.raises(ValueError, match="more than paths"):
        icons.drawing("evil-icon")


# --- Requirements ---------------------------------------------------------------------------------------------------


NAMES = ("Kender", "Kan", "Mestrer", "Udvikler")


def test_a_requirement_row_says_everything_in_words() -> None:
    html = draw(
        "{% requirement_row name=name url='/k/' importance='Afgørende' essential=True kind='Færdighed' now=2 future=3"
        " year=2028 level_names=names level_texts=texts change='Ny i udgave 3' team_notes=notes %}",
        name="Ro i <svære> samtaler",
        names=NAMES,
        texts=["a", "b", "c", "d"],
        notes=["mindst 2 på holdet på niveau 3"],
    )
    for words in (
        "2 Kan",
        "3 Mestrer",
        "I 2028",
        "Krav nu",
        "Krav i 2028",
        "Afgørende",
        "Ny i udgave 3",
        "Se de 4 niveauer",
    ):
        assert words in html
    assert "Kravet gælder holdet, ikke dig alene." in html
    assert "Ro i &lt;svære&gt; samtaler" in html
    assert html.count('class="need"') == 2
    assert "essential" in html


def test_a_row_without_a_requirement_shows_no_mark() -> None:
    html = draw("{% requirement_row name='A' level_names=names %}", names=NAMES)
    assert "level-mark" not in html
    assert "<details" not in html
    assert "essential" not in html


def test_what_a_course_lifts_is_said_as_from_and_to() -> None:
    html = draw("{% now_next level_names=names now=2 future=3 from_to=True %}", names=NAMES)
    assert re.findall(r"<d[td]>([^<]+)", html) == ["Fra", "2 Kan", "Til", "3 Mestrer"]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('"min_count" 2 3 2028', "mindst 2 på holdet på niveau 3 i 2028"),
        ('"min_share" 30 3 None', "mindst 30 % af holdet på niveau 3"),
        ('"everyone" None 2 None', "alle på holdet på niveau 2"),
    ],
)
def test_a_requirement_of_the_team_in_words(source: str, words: str) -> None:
    assert draw(f"{{% team_requirement {source} %}}") == words


# --- Lists and forms -----------------------------------------------------------------------------------------------


def test_an_event_says_its_whole_date_in_danish_time() -> None:
    start = datetime(2026, 10, 8, 13, 30, tzinfo=ZoneInfo("UTC"))
    end = datetime(2026, 10, 8, 15, 30, tzinfo=ZoneInfo("UTC"))
    html = draw("{% event_row title='A' url='/a/' starts_at=start ends_at=end place='Odense' %}", start=start, end=end)
    assert "Torsdag 8. oktober 2026 kl. 15.30–17.30 · Odense" in html
    assert "<b>8</b>okt." in html


class Form(forms.Form):
    email = forms.EmailField(label="Mail", help_text="Kun om mødet")
    who = forms.ChoiceField(label="Hvem", choices=[("a", "Mig"), ("b", "Os")], widget=forms.RadioSelect)
    kinds = forms.MultipleChoiceField(
        label="Type", choices=[("x", "X"), ("y", "Y")], widget=forms.CheckboxSelectMultiple, required=False
    )
    agree = forms.BooleanField(label="Ja", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_field_ties_label_hint_and_error_to_its_control() -> None:
    form = Form({"email": "navn@", "kinds": ["x"]})
    html = draw("<form>{% for field in form %}{% form_field field %}{% endfor %}</form>", form=form)
    assert read(html).all_problems == []
    assert 'aria-describedby="id_email-hint id_email-error"' in html
    assert 'aria-invalid="true"' in html
    assert html.count('class="form-radio"') == 2
    assert html.count('class="form-checkbox"') == 3
    assert re.search(r'value="x"[^>]*checked', html)
    assert "Type (valgfrit)" in html
    assert "Mail (valgfrit)" not in html
    assert 'type="hidden" name="secret"' in html


def test_the_error_summary_leads_to_each_field() -> None:
    html = draw("{% error_summary form %}{% for field in form %}{% form_field field %}{% endfor %}", form=Form({}))
    targets = re.findall(r'<li><a href="#([^"]+)"', html)
    assert targets == ["id_email", "id_who_0"]
    assert set(targets) <= set(read(html).ids)
    assert "Der er problemer" in html
    assert "tabindex" in html


def test_no_errors_no_summary() -> None:
    assert draw("{% error_summary form %}", form=Form({"email": "a@b.dk", "who": "a"})).strip() == ""
    assert draw("{% error_summary form %}", form=Form()).strip() == ""


def test_the_pages_of_a_list_keep_the_other_choices() -> None:
    html = sample("pagination", request()).html
    assert 'href="?type=kursus&amp;side=1"' in html
    assert 'href="?type=kursus&amp;side=3"' in html
    assert "Side 2 af 5" in html


# --- Frames and error pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
@pytest.mark.parametrize("language", ["da", "en"])
def test_an_error_page_needs_no_database_and_no_request(name: str, language: str) -> None:
    # No `db` fixture: a query would fail the test.
    with translation.override(language):
        html = render_to_string(f"{name}.html")
    page = read(html)
    assert page.all_problems == []
    assert page.headings.count(1) == 1
    assert html.startswith("<!DOCTYPE html>")
    assert f'<html lang="{language}">' in html
    assert 'content="noindex"' in html


def test_the_error_page_of_a_failing_view(client: Client, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    def fail(*args: Any) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr("portal.core.component_sheet.views.sample", fail)
    client.raise_request_exception = False
    response = client.get("/komponenter/")
    assert response.status_code == 500
    assert "Noget gik galt hos os" in response.content.decode()
    assert "disk full" not in response.content.decode()


def test_no_access_has_a_page_of_its_own(client: Client, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    def refuse(*args: Any) -> None:
        raise PermissionDenied

    monkeypatch.setattr("portal.core.component_sheet.views.sample", refuse)
    response = client.get("/komponenter/")
    assert response.status_code == 403
    assert "Du har ikke adgang til siden" in response.content.decode()


def test_menu_and_footer_come_from_above(monkeypatch: pytest.MonkeyPatch) -> None:
    chrome = {
        "menu_items": [{"title": "Profiler", "url": "/profiler/", "current": "page"}],
        "search_url": "/soeg/",
        "account_links": [{"title": "Log ind", "url": "/konto/log-ind/"}],
        "footer_columns": [{"title": "Hjælp", "links": [{"title": "Kontakt", "url": "/kontakt/"}]}],
        "footer_links": [{"title": "Privatlivspolitik", "url": "/privatliv/"}],
        "footer_notes": ["Alt indhold her er eksempelindhold"],
    }
    asked_for: list[str] = []

    def collect(place: str, asked: Any) -> list[Any]:
        asked_for.append(place)
        return [SimpleNamespace(context=chrome)]

    monkeypatch.setattr("portal.core.templatetags.frame.sections.collect", collect)
    html = render_to_string("404.html", request=request())
    assert asked_for == ["site.menu"]
    header, footer = html[: html.index("<main")], html[html.index("</main>") :]
    assert '<a href="/profiler/" aria-current="page">Profiler</a>' in header
    assert 'href="/soeg/"' in header
    assert 'hreflang="en"' in header
    assert "Log ind" in header
    assert "Alt indhold her er eksempelindhold" in footer
    assert 'href="/privatliv/"' in footer
    assert 'action="/soeg/"' in html


def test_the_search_page_is_reached_from_every_header(client: Client, db: None) -> None:
    assert '<li class="end"><a href="/soeg/">' in client.get("/komponenter/").content.decode()
    assert '<li class="end"><a href="/en/soeg/">' in client.get("/en/komponenter/").content.decode()


def test_the_other_language_leads_to_the_same_page_and_choices() -> None:
    link = frame.other_language(Context({"request": request()}))
    assert link is not None
    assert (link.code, link.url) == ("en", "/en/komponenter/?type=kursus&side=2")
    with translation.override("en"):
        back = frame.other_language(Context({"request": RequestFactory().get("/en/komponenter/krav/")}))
    assert back is not None
    assert (back.code, back.name, back.url) == ("da", "Dansk", "/komponenter/krav/")


def test_a_page_preloads_exactly_what_it_uses() -> None:
    html = render_to_string("500.html")
    preloads = re.findall(r'<link rel="preload" href="/static/([^"]+)"', html)
    assert all(finders.find(address) for address in preloads)
    assert all(address in css("portal") for address in preloads)
