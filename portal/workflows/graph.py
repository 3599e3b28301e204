"""Whether a definition makes sense as a graph: every case begins in one place, can get everywhere, and can always end."""

from collections import Counter
from collections.abc import Iterable, Iterator

from portal.workflows.registry import CaseKind
from portal.workflows.schema import Definition, Transition
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


def unmet(definition: Definition, kind: CaseKind) -> Iterator[Fault]:
    """Yield what the package with the objects relies on and the definition does not give."""
    known = {state.key for state in definition.states}
    for missing in sorted(kind.states - known):
        yield Fault(("states",), f"cases of {kind.name!r} need a state {missing!r}")
    for number, state in enumerate(definition.states):
        if kind.ends and state.final and state.key not in kind.ends:
            offer = ", ".join(sorted(kind.ends))
            yield Fault(("states", number), f"cases of {kind.name!r} end in one of {offer}, not in {state.key!r}")
    for key in sorted(kind.ways):
        yield from _unfit(definition, kind, key)


def _unfit(definition: Definition, kind: CaseKind, key: str) -> Iterator[Fault]:
    way = definition.transition(key)
    if way is None:
        yield Fault(("transitions",), f'cases of {kind.name!r} need a transition {key!r}, made by "portal"')
        return
    place = ("transitions", definition.transitions.index(way))
    if closed := [s.key for s in definition.states if not s.final and s.key not in way.sources]:
        yield Fault((*place, "from"), f"transition {key!r} must lead out of {closed[0]!r} as well")
    if all(use.name != "portal" for use in way.who):
        yield Fault((*place, "who"), f'transition {key!r} is taken by the portal itself: its who needs "portal"')
    if way.guards or way.comment_required or way.asks_day:
        yield Fault(place, f"transition {key!r} is taken by the portal itself: it can have no guard, comment or day")


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
        if not way.who and not way.by_clock:
            yield Fault(
                ("transitions", number),
                f"nobody may make the transition {way.key!r}: it has neither who nor after nor due",
            )
        if way.by_clock and way.comment_required:
            place = ("transitions", number, "comment_required")
            yield Fault(place, f"transition {way.key!r} comes by itself, and nobody is there to write the comment")
        yield from _days(definition, number, way)
        for source in final.intersection(way.sources):
            yield Fault(
                ("transitions", number, "from"), f"transition {way.key!r} leaves the final state {source!r}", source
            )


def _days(definition: Definition, number: int, way: Transition) -> Iterator[Fault]:
    """A day that is chosen must move something, and what waits for a day must have been given one."""
    if way.after is not None and way.due_given:
        yield Fault(("transitions", number, "due"), f"transition {way.key!r} comes after a time or on a day, not both")
    if way.asks_day is not None and way.by_clock:
        yield Fault(
            ("transitions", number, "asks_day"),
            f"transition {way.key!r} comes by itself, and nobody is there to choose",
        )
    if way.asks_day is not None and not any(each.due_given for each in definition.out_of(way.target)):
        reason = f'transition {way.key!r} asks for a day, but nothing with due = "given" leads out of {way.target!r}'
        yield Fault(("transitions", number, "asks_day"), reason)
    for source in way.sources if way.due_given else ():
        starts = any(state.start for state in definition.states if state.key == source)
        dayless = [each.key for each in definition.transitions if each.target == source and each.asks_day is None]
        if starts or dayless:
            how = f"through {dayless[0]!r}" if dayless else "by starting there"
            reason = f"transition {way.key!r} waits for a chosen day, but a case comes to {source!r} {how} without one"
            yield Fault(("transitions", number, "due"), reason)


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
