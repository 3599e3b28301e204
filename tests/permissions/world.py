"""One small portal with two of everything: what is the asker's, what is her neighbour's, what is foreign; with canaries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import transaction
from django.test import Client
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, GroupApprovalTask, Page, PageViewRestriction, Workflow

from portal.accounts.api import User, membership_grant
from portal.accounts.models import ImportRun
from portal.accounts.services.invitations import invitation_send
from portal.accounts.strength import METHODS_KEY
from portal.contacts.api import ContactCard, review_begin
from portal.core import audit, outbox
from portal.core.roles import Role
from portal.desk.groups import files_of
from portal.desk.models import MunicipalityIndexPage
from portal.desk.rights import setup_groups
from portal.editorial.models import Vote
from portal.organisations.api import Party, Region
from profilecatalog.profiles.api import ReleaseProposal
from profilecatalog.profiles.services.new_release import case_of as case_begin
from search.models import Promotion, QueryCount, Synonym
from search.usage.storing import this_week
from tests.editorial.people import approve, draft_profile, sent_in
from tests.factories import accounts, assessment, events, learning, organisations, pages, profiles
from tests.permissions.meetings import meetings
from tests.permissions.roles import ADMINS, COORDINATORS, DOOR, EDITORS, LEADERS, NO_ONE, ROOT, SIGNED_IN, Asker
from tests.support.editorial import policies_in_force

# How an object stands to the asker; `MIXED` is a foreign object under an address of her own.
OWN, SAME, FOREIGN, MIXED, MISSING = "own", "same", "foreign", "mixed", "missing"
_WEAK = (Asker.WEAK_COORDINATOR, Asker.WEAK_EDITOR)


@dataclass(frozen=True)
class Canary:
    """A word that stands in one place only, and who may ever read it."""

    word: str
    seen_by: frozenset[Asker]


@dataclass
class World:
    """The askers' clients, the objects by kind and relation, and the canaries."""

    cookies: dict[Asker, dict[str, str]] = field(default_factory=dict)
    users: dict[Asker, Any] = field(default_factory=dict)
    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    canaries: list[Canary] = field(default_factory=list)

    def canary(self, name: str, seen_by: frozenset[Asker]) -> str:
        """Return a new word, to be put where only these may read it."""
        word = f"kanarie{name}q"
        self.canaries.append(Canary(word, seen_by))
        return word

    def client(self, asker: Asker) -> Client:
        """Return a client as fresh as the session began: no answer before this one changes it."""
        client = Client(raise_request_exception=False)
        for name, value in self.cookies[asker].items():
            client.cookies[name] = value
        return client

    def hidden_from(self, asker: Asker) -> list[str]:
        """Return the words that the asker must never see."""
        return [canary.word for canary in self.canaries if asker not in canary.seen_by]


def build() -> World:
    """Make everything; a few seconds, once for each process."""
    world = World()
    setup_groups()
    _content(world)
    setup_groups()
    _people(world)
    _neighbours(world)
    meetings(world)
    _approvals(world)
    _files(world)
    _traces(world)
    _tools(world)
    _sign_in(world)
    return world


