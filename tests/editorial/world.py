"""A page that a policy is for, and people of both parties: where the tests of gate, votes and machine begin."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db.models import Model

from portal.accounts.api import User, principal_of
from portal.editorial.api import StepState, Submission, Vote, submission_send, vote_cast
from portal.editorial.content import digest_of, draft_of
from tests.editorial.definitions import BOTH, bring, policy, step, workflow
from tests.factories.accounts import editor
from tests.factories.pages import blocks, standard_page

OLD = "Den gamle tekst."
NEW = "Den nye tekst."
PARTIES = 'parties = ["hk", "kl"]'
PAGE_TYPE = 'page_type = "pages.StandardPage"'


def written(page: Any, text: str, user: User | None = None, **values: Any) -> Any:
    """Save a draft with this text, as an editor would, and return its revision."""
    draft = draft_of(page)
    draft.body = blocks(("paragraph", f"<p>{text}</p>"))
    for name, value in values.items():
        setattr(draft, name, value)
    return draft.save_revision(user=user)


def live_text(page: Any) -> str:
    """Return what the public reads."""
    return str(fresh(page).body)


def fresh(obj: Any) -> Any:
    """Return the row as it is now."""
    model: type[Model] = type(obj)
    return model._default_manager.get(pk=obj.pk)


@dataclass
class Bound:
    """A published page with a new draft by KL's author, under a policy that wants both parties."""

    page: Any
    people: dict[str, User] = field(default_factory=dict)

    @property
    def author(self) -> User:
        """Return KL's first editor, who wrote the draft."""
        return self.people["kl"]

    def send(self, actor: User | None = None) -> Submission:
        """Send the draft in."""
        return submission_send(page=self.page, actor=actor or self.author)

    def state(self) -> StepState:
        """Return the step that waits."""
        return StepState.steps.waiting().filter(parent=None).latest("pk")

    def digest(self) -> str:
        """Return the hash of what the draft says now."""
        return digest_of(draft_of(fresh(self.page)))

    def vote(self, who: str, answer: str = Vote.APPROVE, **given: Any) -> Vote:
        """Answer as one of the people, having read what the draft says now."""
        user = self.people[who]
        return vote_cast(
            state=given.pop("state", None) or self.state(),
            actor=user,
            principal=principal_of(user, strong=given.pop("strong", True)),
            answer=answer,
            read=given.pop("read", None) or self.digest(),
            **given,
        )

    def is_new(self) -> bool:
        """Tell whether the public reads the draft."""
        return NEW in live_text(self.page)


def bound(
    tmp_path: Path,
    *,
    steps: str = "",
    approvals: str = PARTIES,
    page: Any = None,
    applies: str = PAGE_TYPE,
    **values: Any,
) -> Bound:
    """Make the world: page, people, and the policy in force. `steps` is the text of the workflow's tables."""
    page = page or standard_page("Om profilerne", body=blocks(("paragraph", f"<p>{OLD}</p>")))
    people = {
        name: editor(f"{name}@portal.example", name.rstrip("23")) for name in ("kl", "kl2", "kl3", "hk", "hk2", "hk3")
    }
    bring(
        tmp_path,
        workflow(body=steps or step("parties", BOTH, "start = true")),
        policy(applies=applies, approvals=approvals),
    )
    written(page, NEW, people["kl"], **values)
    return Bound(page, people)
