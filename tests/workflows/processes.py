"""Definitions for tests: written as an author would write them."""

from pathlib import Path
from typing import Any

from portal.organisations.api import Region
from portal.workflows.api import Asker, CaseDefinition, definitions_import, registry

KIND = "tests.thing"
registry.kind(KIND, origin=__name__)
HEAD = """key = "{key}"
kind = "tests.thing"
title = { da = "Prøve", en = "Trial" }
"""
BODY = """
[[states]]
key = "new"
title = { da = "Ny", en = "New" }
start = true

[[states]]
key = "open"
title = { da = "Åben", en = "Open" }

[[states]]
key = "done"
title = { da = "Færdig", en = "Done" }
final = true

[[transitions]]
key = "begin"
title = { da = "Begynd", en = "Begin" }
from = ["new"]
to = "open"
who = [{ name = "right", needs = "contacts.change_contactcard" }]

[[transitions]]
key = "finish"
title = { da = "Gør færdig", en = "Finish" }
from = ["open"]
to = "done"
who = [{ name = "right", needs = "contacts.change_contactcard" }, "link"]
comment_required = true
effects = [{ name = "mail", to = "faelles@kommune.example", subject = "Færdig", text = "Sagen er slut." }]

[[transitions]]
key = "forget"
title = { da = "Glem", en = "Forget" }
from = ["new"]
to = "done"
after = { days = 30 }
"""


def process(key: str = "trial", *, more: str = "", body: str = BODY) -> str:
    """Return the text of a file."""
    return HEAD.replace("{key}", key) + more + body


def store(folder: Path, *texts: str) -> list[CaseDefinition]:
    """Import files with these texts and return what is in force."""
    files = [folder / f"{number}.toml" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    definitions_import(actor=None, files=files)
    return list(CaseDefinition.objects.in_force().filter(kind=KIND))


def thing() -> Region:
    """Return something that a case can be about."""
    found: Region = Region.objects.order_by("pk").first()
    return found


def by(actor: Any) -> Asker:
    """Return a user who asks from a screen."""
    return Asker(actor=actor)