def _content(world: World) -> None:
    competences = profiles.competence_index()
    competence = profiles.CompetenceFactory.create(name="Klart sprog", slug="klart-sprog")
    draft = profiles.CompetenceFactory.create(
        name=world.canary("kompetence", EDITORS), slug="kladde", published=False, description="Kladde."
    )
    profiles.rewrite_competence(competence, text=world.canary("tekst", EDITORS), publish=False)
    release = assessment.profile()
    page = pages.standard_page("Om portalen")
    foreign = pages.standard_page("Om KL")
    secret = pages.standard_page(world.canary("kladdeside", EDITORS), published=False, slug="kladde")
    login = pages.standard_page(world.canary("login", SIGNED_IN), slug="for-alle-indenfor")
    closed = pages.standard_page(world.canary("gruppe", EDITORS), slug="for-gruppen")
    _restrict(login, PageViewRestriction.LOGIN)
    rule = _restrict(closed, PageViewRestriction.GROUPS)
    rule.groups.set([Group.objects.create(name="Jurister")])
    password = _restrict(
        pages.standard_page(world.canary("kodeord", EDITORS), slug="bag-kode"), PageViewRestriction.PASSWORD
    )
    event = events.EventPageFactory.make(title="Fyraftensmøde")
    time = events.occurrence(event=event)
    hidden_event = events.EventPageFactory.make(
        title=world.canary("moede", EDITORS | {Asker.ORGANISER}), slug="lukket-moede"
    )
    hidden_time = events.occurrence(event=hidden_event)
    _restrict(hidden_event, PageViewRestriction.GROUPS)
    course = learning.CoursePageFactory.make(title="Klart sprog i breve")
    run = learning.run(course=course)
    pages.article_index(), pages.project_index(), pages.contact_index()
    pages.put(pages.home(), MunicipalityIndexPage(title="Kommuner", slug="kommuner"))
    card = ContactCard.objects.create(function="Konsulent", organisation="HK", email="konsulent@hk.example")
    review_begin(card=card, actor=None)
    # Other words than the release has: the draft above stays the competence's latest revision.
    question = ReleaseProposal.objects.create(profile=release, competence=competence, wording="andre ord")
    case_begin(question).steps.update(comment=world.canary("begrundelse", EDITORS))
    things = world.things
    things["home"] = {OWN: pages.home().pk, MISSING: 999_999}
    things["page"] = {OWN: page.pk, FOREIGN: foreign.pk, MISSING: 999_999}
    things["secret_page"] = {OWN: secret.pk, MISSING: 999_999}
    things["revision"] = {OWN: page.latest_revision.pk, FOREIGN: foreign.latest_revision.pk, MISSING: 999_999}
    things["competence"] = {OWN: competence.pk, FOREIGN: draft.pk, MISSING: 999_999}
    revisions = {OWN: competence.latest_revision_id, FOREIGN: draft.latest_revision_id}
    things["competence_revision"] = {**revisions, MISSING: 999_999}
    things["area"] = {OWN: competence.area_id, MISSING: 999_999}
    things["scale"] = {OWN: competence.scale_id, MISSING: 999_999}
    things["profile_slug"] = {OWN: release.slug, MISSING: "findes-ikke"}
    things["occurrence"] = {OWN: time.pk, MISSING: 999_999}
    things["occurrence_uuid"] = {OWN: time.uuid, FOREIGN: hidden_time.uuid, MISSING: _NO_UUID}
    things["event_uuid"] = {OWN: event.translation_key, FOREIGN: hidden_event.translation_key, MISSING: _NO_UUID}
    things["run"] = {OWN: run.pk, MISSING: 999_999}
    things["provider"] = {OWN: course.provider_id, MISSING: 999_999}
    things["proposal"] = {OWN: question.uuid, MISSING: _NO_UUID}
    things["card"] = {OWN: card.pk, MISSING: 999_999}
    synonym = Synonym.objects.create(words="skranke\nreception")
    promotion = Promotion.objects.create(queries="skranke", page=page.page_ptr)
    QueryCount.objects.create(week=this_week(), text=world.canary("soegning", EDITORS), times=9, misses=9)
    things["synonym"] = {OWN: synonym.pk, MISSING: 999_999}
    things["promotion"] = {OWN: promotion.pk, MISSING: 999_999}
    things["theme"] = {OWN: _theme().pk, MISSING: 999_999}
    things["restriction"] = {OWN: password.pk, MISSING: 999_999}
    things["path"] = {
        OWN: page.url.strip("/") + "/",
        SAME: f"{competences.competence_url('klart-sprog')}".strip("/") + "/",
        FOREIGN: closed.url.strip("/") + "/",
        MISSING: "findes-ikke/",
    }


_NO_UUID = "00000000-0000-4000-8000-000000000000"


def _restrict(page: Page, kind: str) -> PageViewRestriction:
    return PageViewRestriction.objects.create(page=page, restriction_type=kind, password="hemmelig")


def _theme() -> Any:
    from events.models import Theme

    return Theme.objects.create(name="Digitalisering")


