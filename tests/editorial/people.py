"""Who takes part in the tests of the screens: two parties' editors, and a profile that one of them sent in."""

from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse

from portal.accounts.api import principal_of
from portal.editorial.models import StepState, Submission, Vote
from portal.editorial.moments import moment_of
from portal.editorial.screens.lists import answerable
from portal.editorial.services import submission_send, vote_cast
from portal.organisations.api import Party
from profilecatalog.profiles.models import ProfilePage
from profilecatalog.profiles.models.parts import DialogueQuestion, ProfilePublisher
from tests.factories.accounts import editor
from tests.factories.profiles import CompetenceFactory, ProfilePageFactory, group, item


@dataclass(frozen=True)
class People:
    """Two editors of each party."""

    kl: Any
    hk: Any
    kl2: Any
    hk2: Any


def people() -> People:
    """Make them."""
    return People(
        kl=editor("kl@portal.example", "kl"),
        hk=editor("hk@portal.example", "hk"),
        kl2=editor("kl2@portal.example", "kl"),
        hk2=editor("hk2@portal.example", "hk"),
    )


def draft_profile(writer: Any, title: str = "Vejleder", **values: Any) -> ProfilePage:
    """Return a profile that was never published, written by `writer`."""
    groups = [group("Dialog", item(CompetenceFactory.create()))]
    given = {"lead": "Om jobbet.", "in_short": "<p>Du taler med borgeren.</p>", "groups": groups, **values}
    page = ProfilePageFactory.make(title=title, published=False, **given)
    complete(page, writer)
    return ProfilePage.objects.get(pk=page.pk)


def complete(page: ProfilePage, writer: Any) -> None:
    """Save a draft that the automatic checks have nothing against."""
    draft = page.get_latest_revision_as_object()
    draft.questions = [DialogueQuestion(text=f"Hvad er svært, {n}?", sort_order=n) for n in range(3)]
    draft.publishers = [
        ProfilePublisher(party=party, sort_order=n) for n, party in enumerate(Party.objects.order_by("key"))
    ]
    draft.save_revision(user=writer)


def change(page: ProfilePage, writer: Any, **values: Any) -> None:
    """Save the draft with other values, as its editor would."""
    draft = ProfilePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    for name, value in values.items():
        setattr(draft, name, value)
    draft.save_revision(user=writer)


def sent_in(page: ProfilePage, sender: Any) -> Submission:
    """Send a page in."""
    return submission_send(page=page, actor=sender)


def waiting_state(submission: Submission, user: Any) -> StepState:
    """Return the step of a submission that a person can answer now."""
    found = answerable(user, principal_of(user, strong=True))
    return next(state for state, case in found if case.pk == submission.pk)


def approve(submission: Submission, user: Any) -> None:
    """Approve what is there now."""
    _answer(submission, user, Vote.APPROVE, "")


def give_back(submission: Submission, user: Any, comment: str) -> None:
    """Return what is there now."""
    _answer(submission, user, Vote.RETURN, comment)


def _answer(submission: Submission, user: Any, answer: str, comment: str) -> None:
    vote_cast(
        state=waiting_state(submission, user),
        actor=user,
        principal=principal_of(user, strong=True),
        answer=answer,
        read=moment_of(submission).digest,
        comment=comment,
    )


def signed_in(user: Any) -> Client:
    """Return a browser of hers, with her second factor shown."""
    client = Client()
    client.force_login(user)
    return client


def address(submission: Submission) -> str:
    """Return the submission's screen."""
    return reverse("editorial:submission", args=[submission.uuid])
