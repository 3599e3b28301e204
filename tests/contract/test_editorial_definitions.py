"""Every definition that can be read comes back from its own export as the same content, whatever its texts hold."""

import json
import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from portal.editorial.reading import read
from portal.editorial.schema import POLICY_KIND, WORKFLOW_KIND
from portal.workflows.api import write
from tests.editorial import definitions

# TOML holds every text but those with a lone half of a character.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
titles = st.fixed_dictionaries({"da": texts.filter(str.strip), "en": texts.filter(str.strip)})
keys = st.from_regex(r"[a-z][a-z0-9_-]{0,20}", fullmatch=True)
words = st.builds(lambda word: {"name": "tests.title_holds", "word": word}, texts)
deadlines = st.integers(2, 400).flatmap(
    lambda days: st.fixed_dictionaries(
        {"days": st.just(days)},
        optional={"remind": st.lists(st.integers(1, days - 1), max_size=3), "escalate": st.just(["administrator"])},
    )
)
tasks = st.sampled_from(["tests.automatic", {"name": "party_approval", "parties": ["hk"]}, {"name": "publish_at"}])


@st.composite
def workflows(draw: Any) -> dict[str, Any]:
    """Draw a line of steps, and the tables in any order."""
    line = draw(st.lists(keys, min_size=1, max_size=5, unique=True))
    steps = []
    for key, follows in zip(line, [*line[1:], None], strict=True):
        step = {"key": key, "title": draw(titles), "task": draw(tasks)}
        step |= {"next": follows} if follows else {}
        step |= {"start": True} if key == line[0] else {}
        step |= {"skip": draw(st.lists(words, min_size=1, max_size=2))} if draw(st.booleans()) else {}
        step |= {"deadline": draw(deadlines)} if draw(st.booleans()) else {}
        steps.append(step)
    return {"kind": WORKFLOW_KIND, "key": draw(keys), "title": draw(titles), "steps": draw(st.permutations(steps))}


matches = st.fixed_dictionaries(
    {},
    optional={
        "page_type": st.just("profiles.ProfilePage"),
        "section": st.just("/profiler/"),
        "publisher": st.just("hk"),
        "change": texts.filter(bool),
        "when": st.lists(words, max_size=2),
    },
)
policies = st.fixed_dictionaries(
    {"kind": st.just(POLICY_KIND), "key": keys, "title": titles, "workflow": keys},
    optional={
        "approvals": st.fixed_dictionaries(
            {}, optional={"parties": st.just(["hk", "kl"]), "publishers": st.booleans(), "people": st.integers(0, 9)}
        ),
        "applies": st.lists(matches, max_size=3),
    },
)


@given(st.one_of(workflows(), policies))
def test_a_definition_comes_back_as_it_was(content: dict[str, Any]) -> None:
    assert definitions.STEPS  # the names used above are registered there
    text = write(content)
    # An empty list of tables is written as nothing, which says the same.
    expected = {key: value for key, value in content.items() if not (key == "applies" and not value)}
    assert tomllib.loads(text) == expected
    assert read(text, "x.toml").spec == read(json.dumps(content), "x.json").spec