def _people(world: World) -> None:
    ours, theirs = organisations.municipality("0461"), organisations.municipality("0101")
    mine = organisations.unit("Borgerservice", code="a1", municipality=ours)
    beside = organisations.unit(
        world.canary("naboenhed", COORDINATORS | {Asker.FACILITATOR}), code="a2", municipality=ours
    )
    away = organisations.unit(world.canary("fremmedenhed", ADMINS), code="b1", municipality=theirs)
    world.things["municipality"] = {OWN: ours.slug, FOREIGN: theirs.slug, MISSING: "findes-ikke"}
    world.things["municipality_pk"] = {OWN: ours.pk, MISSING: 999_999}
    world.things["region_pk"] = {OWN: Region.objects.order_by("pk").first().pk, MISSING: 999_999}
    world.things["party_pk"] = {OWN: Party.objects.order_by("pk").first().pk, MISSING: 999_999}
    world.things["unit"] = {OWN: mine.uuid, SAME: beside.uuid, FOREIGN: away.uuid, MISSING: _NO_UUID}
    hk, kl = Party.objects.get(key="hk"), Party.objects.get(key="kl")
    region = Region.objects.order_by("pk").first()
    roles: dict[Asker, tuple[Role, dict[str, Any]]] = {
        Asker.EMPLOYEE: (Role.EMPLOYEE, {"unit": mine, "municipality": ours}),
        Asker.MANAGER: (Role.MANAGER, {"unit": mine}),
        Asker.COORDINATOR: (Role.COORDINATOR, {"municipality": ours}),
        Asker.WEAK_COORDINATOR: (Role.COORDINATOR, {"municipality": ours}),
        Asker.FACILITATOR: (Role.FACILITATOR, {"municipality": ours}),
        Asker.PROVIDER: (Role.PROVIDER, {"provider": "akademiet"}),
        Asker.ORGANISER: (Role.ORGANISER, {"region": region}),
        Asker.EDITOR_HK: (Role.EDITOR, {"party": hk}),
        Asker.WEAK_EDITOR: (Role.EDITOR, {"party": hk}),
        Asker.EDITOR_KL: (Role.EDITOR, {"party": kl}),
        Asker.ADMINISTRATOR: (Role.ADMINISTRATOR, {}),
    }
    for asker in sorted(SIGNED_IN):
        user = accounts.user(f"{asker}@portal.example", first_name="Asker", last_name=asker.name.title())
        if asker is Asker.SUPERUSER:
            User.objects.filter(pk=user.pk).update(is_superuser=True)
        if asker in roles:
            role, place = roles[asker]
            membership_grant(actor=None, role=role, user=user, **place)
        world.users[asker] = User.objects.get(pk=user.pk)
    # What the other party's editor is called is no secret among editors, and nobody else's business.
    world.canaries.append(Canary("editor-kl@portal.example", frozenset(DOOR)))


def _neighbours(world: World) -> None:
    ours, theirs = organisations.municipality("0461"), organisations.municipality("0101")
    from portal.organisations.api import Unit

    units = {name: Unit.objects.get(uuid=world.things["unit"][name]) for name in (OWN, SAME, FOREIGN)}
    seen = {OWN: LEADERS, SAME: COORDINATORS, FOREIGN: ADMINS}
    homes = {OWN: ours, SAME: ours, FOREIGN: theirs}
    people, memberships, invitations = {}, {}, {}
    for name, unit in units.items():
        word = world.canary(f"person{name}", seen[name])
        person = accounts.user(f"{word}@kommune.example", first_name="Kim", last_name=word.title())
        membership_grant(actor=None, role=Role.EMPLOYEE, user=person, unit=unit, municipality=homes[name])
        waiting = world.canary(f"inviteret{name}", seen[name])
        invited = membership_grant(
            actor=None, role=Role.EMPLOYEE, email=f"{waiting}@kommune.example", unit=unit, municipality=homes[name]
        )
        with transaction.atomic():
            invitation = invitation_send(actor=world.users[Asker.ADMINISTRATOR], membership=invited)
        people[name], memberships[name], invitations[name] = person.uuid, person.memberships.get().uuid, invitation.uuid
        if name == OWN:
            world.things["membership_pk"] = {OWN: invited.pk, MISSING: 999_999}
            world.things["user_pk"] = {OWN: person.pk, MISSING: 999_999}
    world.things["person"] = {**people, MISSING: _NO_UUID}
    world.things["membership"] = {**memberships, MISSING: _NO_UUID}
    world.things["invitation"] = {**invitations, MISSING: _NO_UUID}


