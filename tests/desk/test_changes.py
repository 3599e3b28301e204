"""Every act that a coordinator's overview may show has words for it."""

import re
from pathlib import Path

from portal.desk.coordination.changes import _words

ROOT = Path(__file__).resolve().parents[2]
ACT = re.compile(r'action ?=[^\n]*?"((?:membership|invitation|import|unit|municipality)\.\w+|assessment\.embed_\w+)"')
MORE = re.compile(r'else "((?:membership|invitation|import|unit|municipality)\.\w+)"')


def acts() -> set[str]:
    found: set[str] = set()
    for package in ("portal", "profilecatalog"):
        for file in (ROOT / package).rglob("*.py"):
            text = file.read_text(encoding="utf-8")
            found |= {*ACT.findall(text), *MORE.findall(text)}
    return found


def test_no_act_is_shown_by_its_code() -> None:
    recorded = acts()
    assert {"membership.grant", "invitation.resend", "invitation.send", "municipality.members_exported"} <= recorded
    assert recorded - set(_words()) == set()
