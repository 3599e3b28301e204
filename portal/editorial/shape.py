"""The shape of the files: which keys there are, of which type. Faults are collected, so that one run shows them all."""

from typing import Any

from portal.editorial import order
from portal.editorial.order import Row
from portal.editorial.schema import (
    POLICY_KIND,
    WORKFLOW_KIND,
    Approvals,
    Deadline,
    Match,
    PolicySpec,
    StepSpec,
    WorkflowSpec,
)
from portal.workflows.api import Fault, Place, Reader, ShapeError, Use, Words

Spec = WorkflowSpec | PolicySpec
_WORKFLOW = {"kind", "key", "title", "steps"}
_STEP = {"key", "title", "task", "start", "next", "within", "skip", "deadline"}
_DEADLINE = {"days", "remind", "substitutes", "escalate"}
_POLICY = {"kind", "key", "title", "workflow", "approvals", "applies"}
_APPROVALS = {"parties", "publishers", "people"}
_MATCH = {"page_type", "section", "publisher", "change", "when"}
# A century is no deadline, and its moment may not exist.
_LONGEST = 36_500
_NO_TASK = Use("", {})


def spec_from(content: dict[str, Any]) -> Spec:
    """Return the workflow or the policy that a content says.

    Raises:
        ShapeError: with everything that is wrong with its shape, or with the order of its steps.
    """
    reader, kind = _Reader(), content.get("kind")
    if kind == POLICY_KIND:
        policy = reader.policy(content)
        reader.refuse()
        return policy
    if kind != WORKFLOW_KIND:
        raise ShapeError([Fault(("kind",), f"'kind' is {WORKFLOW_KIND!r} or {POLICY_KIND!r}")])
    key, title, rows = reader.workflow(content)
    reader.refuse()
    return order.in_order(key, title, rows)


class _Reader(Reader):
    """Reads both kinds of files."""

    def refuse(self) -> None:
        if self.faults:
            raise ShapeError(self.faults)

    def workflow(self, content: dict[str, Any]) -> tuple[str, Words, tuple[Row, ...]]:
        def step(row: dict[str, Any], place: Place) -> Row:
            return Row(
                self._step(row, place),
                start=self.flag(row, "start", place),
                follows=self._word(row, "next", place),
                within=self._word(row, "within", place),
            )

        self.known(content, _WORKFLOW, ())
        return self.slug(content, ()), self.words(content, ()), self.tables(content, "steps", step)

    def _step(self, row: dict[str, Any], place: Place) -> StepSpec:
        self.known(row, _STEP, place)
        task = None
        if "task" in row:
            task = self.use(row["task"], (*place, "task"))
        else:
            self.fault((*place, "task"), "'task' is missing")
        return StepSpec(
            key=self.slug(row, place),
            title=self.words(row, place),
            task=task or _NO_TASK,
            skip=self.uses(row, "skip", place),
            deadline=self._deadline(row, place),
        )

    def _deadline(self, row: dict[str, Any], place: Place) -> Deadline | None:
        given, place = row.get("deadline"), (*place, "deadline")
        if given is None:
            return None
        if not isinstance(given, dict):
            self.fault(place, "'deadline' is written { days = 14, remind = [7, 2] }")
            return None
        self.known(given, _DEADLINE, place)
        faults = len(self.faults)
        days = self._number(given, "days", place, least=1)
        latest = days if len(self.faults) == faults else _LONGEST
        remind = given.get("remind", [])
        if not isinstance(remind, list) or not all(type(n) is int and 0 < n < latest for n in remind):
            self.fault((*place, "remind"), "'remind' is a list of whole numbers of days before the end, within 'days'")
            remind = []
        return Deadline(
            days=days,
            remind=tuple(sorted(set(remind), reverse=True)),
            substitutes=self._substitutes(given, place),
            escalate=self._texts(given, "escalate", place),
        )

    def _substitutes(self, given: dict[str, Any], place: Place) -> tuple[str, ...]:
        found = self._texts(given, "substitutes", place)
        for text in found:
            seat, _equals, group = text.partition("=")
            if not seat.strip() or not group.strip():
                self.fault((*place, "substitutes"), f'{text!r} is not written "seat=Name of a group"')
        return found

    def policy(self, content: dict[str, Any]) -> PolicySpec:
        self.known(content, _POLICY, ())
        return PolicySpec(
            key=self.slug(content, ()),
            title=self.words(content, ()),
            workflow=self.get(content, "workflow", str, ()),
            approvals=self._approvals(content),
            matches=self.tables(content, "applies", self._match),
        )

    def _approvals(self, content: dict[str, Any]) -> Approvals:
        given = content.get("approvals", {})
        if not isinstance(given, dict):
            self.fault(("approvals",), "'approvals' is written [approvals], or { parties = [\"hk\"] }")
            return Approvals()
        place = ("approvals",)
        self.known(given, _APPROVALS, place)
        return Approvals(
            parties=self._texts(given, "parties", place),
            publishers=self.flag(given, "publishers", place),
            people=self._number(given, "people", place, least=0) if "people" in given else 0,
        )

    def _match(self, row: dict[str, Any], place: Place) -> Match:
        self.known(row, _MATCH, place)
        section = self._word(row, "section", place)
        if section and not (section.startswith("/") and section.endswith("/") and "//" not in section):
            self.fault((*place, "section"), f'section {section!r} is written "/profiler/", with a stroke at both ends')
        return Match(
            page_type=self._word(row, "page_type", place),
            section=section,
            publisher=self._word(row, "publisher", place),
            change=self._word(row, "change", place),
            when=self.uses(row, "when", place),
        )

    def _word(self, row: dict[str, Any], key: str, place: Place) -> str:
        """Return a text that may be missing, but not be empty: that would mean "everywhere" and look like a slip."""
        return self.get(row, key, str, place) if key in row else ""

    def _texts(self, row: dict[str, Any], key: str, place: Place) -> tuple[str, ...]:
        given = row.get(key, [])
        if isinstance(given, list) and all(isinstance(item, str) and item for item in given):
            if len(set(given)) == len(given):
                return tuple(given)
            self.fault((*place, key), f"{key!r} names something twice")
        else:
            self.fault((*place, key), f"{key!r} is a list of texts")
        return ()

    def _number(self, row: dict[str, Any], key: str, place: Place, *, least: int) -> int:
        value = row.get(key)
        if type(value) is int and least <= value <= _LONGEST:
            return value
        self.fault((*place, key), f"{key!r} is a whole number from {least} to {_LONGEST}")
        return least
