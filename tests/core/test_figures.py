"""The drawn components: where the shapes stand, and that they say in words what they draw."""

import re
from typing import Any

import pytest
from django.template import engines
from django.utils import translation

from portal.core.figures import distribution, level_mark, path_map, tile_map, track

NAMES = ("Kender", "Kan", "Mestrer", "Udvikler")


def draw(source: str, **context: Any) -> str:
    return engines["django"].from_string("{% load components %}" + source).render(context)


# --- Levels --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "future", "states"),
    [
        (2, None, ["on", "on", "", ""]),
        (2, 2, ["on", "on", "", ""]),
        (2, 4, ["on", "on", "grow", "grow"]),
        (3, 1, ["on", "fade", "fade", ""]),
        (None, 2, ["grow", "grow", "", ""]),
        (3, 0, ["fade", "fade", "fade", ""]),
        (None, None, ["", "", "", ""]),
    ],
)
def test_the_steps_of_a_mark(now: int | None, future: int | None, states: list[str]) -> None:
    drawn = level_mark.steps(now, future, 4)
    assert [step.state for step in drawn] == states
    # Form, not only colour: what grows and what falls has lines of its own kind, the rest has none.
    assert all(bool(step.lines) == (step.state in {"grow", "fade"}) for step in drawn)
    grown = {step.lines.count("l") > 0 for step in drawn if step.state == "grow"}
    fallen = {step.lines.count("L") for step in drawn if step.state == "fade"}
    assert grown <= {True}
    assert fallen <= {1}


@pytest.mark.parametrize("levels", range(1, 8))
def test_a_mark_of_any_scale_keeps_its_size(levels: int) -> None:
    drawn = level_mark.steps(levels, levels, levels)
    right = [float(step.x) + float(step.width) for step in drawn]
    assert len(drawn) == levels
    assert max(right) <= level_mark.WIDTH
    assert all(float(step.y) + float(step.height) == pytest.approx(23.5, abs=0.02) for step in drawn)
    assert all(float(after.x) > edge for edge, after in zip(right, drawn[1:], strict=False))


@pytest.mark.parametrize(("now", "future", "levels"), [(5, None, 4), (1, 5, 4), (-1, 1, 4), (1, 1, 0), (1, 1, 8)])
def test_a_level_outside_the_scale_is_an_error(now: int, future: int | None, levels: int) -> None:
    with pytest.raises(ValueError, match="cannot show"):
        level_mark.steps(now, future, levels)


# --- Figures -------------------------------------------------------------------------------------------------------


def test_signs_that_share_a_cell_stand_beside_each_other() -> None:
    drawn = track.draw(me=3, now=3, future=3, names=NAMES)
    assert (drawn.me, drawn.now, drawn.future) == ("56%", "62.5%", "69%")
    apart = track.draw(me=1, now=2, future=3, names=NAMES)
    assert (apart.me, apart.now, apart.future) == ("12.5%", "37.5%", "62.5%")


def test_a_result_without_a_level_is_told_in_words_and_has_no_circle() -> None:
    html = draw("{% track name='A' level_names=names answer='ved ikke' now=1 future=2 year=2028 %}", names=NAMES)
    assert 'aria-label="A: dig ved ikke, krav nu 1 Kender, krav i 2028 2 Kan"' in html
    assert "circle" not in html


def test_a_distribution_over_a_hundred_percent_stays_within_its_bar() -> None:
    parts = distribution.parts((10, 50, 35, 10))
    last = parts[-1]
    assert float(last.x.rstrip("%")) + float(last.width.rstrip("%")) <= 100
    assert [part.tone for part in parts] == [1, 2, 3, 4]
    assert [part.figure for part in distribution.parts((5, 95, 0, 0))] == ["", "95"]


def test_a_suppressed_distribution_shows_no_figure_at_all() -> None:
    html = draw("{% distribution name='A' level_names=names %}", names=NAMES)
    assert "For få svar" in html
    assert "<svg" not in html
    assert "0 procent" not in html


