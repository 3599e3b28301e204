"""A step that no person takes: automatic checks. What stops sends the page back with all findings; advice is kept."""

import logging
import shlex
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.editorial.checks.waiting import NotYetError
from portal.editorial.registry import (
    Finding,
    Moment,
    Outcome,
    Registered,
    TaskType,
    UnknownNameError,
    Verdict,
    registry,
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Checks:
    """Which checks run, each with its parameters behind it: "reading_ease most=40". Those in `advice` never stop a page."""

    names: tuple[str, ...]
    advice: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names = [split(line)[0] for line in self.names]
        if not names:
            raise ValueError("'names' lists no check")
        if twice := next((name for name in names if names.count(name) > 1), ""):
            raise ValueError(f"the check {twice!r} is listed twice")
        if strange := next((name for name in self.advice if name not in names), ""):
            raise ValueError(f"'advice' names {strange!r}, which is none of the checks in 'names'")
        for line in self.names:
            find(line)


def split(line: str) -> tuple[str, dict[str, Any]]:
    """Return a check's name and its parameters.

    Raises:
        ValueError: the line is not "name key=value key=value".
    """
    name, *rest = shlex.split(line) or [""]
    pairs = [word.partition("=") for word in rest]
    if not name or any(not key or not sign for key, sign, _value in pairs):
        raise ValueError(f"{line!r} is no check: write its name and then parameters as key=value")
    return name, {key: _value(text) for key, _sign, text in pairs}


def _value(text: str) -> Any:
    if text in {"true", "false"}:
        return text == "true"
    return int(text) if text.lstrip("-").isdigit() else text


def find(line: str) -> tuple[Registered, Any]:
    """Return a check and its checked parameters.

    Raises:
        ValueError: nothing is registered under the name, or the parameters do not fit.
    """
    name, parameters = split(line)
    try:
        entry = registry.find("check", name)
    except UnknownNameError as error:
        raise ValueError(str(error)) from error
    return entry, entry.given(parameters)


class AutomaticChecks(TaskType):
    """Run the checks when the step begins, and again by the clock while a job is under way."""

    parameters: ClassVar[type[Any]] = Checks

    def begin(self, moment: Moment, given: Checks) -> Verdict:
        """Decide at once, unless a check needs a job first."""
        return self._decide(moment, given)

    def tick(self, moment: Moment, given: Checks) -> Verdict:
        """Look again; the page may have been edited meanwhile, so everything is asked anew."""
        return self._decide(moment, given)

    def _decide(self, moment: Moment, given: Checks) -> Verdict:
        findings, under_way = run(moment, given)
        stops = sum(finding.stops for finding in findings)
        if stops:
            text = ngettext("%(count)s thing has to be mended.", "%(count)s things have to be mended.", stops)
            return Verdict(Outcome.RETURN, findings, text % {"count": stops})
        return Verdict(Outcome.WAIT if under_way else Outcome.PASS, findings)


def run(moment: Moment, given: Checks) -> tuple[tuple[Finding, ...], bool]:
    """Return what the checks found, what stops first, and whether one of them waits for a job."""
    found: list[Finding] = []
    under_way = False
    for line in given.names:
        name = split(line)[0]
        try:
            found += [_named(finding, name, given) for finding in _checked(moment, line)]
        except NotYetError:
            under_way = True
        except Exception:
            # A check that breaks must hold the page: what it would have found is unknown.
            logger.exception("The check %s failed for page %s", name, moment.page.pk)
            found.append(_broken(name))
    return tuple(sorted(found, key=lambda finding: not finding.stops)), under_way


def _checked(moment: Moment, line: str) -> list[Finding]:
    entry, parameters = find(line)
    found: list[Finding] | None = None
    # A query that fails inside would otherwise take the whole transaction along; a job that was asked for stays asked for.
    with transaction.atomic(), suppress(NotYetError):
        found = list(entry.what(moment, parameters))
    if found is None:
        raise NotYetError
    return found


def _named(finding: Finding, name: str, given: Checks) -> Finding:
    return replace(finding, check=name, stops=finding.stops and name not in given.advice)


def _broken(name: str) -> Finding:
    text = _(
        "The check “%(title)s” broke off, so nobody knows whether the page is right. Tell the portal's administrators."
    )
    return Finding(text % {"title": _title(name)}, check=name)


def _title(name: str) -> str:
    try:
        return str(registry.find("check", name).title or name)
    except UnknownNameError:
        return name
