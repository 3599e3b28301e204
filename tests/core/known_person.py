"""A person of whom the portal knows all that it can: a row in every table that can lead to her, and canaries in every text.

Her name, address and numbers stand in places where a careless erasure would leave them. `Neighbour` is somebody who has
worked with her and loses nothing.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.admin.models import EditingSession, FormState
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.log_actions import log
from wagtail.models import (
    APIToken,
    Comment,
    CommentReply,
    Page,
    PageSubscription,
    Task,
    TaskState,
    UploadedFile,
    Workflow,
    WorkflowState,
)
from wagtail.users.models import UserProfile

from events.models import (
    Answer,
    Attendance,
    GuestWish,
    Letter,
    ListConsent,
    PlaceLink,
    Question,
    Subscription,
    Team,
    TeamSeat,
)
from portal.accounts.api import Invitation, Membership, PersonLookup, Source, User, membership_grant
from portal.accounts.models import ImportRow, ImportRun, hashed
from portal.core import audit, outbox
from portal.core.mail import queue_mail
from portal.core.models import OutboxMessage, PageGovernance
from portal.core.models.outbox import OutboxState
from portal.core.roles import Role
from portal.editorial.models import (
    Definition,
    ExceptionalPublication,
    ReadContent,
    Step,
    StepState,
    Submission,
    Submitter,
    Vote,
)
from portal.seats.api import Person, sign_up_group, sign_up_one
from portal.workflows.api import case_start
from profilecatalog.profiles.api import ProfilePage
from profilecatalog.profiles.models import ProfileRelease, ReleaseProposal
from tests.factories.accounts import user
from tests.factories.contacts import ContactCardFactory
from tests.factories.events import EventPageFactory, occurrence
from tests.factories.organisations import municipality, unit
from tests.factories.pages import standard_page
from tests.factories.profiles import CompetenceFactory, profile_index
from tests.factories.seats import OfferingFactory

ADDRESS, SECOND_ADDRESS = "kanarie.fugl@xyzzy.example", "kanarie.privat@xyzzy.example"
FIRST, LAST = "Kanariella", "Fuglsangsø"
OUTSIDE = "oid-kanarie-4711"
NEXT_DAY = dt.timedelta(days=1)


@dataclass
class Known:
    """Who, with whom, and what the two of them made."""

    person: User
    neighbour: User
    page: Any
    client: Client
    avatar: str
    upload: str

    @property
    def canaries(self) -> tuple[str, ...]:
        """What must not be found afterwards."""
        uuid = self.person.uuid
        return (ADDRESS, SECOND_ADDRESS, "Kanariella", "Fuglsangsø", OUTSIDE, str(uuid), uuid.hex)


def known_person() -> Known:
    """Make her, her neighbour and everything that they did."""
    neighbour = user("nabo@xyzzy.example", first_name="Bo", last_name="Nabo")
    person = user(ADDRESS, first_name=FIRST, last_name=LAST)
    person.groups.add(Group.objects.get_or_create(name="Gæster")[0])
    person.user_permissions.add(Permission.objects.order_by("pk")[0])
    client = Client()
    client.force_login(person)
    _login(person)
    _roles(person, neighbour)
    _messages(person, neighbour)
    page = _writing(person, neighbour)
    _decisions(person)
    _cases(person)
    _approvals(person)
    _seats(person, neighbour)
    _meetings(person, neighbour)
    upload, avatar = _files(person)
    DBTaskResult.objects.create(
        args_kwargs={"args": [ADDRESS], "kwargs": {"name": f"{FIRST} {LAST}"}},
        return_value={"to": ADDRESS},
        traceback=f"ValueError: {ADDRESS}",
        task_path="x.y",
        backend_name="default",
        exception_class_path="",
        run_after=timezone.now(),
    )
    return Known(person, neighbour, page, client, avatar, upload)


def _login(person: User) -> None:
    for address in (ADDRESS, SECOND_ADDRESS):
        row = EmailAddress.objects.create(user=person, email=address, verified=True, primary=address == ADDRESS)
    EmailConfirmation.objects.create(email_address=row, key="k")
    told = {"email": ADDRESS, "name": f"{FIRST} {LAST}"}
    account = SocialAccount.objects.create(user=person, provider="openid", uid=OUTSIDE, extra_data=told)
    app = SocialApp.objects.create(provider="openid", name="x", client_id="x")
    SocialToken.objects.create(account=account, app=app, token="t")
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "s"})


def _roles(person: User, neighbour: User) -> None:
    team = unit("Borgerservice")
    place: dict[str, Any] = {"municipality": team.municipality, "name": f"{FIRST} {LAST}"}
    mine = membership_grant(actor=neighbour, role=Role.EMPLOYEE, user=person, **place)
    waiting = membership_grant(actor=neighbour, role=Role.COORDINATOR, email=ADDRESS.upper(), **place)
    other = membership_grant(
        actor=person, role=Role.EMPLOYEE, email="en.anden@xyzzy.example", municipality=team.municipality
    )
    for number, (membership, sender) in enumerate(((waiting, neighbour), (other, person))):
        Invitation.objects.create(
            membership=membership,
            token_hash=hashed(str(number)),
            sent_to=membership.email,
            invited_by=sender,
            expires_at=timezone.now() + NEXT_DAY,
        )
    membership_grant(actor=None, role=Role.ADMINISTRATOR, user=neighbour)
    for seen, viewer in ((person, neighbour), (neighbour, person)):
        PersonLookup.objects.create(
            person=seen, viewer=viewer, viewer_label=str(viewer), role="coordinator", what="Roller"
        )
    assert mine.source == Source.MANUAL
    run = ImportRun.objects.create(
        municipality=municipality(), kind="memberships", filename="x.csv", started_by=person, encoding="utf-8"
    )
    ImportRow.objects.create(run=run, line=1, values={"navn": f"{FIRST} {LAST}", "email": ADDRESS}, email=ADDRESS)
    ImportRow.objects.create(run=run, line=2, values={"navn": "Bo Nabo"}, email="nabo@xyzzy.example")


@transaction.atomic
def _messages(person: User, neighbour: User) -> None:
    audit.record(
        actor=neighbour,
        action="person.change",
        obj=person,
        before={"email": SECOND_ADDRESS},
        after={"email": ADDRESS, "names": [f"{FIRST} {LAST}"]},
        on_behalf_of=f"{FIRST} {LAST}",
    )
    for state in OutboxState:
        message = queue_mail(to=ADDRESS, subject=f"Til {FIRST} {LAST}", text=f"Hej {FIRST}", key=f"{ADDRESS}-{state}")
        OutboxMessage.objects.filter(pk=message.pk).update(state=state, last_error=f"refused: {ADDRESS}")
    queue_mail(to="nabo@xyzzy.example", subject="Ny kollega", text=f"{FIRST} {LAST} har sagt ja.", key="nabo")
    outbox.enqueue("index", {"person": str(person.uuid)}, key=f"person:{person.uuid}", once=True)


def _writing(person: User, neighbour: User) -> Any:
    page = standard_page("Fælles side")
    Page.objects.filter(pk=page.pk).update(owner=person, locked_by=person, locked=True, locked_at=timezone.now())
    revision = page.save_revision(user=person, log_action=True)
    log(instance=page, action="wagtail.edit", user=person, data={"note": f"{FIRST} {LAST} <{ADDRESS}>"})
    log(instance=person, action="wagtail.edit", user=neighbour)
    log(instance=neighbour, action="wagtail.edit", user=person)
    PageGovernance.objects.create(page=page, responsible=person)
    content_type = ContentType.objects.get_for_model(page)
    workflow = Workflow.objects.create(name="Godkendelse")
    state = WorkflowState.objects.create(
        content_type=content_type,
        base_content_type=ContentType.objects.get_for_model(Page),
        object_id=str(page.pk),
        workflow=workflow,
        requested_by=person,
    )
    TaskState.objects.create(
        workflow_state=state,
        revision=revision,
        task=Task.objects.create(name="Læs"),
        finished_by=person,
        finished_at=timezone.now(),
        comment=f"Set af {FIRST} {LAST}, {ADDRESS}",
        content_type=ContentType.objects.get_for_model(TaskState),
    )
    hers = Comment.objects.create(page=page, user=person, text="Se her", contentpath="title")
    CommentReply.objects.create(comment=hers, user=neighbour, text="Det gør jeg")
    theirs = Comment.objects.create(
        page=page, user=neighbour, text="Og her", contentpath="lead", resolved_by=person, resolved_at=timezone.now()
    )
    CommentReply.objects.create(comment=theirs, user=person, text="Ja")
    PageSubscription.objects.create(page=page, user=person, comment_notifications=True)
    EditingSession.objects.create(
        user=person, content_type=content_type, object_id=str(page.pk), last_seen_at=timezone.now()
    )
    FormState.objects.create(
        user=person,
        content_type=content_type,
        object_id=str(page.pk),
        data=f"title={ADDRESS}",
        last_updated_at=timezone.now(),
    )
    APIToken.objects.create(user=person, name=f"{FIRST}s nøgle", key_hash="h" * 64, prefix="p")
    return page


def _decisions(person: User) -> None:
    page: Any = profile_index().add_child(instance=ProfilePage(title="Profil", slug="profil"))
    release = ProfileRelease.objects.create(
        profile=page, number=1, change="first", released_by=person, content="{}", sha256="0" * 64
    )
    ReleaseProposal.objects.create(
        profile=page, competence=CompetenceFactory(), wording="w", decided_by=person, decided_at=release.released_at
    )


def _approvals(person: User) -> None:
    """Let her send in, write, approve in her own seat, and publish past a policy."""
    definition = Definition.objects.filter(workflow__isnull=False).order_by("pk")[0]
    state = WorkflowState.objects.order_by("pk")[0]
    # Straight rows: by the services she could not both send in and approve.
    page = standard_page("Indsendt")
    submission = Submission.objects.create(
        workflow_state=state, page_id=page.pk, definition=definition, policy=definition, digest="a" * 64, author=person
    )
    name = f"{FIRST} {LAST}"
    Submitter.objects.create(submission=submission, round=1, user=person, who=name)
    step = Step.objects.filter(definition=definition).order_by("pk")[0]
    read = ReadContent.objects.create(digest="a" * 64, content={}, parts=[])
    words = f"Læst af {name}, {ADDRESS}"
    # The words of an answer are those of the step that it ended, and of the one around it.
    ended = {"workflow_state": state, "task": step, "revision": page.latest_revision, "status": "rejected"}
    around = StepState.steps.create(**ended, comment=words)
    Vote.objects.create(
        state=StepState.steps.create(**ended, comment=words, parent=around),
        seat=f"person:{person.uuid}",
        user=person,
        who=name,
        person=person.uuid,
        answer=Vote.RETURN,
        digest="a" * 64,
        read=read,
        comment=words,
    )
    ExceptionalPublication.objects.create(
        page_id=page.pk,
        kind=ExceptionalPublication.EMERGENCY,
        digest="a" * 64,
        actor=person,
        who=name,
        reason=f"Loven er ændret, ring til {name}.",
    )


def _cases(person: User) -> None:
    words = f"{FIRST} {LAST} har spurgt dem på {ADDRESS}."
    case_start(actor=person, kind="contacts.card", subject=ContactCardFactory.create(), comment=words)


def _seats(person: User, neighbour: User) -> None:
    """Let her sign up, be signed up by her other address, and sign up others."""
    hers = Person(f"{FIRST} {LAST}", user=person)
    sign_up_one(actor=person, offering=OfferingFactory(), person=hers, key="own")
    by_address = Person(f"{FIRST} {LAST}", SECOND_ADDRESS)
    people = [by_address, Person("Bo Nabo", "nabo@xyzzy.example")]
    sign_up_group(actor=neighbour, offering=OfferingFactory(), people=people, key="group")
    contact: dict[str, Any] = {"contact_name": f"{FIRST} {LAST}", "contact_email": ADDRESS}
    sign_up_group(actor=person, offering=OfferingFactory(), people=people[1:], key="others", **contact)


def _meetings(person: User, neighbour: User) -> None:
    """Let her answer, come, sit in a team, be written to, and wait for a confirmation; and note who came."""
    time = occurrence(event=EventPageFactory.make(signup_here=True))
    hers = Person(f"{FIRST} {LAST}", user=person)
    sign_up = sign_up_one(actor=person, offering=time.offering, person=hers, key="meeting")
    place = sign_up.participants.get()
    question = Question.objects.create(event=time.event, text="Hvad skal vi vide?", kind="text")
    Answer.objects.create(question=question, participant=place, value=f"Ring til {FIRST} {LAST}, {ADDRESS}")
    ListConsent.objects.create(participant=place, shown="all")
    TeamSeat.objects.create(team=Team.objects.create(occurrence=time, name="Vinduet"), participant=place)
    at = timezone.now()
    Attendance.objects.create(occurrence=time, participant=place, at=at, recorded_by=neighbour)
    walk_in = {"name": f"{FIRST} {LAST}", "email": SECOND_ADDRESS, "key": "k"}
    Attendance.objects.create(occurrence=time, at=at, recorded_by=person, **walk_in)
    Letter.objects.create(occurrence=time, sign_up=sign_up, participant=place, email=ADDRESS, kind="confirmed", key="l")
    wish = {"name": f"{FIRST} {LAST}", "email": SECOND_ADDRESS}
    link = {"email": SECOND_ADDRESS, "token_hash": "t", "expires_at": at + NEXT_DAY}
    GuestWish.objects.create(occurrence=time, wish=wish, **link)
    PlaceLink.objects.create(sign_up=sign_up, participant=place, **link)
    Subscription.objects.create(email=SECOND_ADDRESS, scope="all", confirmed_at=at)


def _files(person: User) -> tuple[str, str]:
    Image.objects.create(title="Et billede", file=get_test_image_file("b.png"), uploaded_by_user=person)
    Document.objects.create(title="Et papir", file=ContentFile(b"x", "p.txt"), uploaded_by_user=person)
    upload = UploadedFile.objects.create(file=ContentFile(b"x", "halv.txt"), uploaded_by_user=person)
    profile = UserProfile.objects.create(
        user=person, avatar=get_test_image_file("mig.png"), dismissibles={"velkommen": True}
    )
    return upload.file.name, profile.avatar.name


__all__ = ["ADDRESS", "FIRST", "LAST", "Known", "Membership", "known_person"]