@pytest.mark.parametrize("language", ["da", "en"])
def test_coordinates_never_have_a_decimal_comma(language: str) -> None:
    with translation.override(language):
        html = draw(
            "{% track name='A' level_names=names me=1 now=1 future=2 %}{% level_mark 1 2 levels=7 %}"
            "{% distribution name='A' level_names=names shares=shares %}",
            names=("a", "b", "c"),
            shares=[33, 33, 35],
        )
    assert re.findall(r'(?:x|cx|x1|width|d)="[^"]*\d,\d[^"]*"', html) == []
    assert re.search(r'x="\d+\.\d+%"', html)


def _all_places(**changes: Any) -> list[tile_map.Place]:
    return [
        tile_map.Place(code, spot.name, changes.get(code, "Region Nord"), 1, f"/{code}/")
        for code, spot in tile_map.spots().items()
    ]


def test_the_map_has_a_square_for_each_of_the_98_municipalities() -> None:
    west, east = tile_map.halves(_all_places())
    squares = [(half, tile.x, tile.y) for half, drawn in enumerate((west, east)) for tile in drawn.tiles]
    assert len(squares) == len(set(squares)) == 98
    assert all(0 <= x < west.width and 0 <= y < west.height for _, x, y in squares)


def test_regions_are_told_apart_by_a_line_and_follow_the_callers_data() -> None:
    one, _ = tile_map.halves(_all_places())
    # Aalborg (0851) and Mariagerfjord (0846) lie on top of each other.
    two, _ = tile_map.halves(_all_places(**{"0851": "Region Syd"}))
    assert len(two.outlines) > len(one.outlines)
    assert {name.text for name in one.names} == {"Nord"}


def test_a_regions_name_stands_on_water() -> None:
    regions = {
        code: f"Region {'Nordjylland' if spot.row < 6 else 'Syddanmark'}" for code, spot in tile_map.spots().items()
    }
    for half in tile_map.halves(_all_places(**regions)):
        squares = {(tile.x // tile_map.PITCH, tile.y // tile_map.PITCH) for tile in half.tiles}
        for name in half.names:
            cells = -(-len(name.text) * 8.5 // tile_map.PITCH)
            run = {(name.x // tile_map.PITCH + step, name.y // tile_map.PITCH) for step in range(int(cells))}
            assert not run & squares
            assert name.x + len(name.text) * 8 <= half.width


def test_only_municipalities_with_something_to_show_are_links_and_the_list_says_the_same() -> None:
    places = [
        tile_map.Place("0461", "Odense", "Region Syddanmark", 2, "/odense/"),
        tile_map.Place("0615", "Horsens", "Region Midtjylland", 1, "/horsens/"),
        tile_map.Place("0851", "Aalborg", "Region Nordjylland"),
        tile_map.Place("9999", "Nyby", "Region Syddanmark", 1, "/nyby/"),
    ]
    html = draw("{% tile_map places=places label='Kort' one='møde' many='møder' %}", places=places)
    listed, drawn = html.split('<div class="maps"')
    assert re.findall(r'href="([^"]+)"', drawn) == ["/horsens/", "/odense/"]
    assert re.findall(r'href="([^"]+)"', listed) == ["/odense/", "/nyby/", "/horsens/"]
    assert 'aria-label="Oden Odense: 2 møder"' in drawn
    assert "Aalborg" in drawn
    assert "Aalborg" not in listed


def test_the_numbers_of_the_ways_run_as_the_list_does() -> None:
    drawn = path_map.draw(["Elev"], "Borgerservice", ["Specialist i borgerkontakt og meget mere endnu", "Konsulent"])
    assert [box.number for box in drawn.boxes] == [1, 2, 3, 4]
    assert [box.here for box in drawn.boxes] == [False, True, False, False]
    assert all(len(line.text) <= 21 for box in drawn.boxes for line in box.lines)
    assert drawn.boxes[2].lines[-1].text.endswith("…")
    assert all(box.y >= 0 and box.y + path_map.BOX_HEIGHT <= drawn.height for box in drawn.boxes)


def test_a_side_without_ways_takes_no_room() -> None:
    both, onward, alone = path_map.draw(["A"], "B", ["C"]), path_map.draw([], "B", ["C"]), path_map.draw([], "B", [])
    assert both.width > onward.width > alone.width
    assert [min(box.x for box in drawn.boxes) for drawn in (both, onward, alone)] == [1, 1, 1]
    assert alone.lines == ""
