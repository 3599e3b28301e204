"""The catalogues: what is extracted, what stays, and what the check refuses."""

from pathlib import Path

import pytest

from portal.core import catalogues
from tests.support.services import ROOT

AREA = "events"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with one area in it."""
    (tmp_path / "events").mkdir()
    (tmp_path / "templates" / "events").mkdir(parents=True)
    return tmp_path


def write(root: Path, *, python: str = "", template: str = "") -> None:
    (root / "events" / "models.py").write_text(python)
    (root / "templates" / "events" / "list.html").write_text(template)


def translate(root: Path, msgid: str, msgstr: str) -> None:
    file = catalogues.path(root, AREA)
    text = file.read_text()
    entry = f'msgid "{msgid}"\nmsgstr ""'
    assert entry in text
    file.write_text(text.replace(entry, f'msgid "{msgid}"\nmsgstr "{msgstr}"'))


def problems(root: Path) -> list[str]:
    return [problem.what for problem in catalogues.check(root, AREA)]


def test_texts_of_code_and_templates_are_found_with_context_and_plural(root: Path) -> None:
    write(
        root,
        python='_("One %(a)s "\n  "and two")\npgettext_lazy("month", "May")\nngettext("%d day", "%d days", n)\n',
        template=(
            "   <p>{% translate 'Dates' %}</p>\n {{ _(\"It's on\") }}\n"
            "  {% blocktranslate trimmed count n=rows|length %}\n    {{ n }} meeting in <b>{{ town }}</b>\n"
            "  {% plural %}{{ n }} meetings in <b>{{ town }}</b>{% endblocktranslate %}"
        ),
    )
    found = catalogues.extracted(root, AREA)
    assert set(found) == {
        (None, "One %(a)s and two"),
        ("month", "May"),
        (None, "%d day"),
        (None, "Dates"),
        (None, "It's on"),
        (None, "%(n)s meeting in <b>%(town)s</b>"),
    }
    assert found[None, "%(n)s meeting in <b>%(town)s</b>"].id[1] == "%(n)s meetings in <b>%(town)s</b>"


def test_an_update_keeps_translations_drops_what_is_gone_and_changes_nothing_the_second_time(root: Path) -> None:
    write(root, python='_("Place")\n_("Time")\n')
    assert catalogues.update(root, AREA) == 2
    translate(root, "Place", "Sted")
    write(root, python='_("Place")\n_("Address")\n')
    assert catalogues.update(root, AREA) == 1
    once = catalogues.path(root, AREA).read_text()
    assert "Sted" in once
    assert "Time" not in once
    catalogues.update(root, AREA)
    assert catalogues.path(root, AREA).read_text() == once


def test_a_broken_source_stops_the_update_and_loses_nothing(root: Path) -> None:
    write(root, python='_("Place")\n')
    catalogues.update(root, AREA)
    translate(root, "Place", "Sted")
    write(root, python='_("Place"\n"""')
    with pytest.raises(catalogues.ExtractionError, match=r"models\.py"):
        catalogues.update(root, AREA)
    assert "Sted" in catalogues.path(root, AREA).read_text()


@pytest.mark.parametrize(
    ("msgid", "msgstr", "fault"),
    [
        ("Place", "", "untranslated"),
        ("Hello %(name)s", "Hej %(navn)s", "placeholders"),
        ("Hello {name}", "Hej", "placeholders"),
        ("<b>Hello</b>", "Hej", "HTML tags"),
        ("Hello ", "Hej", "white space"),
    ],
)
def test_a_wrong_translation_is_refused(root: Path, msgid: str, msgstr: str, fault: str) -> None:
    write(root, python=f'_("{msgid}")\n')
    catalogues.update(root, AREA)
    if msgstr:
        translate(root, msgid, msgstr)
    assert len(problems(root)) == 1
    assert fault in problems(root)[0]


def test_a_catalogue_out_of_step_or_fuzzy_is_refused(root: Path) -> None:
    write(root, python='_("Place")\n')
    catalogues.update(root, AREA)
    translate(root, "Place", "Sted")
    assert problems(root) == []
    write(root, python='_("Time")\n')
    assert sorted(problems(root)) == [
        "in no source any more (manage.py messages update)",
        "not in the catalogue (manage.py messages update)",
    ]
    write(root, python='_("Place")\n')
    file = catalogues.path(root, AREA)
    file.write_text(file.read_text().replace('msgid "Place"', '#, fuzzy\nmsgid "Place"'))
    assert problems(root) == ["marked as fuzzy"]


def test_two_areas_that_translate_one_text_in_two_ways_are_refused(root: Path) -> None:
    (root / "learning").mkdir()
    (root / "learning" / "models.py").write_text('_("Place")\n')
    write(root, python='_("Place")\n')
    catalogues.update(root, AREA)
    translate(root, "Place", "Sted")
    catalogues.update(root, "learning")
    assert list(catalogues.check_agreement(root, [AREA, "learning"])) == [], "the new area took the translation over"
    file = catalogues.path(root, "learning")
    file.write_text(file.read_text().replace("Sted", "Plads"))
    assert len(list(catalogues.check_agreement(root, [AREA, "learning"]))) == 1


def test_compiling_is_done_once(root: Path) -> None:
    write(root, python='_("Place")\n')
    catalogues.update(root, AREA)
    assert catalogues.compile_area(root, AREA)
    assert not catalogues.compile_area(root, AREA)


def test_each_area_has_sources_in_the_repository_and_no_template_is_in_two() -> None:
    files = [file for area in catalogues.AREAS for file in catalogues.sources(ROOT, area)]
    assert len(files) == len(set(files))
    templates = set((ROOT / "templates").rglob("*.html"))
    assert templates <= set(files)