def _approvals(world: World) -> None:
    """A profile that KL's editor has sent in and HK's has approved, under the policies that a portal has."""
    policies_in_force()
    kl, hk = world.users[Asker.EDITOR_KL], world.users[Asker.EDITOR_HK]
    page = draft_profile(kl, world.canary("indsendt", EDITORS))
    case = sent_in(page, kl)
    approve(case, hk)
    world.things["submission"] = {OWN: case.uuid, MISSING: _NO_UUID}
    world.things["vote"] = {OWN: Vote.objects.get(state__workflow_state=case.workflow_state).pk, MISSING: 999_999}
    world.things["bound_page"] = {OWN: page.pk, MISSING: 999_999}


def _files(world: World) -> None:
    root = Collection.get_first_root_node()
    for party in ("hk", "kl"):
        name = OWN if party == "hk" else FOREIGN
        shelf = root.get_children().get(name=files_of(Party.objects.get(key=party)))
        image = get_image_model().objects.create(title=f"Billede {party}", file=_image(party), collection=shelf)
        paper = get_document_model().objects.create(
            title=f"Notat {party}", file=ContentFile(b"Notat", f"{party}.txt"), collection=shelf
        )
        world.things.setdefault("document_file", {MISSING: "x.txt"})[name] = paper.filename
        # The admin fills these in on first sight; a GET of ours would seem to write.
        image.get_file_size(), image.get_file_hash(), paper.get_file_size(), paper.get_file_hash()
        for kind, thing in (("image", image), ("document", paper), ("collection", shelf)):
            world.things.setdefault(kind, {MISSING: 999_999})[name] = thing.pk


def _tools(world: World) -> None:
    """What coordinators work with: a list that is on its way in, and the key of an embedded form."""
    for name, code, seen in ((OWN, "0461", COORDINATORS), (FOREIGN, "0101", ADMINS)):
        where = organisations.municipality(code)
        word = world.canary(f"liste{name}", seen)
        run = ImportRun.objects.create(
            municipality=where, kind="units", state="planned", filename=f"{word}.csv", encoding="utf-8", delimiter=";"
        )
        world.things.setdefault("import", {MISSING: _NO_UUID})[name] = run.uuid
        world.things.setdefault("embed_key", {MISSING: _NO_UUID})[name] = assessment.embed_key(where).uuid


def _image(name: str) -> ImageFile:
    return get_test_image_file(filename=f"{name}.png")


def _traces(world: World) -> None:
    party = Party.objects.get(key="hk")
    entry = audit.record(actor=None, action="test.canary", obj=party, after={"word": world.canary("spor", ADMINS)})
    with transaction.atomic():
        message = outbox.enqueue("mail", {"word": world.canary("udbakke", ADMINS)}, key="kanarie")
    workflow = Workflow.objects.create(name="Godkendelse", active=True)
    task = GroupApprovalTask.objects.create(name="Læs")
    things = world.things
    things["audit"] = {OWN: entry.pk, MISSING: 999_999}
    things["outbox"] = {OWN: message.pk, MISSING: 999_999}
    things["workflow"] = {OWN: workflow.pk, MISSING: 999_999}
    things["task"] = {OWN: task.pk, MISSING: 999_999}
    things["group"] = {OWN: Group.objects.order_by("pk").first().pk, MISSING: 999_999}
    from wagtail.models import Site

    things["site"] = {OWN: Site.objects.get().pk, MISSING: 999_999}
    from wagtail.contrib.redirects.models import Redirect

    things["redirect"] = {OWN: Redirect.objects.create(old_path="/gammel", redirect_link="/").pk, MISSING: 999_999}


def _sign_in(world: World) -> None:
    world.cookies[Asker.ANONYMOUS] = {}
    for asker, user in world.users.items():
        client = Client()
        client.force_login(user)
        if asker in _WEAK:
            session = client.session
            session[METHODS_KEY] = [{"method": "password"}]
            session.save()
        world.cookies[asker] = {name: morsel.value for name, morsel in client.cookies.items()}


def words_in(text: str, words: Iterable[str]) -> list[str]:
    """Return the words that stand in a text, whatever their case."""
    folded = text.casefold()
    return [word for word in words if word.casefold() in folded]


__all__ = ["FOREIGN", "MISSING", "MIXED", "NO_ONE", "OWN", "ROOT", "SAME", "Canary", "World", "build", "words_in"]
