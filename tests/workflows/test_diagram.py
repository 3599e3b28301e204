"""The drawing: every state and way is in it and in the list, no line runs through a box."""

import re
from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from portal.workflows.diagram import BOX_HEIGHT, BOX_WIDTH, draw
from portal.workflows.reading import read
from portal.workflows.schema import Definition, State, Transition, Words
from portal.workflows.selectors import picture
from portal.workflows.storing import shipped_files

X = Words("En ret lang titel på dansk", "x")


@st.composite
def definitions(draw_from: st.DrawFn) -> Definition:
    count = draw_from(st.integers(2, 7))
    keys = [f"s{number}" for number in range(count)]
    # Every state is reached by some way; more ways run anywhere.
    tree = [(keys[draw_from(st.integers(0, number - 1))], keys[number]) for number in range(1, count)]
    more = draw_from(st.lists(st.tuples(st.sampled_from(keys), st.sampled_from(keys)), max_size=8))
    ways = tuple(
        Transition(f"t{number}", X, (source,), target) for number, (source, target) in enumerate([*tree, *more])
    )
    states = tuple(State(key, X, start=key == "s0", final=key == keys[-1]) for key in keys)
    return Definition("k", "kind", X, states, ways)


@given(definitions())
def test_everything_is_drawn_within_the_picture_and_boxes_stand_apart(definition: Definition) -> None:
    drawn = draw(definition, "s0")
    assert len(drawn.boxes) == len(definition.states)
    assert [box.here for box in drawn.boxes].count(True) == 1
    corners = [(box.x, box.y) for box in drawn.boxes]
    assert len(set(corners)) == len(corners)
    assert all(x > 0 and x + BOX_WIDTH < drawn.width and y > 0 and y + BOX_HEIGHT < drawn.height for x, y in corners)
    numbers = sorted(int(number) for edge in drawn.edges for number in edge.numbers.split(", "))
    assert numbers == list(range(1, len(definition.transitions) + 1))
    assert all(0 <= edge.x <= drawn.width and 0 <= edge.y <= drawn.height for edge in drawn.edges)
    across = [int(x) for edge in drawn.edges for x in re.findall(r"[MH](\d+)", edge.path)]
    assert all(0 < x < drawn.width for x in across)


@given(definitions())
def test_numbers_in_lanes_do_not_stand_on_each_other(definition: Definition) -> None:
    drawn = draw(definition)
    lanes = sorted(edge.y for edge in drawn.edges if "H" in edge.path)
    assert all(second - first >= 20 for first, second in pairwise(lanes))


@pytest.mark.django_db
def test_the_drawing_is_named_and_its_list_says_the_same() -> None:
    file = next(file for file in shipped_files() if file.stem == "contact_card")
    definition, _content = read(file.read_text("utf-8"), "x")
    html = render_to_string("workflows/parts/picture.html", {"picture": picture(definition, "review_due")})
    assert 'role="img"' in html
    assert "Tegning af forløbet “Samtykke til et kontaktkort”. Den står nu i “Skal bekræftes”." in html
    assert html.count("<li>") == len(definition.transitions)
    assert html.count("state here") == 1
    assert "style=" not in html
