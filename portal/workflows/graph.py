"""Whether a definition makes sense as a graph: every case begins in one place, can get everywhere, and can always end."""

from collections import Counter
from collections.abc import Iterable, Iterator

from portal.workflows.schema import Definition
from portal.workflows.shape import Fault


def faults(definition: Definition) -> Iterator[Fault]:
    """Yield what is wrong, in the order of the file."""
    yield from _doubles("states", [state.key for state in definition.states])
    yield from _doubles("transitions", [way.key for way in definition.transitions])
    yield from _starts(definition)
    unknown = list(_unknown_states(definition))
    yield from unknown
    yield from _ways(definition)
    # Ways to nowhere would make everything behind them look unreachable.
    if not unknown:
        yield from _reach(definition)


def _doubles(table: str, keys: list[str]) -> Iterator[Fault]:
    for key, count in Counter(keys).items():
        if count > 1:
            second = [number for number, each in enumerate(keys) if each == key][1]
            yield Fault((table, second, "key"), f"two {table} have the key {key!r}")


def _starts(definition: Definition) -> Iterator[Fault]:
    starts = [number for number, state in enumerate(definition.states) if state.start]
    if not starts:
        yield Fault(("states",), "no state has start = true")
    for number in starts[1:]:
        keys = ", ".join(repr(definition.states[each].key) for each in starts)
        yield Fault(("states", number, "start"), f"a case can begin in one state only, and these are starts: {keys}")
    if not any(state.final for state in definition.states):
        yield Fault(("states",), "no state has final = true: a case could never end")


def _unknown_states(definition: Definition) -> Iterator[Fault]:
    known = {state.key for state in definition.states}
    for number, way in enumerate(definition.transitions):
        for source in way.sources:
            if source not in known:
                yield Fault(
                    ("transitions", number, "from"), f"transition {way.key!r}: unknown state {source!r}", source
                )
        if way.target and way.target not in known:
            yield Fault(("transitions", number, "to"), f"transition {way.key!r}: unknown state {way.target!r}")


def _ways(definition: Definition) -> Iterator[Fault]:
    final = {state.key for state in definition.states if state.final}
    for number, way in enumerate(definition.transitions):
        if not way.who and way.after is None:
            yield Fault(
                ("transitions", number), f"nobody may make the transition {way.key!r}: it has neither who nor after"
            )
        if way.after is not None and way.comment_required:
            place = ("transitions", number, "comment_required")
            yield Fault(place, f"transition {way.key!r} comes by itself, and nobody is there to write the comment")
        for source in final.intersection(way.sources):
            yield Fault(
                ("transitions", number, "from"), f"transition {way.key!r} leaves the final state {source!r}", source
            )


def _reach(definition: Definition) -> Iterator[Fault]:
    edges = list(definition.edges())
    onward = _closure([state.key for state in definition.states if state.start], edges)
    to_end = _closure([state.key for state in definition.states if state.final], [(to, of) for of, to in edges])
    leaving = {source for source, _target in edges}
    for number, state in enumerate(definition.states):
        if state.key not in onward:
            yield Fault(("states", number), f"no case ever reaches the state {state.key!r}")
        if state.key in to_end or state.final:
            continue
        if state.key not in leaving:
            yield Fault(
                ("states", number), f"the state {state.key!r} is a dead end: no way leads out and it is not final"
            )
        else:
            yield Fault(
                ("states", number), f"from the state {state.key!r} no way leads to an end: a circle without exit"
            )


def _closure(begin: Iterable[str], edges: list[tuple[str, str]]) -> set[str]:
    reached, waiting = set(begin), list(begin)
    while waiting:
        here = waiting.pop()
        for source, target in edges:
            if source == here and target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached
