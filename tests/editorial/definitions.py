"""Definition files for tests: written as an author would write them, with small names of the registry."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.editorial.models import Definition
from portal.editorial.registry import Moment, TaskType, registry
from portal.editorial.schema import POLICY_KIND, WORKFLOW_KIND
from portal.editorial.storing import definitions_import


@dataclass(frozen=True)
class Told:
    """Parameters that are looked up because of what they are called."""

    role: str = ""
    page_type: str = ""
    section: str = ""


class Automatic(TaskType):
    """A step that nobody answers."""

    parameters = Told


registry.task("tests.automatic", Automatic())


@dataclass(frozen=True)
class Word:
    """A word that the title of a page holds."""

    word: str


@registry.condition("tests.title_holds", Word)
def title_holds(moment: Moment, wanted: Word) -> bool:
    return wanted.word in moment.page.title


TITLE = 'title = { da = "Prøve", en = "Trial" }'
BOTH = '{ name = "party_approval", parties = ["hk", "kl"] }'
ONE = '{ name = "panel", approvals = 1, parties = ["hk", "kl"] }'


def step(key: str, task: str = '"tests.automatic"', more: str = "") -> str:
    return f'\n[[steps]]\nkey = "{key}"\n{TITLE}\ntask = {task}\n{more}\n'


# Written from the last step to the first: the order of the tables says nothing.
STEPS = (
    step("publish")
    + step(
        "approve", BOTH, 'next = "publish"\n[steps.deadline]\ndays = 14\nremind = [7, 2]\nescalate = ["administrator"]'
    )
    + step("look", more='start = true\nnext = "approve"')
)


def workflow(key: str = "trial", body: str = STEPS) -> str:
    return f'kind = "{WORKFLOW_KIND}"\nkey = "{key}"\n{TITLE}\n{body}'


def policy(key: str = "trial", applies: str = "", approvals: str = 'parties = ["hk"]', of: str = "trial") -> str:
    """Return the text of a policy; `applies` is what stands in the one [[applies]]."""
    where = f"\n[[applies]]\n{applies}\n" if applies else ""
    return f'kind = "{POLICY_KIND}"\nkey = "{key}"\n{TITLE}\nworkflow = "{of}"\n\n[approvals]\n{approvals}\n{where}'


def written(folder: Path, *texts: str) -> list[Path]:
    """Write texts as files, in a folder of their own each time."""
    here = folder / str(len(list(folder.iterdir())))
    here.mkdir()
    files = [here / f"{number}.toml" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    return files


def bring(folder: Path, *texts: str, **kwargs: Any) -> list[Definition]:
    """Import texts and return the versions in force, in the order of the texts."""
    definitions_import(actor=None, files=written(folder, *texts), **kwargs)
    kinds = [POLICY_KIND if POLICY_KIND in text else WORKFLOW_KIND for text in texts]
    keys = [text.split('key = "', 1)[1].split('"', 1)[0] for text in texts]
    return [Definition.objects.in_force().get(kind=kind, key=key) for kind, key in zip(kinds, keys, strict=True)]
