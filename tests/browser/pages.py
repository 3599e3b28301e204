"""Every page type and every screen of ours: the list that the axe, HTML and screenshot runs walk.

Addresses are those of the example content. Somebody who adds a page type or a screen adds a line here; a test compares
the list with the page types that there are.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from portal.contacts.api import ContactCard, review_begin
from portal.workflows.api import Case, case_move_next
from tests.browser import meeting_pages
from tests.browser.screens import ADMINISTRATOR, COORDINATOR, EDITOR, EDITOR_KL, MANAGER, Screen


def edit_page(slug: str) -> Callable[[], str]:
    """Return the address of a page's editor."""
    return lambda: reverse("wagtailadmin_pages:edit", args=[Page.objects.get(slug=slug).pk])


def snippet(label: str, act: str) -> Callable[[], str]:
    """Return the address of a snippet's list, or of the editor of the first one."""

    def address() -> str:
        from django.apps import apps

        model: type[Model] = apps.get_model(label)
        name = model.snippet_viewset.get_url_name(act)  # type: ignore[attr-defined]
        return reverse(name, args=[] if act in {"list", "add"} else [model._default_manager.order_by("pk")[0].pk])

    return address


def card_review() -> str:
    """Return the review of a contact card whose year is over."""
    case = asked_case()
    return reverse("wagtailsnippets_contacts_contactcard:review", args=[case.object_id])


def card_question() -> str:
    """Return the link that such a card's mailbox gets."""
    from portal.contacts.models import ReviewLink
    from portal.contacts.review import VALID_FOR, hashed

    case, token = asked_case(), "til-skaermbilleder-og-proever"
    values = {"case": case, "case_number": case.number, "expires_at": timezone.now() + VALID_FOR, "used_at": None}
    ReviewLink.objects.update_or_create(token_hash=hashed(token), defaults=values)
    return reverse("contacts:open", args=[token])


def asked_case() -> Case:
    """Let a year pass for one card."""
    card = ContactCard.objects.filter(active=True).exclude(email="").order_by("pk")[0]
    case = review_begin(card=card, actor=None)
    if case.state == "valid":
        then = timezone.now() - timedelta(days=367)
        Case.objects.filter(pk=case.pk).update(entered_at=then, due_at=then + timedelta(days=365))
        case_move_next(now=timezone.now())
        case.refresh_from_db()
    return case


def new_release(state: str) -> Callable[[], str]:
    """Return the address of a question "new release?" about the example's base profile that stands in a state."""

    def address() -> str:
        from portal.accounts.api import User
        from profilecatalog.profiles.models import ProfilePage, ReleaseProposal
        from profilecatalog.profiles.services.new_release import case_of
        from profilecatalog.profiles.services.proposals import proposal_decline, proposal_postpone

        profile, actor = ProfilePage.objects.get(slug="borgerservice"), User.objects.get(email=EDITOR)
        items = profile.releases.order_by("-number")[0].released_items.order_by("pk")
        # One competence for each state: of an open question there is one for each.
        competence = items[["open", "postponed", "declined"].index(state)].competence
        made, is_new = ReleaseProposal.objects.get_or_create(profile=profile, competence=competence, wording="x")
        case_of(made)
        if is_new and state == "postponed":
            proposal_postpone(proposal=made, actor=actor, until=timezone.localdate() + timedelta(days=60))
        if is_new and state == "declined":
            proposal_decline(proposal=made, actor=actor, reason="Ordene siger det samme som før.")
        return reverse("profiles_admin:proposal", args=[made.uuid])

    return address


def sent_in_case(slug: str = "administrative-basiskompetencer", **given: Any) -> Any:
    """Let KL's editor send a profile in, once, with words that HK's has not read."""
    from portal.accounts.api import User
    from portal.editorial.api import Submission, submission_send
    from profilecatalog.profiles.models import ProfilePage

    page, writer = ProfilePage.objects.get(slug=slug), User.objects.get(email=EDITOR_KL)
    found = Submission.objects.of_page(page).first()
    if found is None:
        draft = page.get_latest_revision_as_object()
        values = {"lead": f"{draft.lead} Nyt i år.", "release_change": "changed", "release_reason": "Opgaverne er nye."}
        for name, value in {**values, **given}.items():
            setattr(draft, name, value)
        draft.save_revision(user=writer)
        found = submission_send(page=page, actor=writer)
    return found


def answered_case(slug: str, answer: str, comment: str = "") -> Any:
    """Let HK's editor answer such a case, once; return her answer."""
    from portal.accounts.api import User, principal_of
    from portal.editorial.api import StepState, Vote, digest_of, vote_cast

    case, reader = sent_in_case(slug), User.objects.get(email=EDITOR)
    found = Vote.objects.filter(state__workflow_state=case.workflow_state_id).first()
    return found or vote_cast(
        state=StepState.steps.waiting().get(workflow_state=case.workflow_state_id),
        actor=reader,
        principal=principal_of(reader, strong=True),
        answer=answer,
        read=digest_of(case.page.get_latest_revision_as_object()),
        comment=comment,
    )


def approval(name: str) -> Callable[[], str]:
    """Return the address of a screen of what was sent in."""
    return lambda: reverse(f"editorial:{name}", args=[sent_in_case().uuid])


def read_text() -> str:
    """Return the text that an answer was about, with what was changed afterwards."""
    from portal.accounts.api import User

    vote = answered_case("it-og-digitalisering", "approve")
    case = sent_in_case("it-og-digitalisering")
    draft = case.page.get_latest_revision_as_object()
    if draft.title == case.page.title:
        draft.title = f"{draft.title} i kommunen"
        draft.save_revision(user=User.objects.get(email=EDITOR_KL))
    return reverse("editorial:read", args=[case.uuid, vote.pk])


def returned_by_hk() -> Any:
    """Return what HK's editor sent back."""
    answered_case("loen-og-personale", "return", "Der mangler et komma i den anden sætning.")
    return sent_in_case("loen-og-personale")


def returned(name: str = "", query: str = "") -> Callable[[], str]:
    """Return the address of a screen about it, or of the list that it stands in, or of the page's editor."""

    def address() -> str:
        case = returned_by_hk()
        if query:
            return f"{reverse(name)}{query}"
        return reverse(name, args=[case.uuid]) if name else edit_page("loen-og-personale")()

    return address


def edit_with_findings() -> str:
    """Return the editor of a page that the checks sent back."""
    case = sent_in_case("administration-og-sekretariat", questions=[], lead="")
    return reverse("wagtailadmin_pages:edit", args=[case.page_id])


def emergency() -> str:
    """Return the question before a page is published past its policy."""
    return reverse("editorial:emergency", args=[sent_in_case().page_id])


def coordination(name: str, model: str = "", **lookup: str) -> Callable[[], str]:
    """Return the address of a coordinator's screen in Odense, about one object where a model is named."""

    def address() -> str:
        from django.apps import apps

        one = [apps.get_model(model)._default_manager.filter(**lookup).order_by("pk")[0].uuid] if model else []
        return reverse(f"coordination:{name}", args=["odense", *one])

    return address


def of_import(lines: str, *, planned: bool = True) -> Callable[[], str]:
    """Return the address of an import of Odense that waits for its coordinator, or for the worker."""

    def address() -> str:
        from django.db import transaction

        from portal.accounts.imports.runs import import_receive, work
        from portal.core.models import OutboxMessage
        from portal.organisations.api import Municipality

        content = f"e-mail;navn;enhedskode;rolle\n{lines}\n".encode()
        odense = Municipality.objects.get(slug="odense")
        with transaction.atomic():
            run = import_receive(
                actor=None, municipality=odense, kind="memberships", filename="ansatte.csv", pieces=[content]
            )
            while planned and run.is_working:
                work(OutboxMessage(topic="accounts.import", payload={"run": str(run.uuid)}))
                run.refresh_from_db()
        return reverse("coordination:import_run", args=["odense", run.uuid])

    return address


def of_embed_key(name: str) -> Callable[[], str]:
    """Return the address of a screen about an embed key of Odense. The example has none: its address would open a form."""

    def address() -> str:
        from portal.organisations.api import Municipality
        from profilecatalog.assessment.api import EmbedKey, create_embed_key

        odense = Municipality.objects.get(slug="odense")
        key = EmbedKey.objects.filter(municipality=odense).order_by("pk").first()
        key = key or create_embed_key(municipality=odense, actor=None, label="Intranet")
        return reverse(f"coordination:{name}", args=["odense", key.uuid])

    return address


def of_invitation(name: str) -> Callable[[], str]:
    """Return the address of a screen about an invitation to Odense. The example has none: a mail would leave."""

    def address() -> str:
        from portal.accounts.api import invitation_send, membership_grant
        from portal.core.roles import Role
        from portal.organisations.api import Municipality

        odense = Municipality.objects.get(slug="odense")
        new: dict[str, Any] = {
            "email": "ny@odense.example",
            "name": "Ny Medarbejder (eksempel)",
            "municipality": odense,
        }
        waiting = membership_grant(actor=None, role=Role.EMPLOYEE, **new)
        invitation = invitation_send(actor=None, membership=waiting)
        return reverse(f"coordination:{name}", args=["odense", invitation.uuid])

    return address


def of_people(name: str, model: str, **lookup: str) -> Callable[[], str]:
    """Return the address of a unit or a person."""

    def address() -> str:
        from django.apps import apps

        return reverse(f"people:{name}", args=[apps.get_model(model)._default_manager.get(**lookup).uuid])

    return address


PUBLIC: tuple[Screen, ...] = (
    Screen("forside", "/"),
    Screen("forside-engelsk", "/en/"),
    Screen("profiler", "/profiler/"),
    Screen("profil", "/profiler/borgerservice/"),
    Screen("profil-specialist", "/profiler/jobcenter-virksomhedskontakt/"),
    Screen("profil-udgave", "/profiler/borgerservice/udgave/1/"),
    Screen("kompetencer", "/kompetencer/"),
    Screen("kompetence", "/kompetencer/automatisering/"),
    Screen("kurser", "/kurser/"),
    Screen("kursus", "/kurser/specialist-i-borgerkontakt/"),
    Screen("moeder", "/moeder/"),
    Screen("moede", "/moeder/naar-samtalen-bliver-svaer/"),
    Screen("kommuner", "/kommuner/"),
    Screen("kommune", "/kommuner/odense/"),
    Screen("nyheder", "/nyheder/"),
    Screen("nyhed", "/nyheder/et-krav-til-holdet/"),
    Screen("projekter", "/projekter/"),
    Screen("projekt", "/projekter/fremtidens-borgerkontakt/"),
    Screen("udgivelse", "/projekter/nye-roller-i-borgerkontakten/"),
    Screen("standardside", "/om-portalen/"),
    Screen("kontakt", "/kontakt/"),
    Screen("soeg", "/soeg/?q=borgerservice"),
    Screen("soeg-tom", "/soeg/"),
    Screen("soeg-valgt", "/soeg/?q=borger&type=event&dato=coming&farve=groen"),
    Screen("soeg-stavefejl", "/soeg/?q=borgerservise"),
    Screen("soeg-ingen", "/soeg/?q=xyzzyx"),
    Screen("selvvurdering", "/selvvurdering/borgerservice/"),
    Screen("komponenter", "/komponenter/"),
    Screen("invitation-doed", "/invitation/findes-ikke/", status=404),
    Screen("log-ind", "/konto/log-ind/"),
    Screen("opret-konto", "/konto/opret/"),
    Screen("opret-konto-sendt", "/konto/opret/sendt/"),
    Screen("glemt-adgangskode", "/konto/adgangskode/glemt/"),
    Screen("link-virker-ikke", "/konto/opret/x/", status=410),
    Screen("kommunens-login", "/konto/kommune/"),
    Screen("ikke-fundet", "/findes-ikke/", status=404),
    *meeting_pages.VISITOR,
)

ADMIN: tuple[Screen, ...] = (
    Screen("skrivebord", "/admin/", login=EDITOR),
    Screen("rediger-profil", edit_page("borgerservice"), login=EDITOR),
    Screen("rediger-kursus", edit_page("specialist-i-borgerkontakt"), login=EDITOR),
    Screen("rediger-moede", edit_page("naar-samtalen-bliver-svaer"), login=EDITOR),
    Screen("rediger-nyhed", edit_page("et-krav-til-holdet"), login=EDITOR),
    Screen("kompetencer-liste", snippet("profiles.Competence", "list"), login=EDITOR),
    Screen("rediger-kompetence", snippet("profiles.Competence", "edit"), login=EDITOR),
    Screen("skalaer", snippet("profiles.Scale", "list"), login=EDITOR),
    Screen("ny-udgave", new_release("open"), login=EDITOR),
    Screen("ny-udgave-udskudt", new_release("postponed"), login=EDITOR),
    Screen("ny-udgave-afvist", new_release("declined"), login=EDITOR),
    Screen("godkendelser", "/admin/redaktion/", login=EDITOR),
    Screen("godkendelser-slut", "/admin/redaktion/?vis=slut", login=EDITOR),
    Screen("arbejdsgange", "/admin/redaktion/arbejdsgange/", login=EDITOR),
    Screen("godkendelse", approval("submission"), login=EDITOR),
    Screen("godkendelse-egen", approval("submission"), login=EDITOR_KL),
    Screen("godkendelse-fortryd", approval("cancel"), login=EDITOR_KL),
    Screen("godkendelse-laest", read_text, login=EDITOR),
    Screen("godkendelse-returneret", returned("editorial:submission"), login=EDITOR_KL),
    Screen("godkendelser-returneret", returned("editorial:index", "?vis=returneret"), login=EDITOR_KL),
    Screen("rediger-returneret", returned(), login=EDITOR_KL),
    Screen("rediger-med-fund", edit_with_findings, login=EDITOR_KL),
    Screen("haste-udgivelse", emergency, login=ADMINISTRATOR),
    Screen("kontaktkort", snippet("contacts.ContactCard", "list"), login=EDITOR),
    Screen("kontaktkort-gennemgang", card_review, login=EDITOR),
    Screen("kontaktkort-svar", card_question),
    Screen("kontaktkort-doedt-link", "/kontaktkort/findes-ikke/", status=404),
    Screen("soegt", "/admin/soegning/soegt/", login=EDITOR),
    Screen("soegt-aar", "/admin/soegning/soegt/?uger=52", login=EDITOR_KL),
    Screen("soegemaskine", "/admin/soegning/tilstand/", login=ADMINISTRATOR),
    Screen("synonymer", snippet("search.Synonym", "list"), login=EDITOR),
    Screen("synonym-nyt", snippet("search.Synonym", "add"), login=EDITOR),
    Screen("synonym", snippet("search.Synonym", "edit"), login=EDITOR),
    Screen("fremhaevede", snippet("search.Promotion", "list"), login=EDITOR),
    Screen("fremhaevet", snippet("search.Promotion", "edit"), login=EDITOR),
    *meeting_pages.ADMIN,
)

_MEMBER = {"user__email": MANAGER}
_UNIT = {"code": "1100", "municipality__slug": "odense"}
# In the portal's own frame, for people with a role: held to the rules of the public screens.
SIGNED_IN: tuple[Screen, ...] = (
    Screen("login-fra-kommuner", "/konto/kommune/mine/", login=EDITOR),
    Screen("min-kommune-valg", "/min-kommune/", login=ADMINISTRATOR),
    Screen("min-kommune", coordination("overview"), login=COORDINATOR),
    Screen("medlemmer", coordination("members"), login=COORDINATOR),
    Screen("medlemmer-ingen", "/min-kommune/odense/medlemmer/?q=xyzzyx", login=COORDINATOR),
    Screen("medlem", coordination("member", "accounts.Membership", **_MEMBER), login=COORDINATOR),
    Screen("medlem-nyt", coordination("member_add"), login=COORDINATOR),
    Screen("medlem-skift", coordination("member_change", "accounts.Membership", **_MEMBER), login=COORDINATOR),
    Screen("medlem-afslut", coordination("member_end", "accounts.Membership", **_MEMBER), login=COORDINATOR),
    Screen("medlemmer-flyt", coordination("members_move"), login=COORDINATOR),
    Screen("enheder", coordination("units"), login=COORDINATOR),
    Screen("enhed", coordination("unit", "organisations.Unit", **_UNIT), login=COORDINATOR),
    Screen("enhed-ny", coordination("unit_add"), login=COORDINATOR),
    Screen("enhed-omdoeb", coordination("unit_rename", "organisations.Unit", **_UNIT), login=COORDINATOR),
    Screen("enhed-flyt", coordination("unit_move", "organisations.Unit", **_UNIT), login=COORDINATOR),
    Screen("enhed-luk", coordination("unit_close", "organisations.Unit", **_UNIT), login=COORDINATOR),
    Screen("invitationer-ingen", "/min-kommune/odense/invitationer/?tilstand=udloebet", login=COORDINATOR),
    Screen("invitation-traek-tilbage", of_invitation("invitation_withdraw"), login=COORDINATOR),
    Screen("import", coordination("imports"), login=COORDINATOR),
    Screen(
        "import-enheder", lambda: reverse("coordination:import_upload", args=["odense", "enheder"]), login=COORDINATOR
    ),
    Screen(
        "import-medlemmer",
        lambda: reverse("coordination:import_upload", args=["odense", "medlemmer"]),
        login=COORDINATOR,
    ),
    Screen("import-plan", of_import("ny@odense.example;Ny Kollega;;medarbejder"), login=COORDINATOR),
    Screen("import-fejl", of_import("ny@odense.example;Ny Kollega;9999;vicevært"), login=COORDINATOR),
    Screen("import-i-gang", of_import("ny@odense.example;Ny;;medarbejder", planned=False), login=COORDINATOR),
    Screen("invitationer", coordination("invitations"), login=COORDINATOR),
    Screen("invitation-ny", coordination("invite"), login=COORDINATOR),
    Screen("invitationer-ventende", coordination("uninvited"), login=COORDINATOR),
    Screen("indlejring-ingen", "/min-kommune/odense/indlejring/", login=COORDINATOR),
    Screen("indlejring-noegle", of_embed_key("embed_key"), login=COORDINATOR),
    Screen("indlejring-proev", of_embed_key("embed_key_trial"), login=COORDINATOR),
    Screen("indlejring-skift", of_embed_key("embed_key_rotate"), login=COORDINATOR),
    Screen("indlejring-luk", of_embed_key("embed_key_revoke"), login=COORDINATOR),
    Screen("indlejring", coordination("embed_keys"), login=COORDINATOR),
    Screen("indstillinger", coordination("settings"), login=COORDINATOR),
    Screen("leders-enhed", of_people("unit", "organisations.Unit", **_UNIT), login=MANAGER),
    Screen("dit-login", "/konto/sikkerhed/", login=EDITOR),
    Screen("vis-at-det-er-dig", "/konto/sikkerhed/bekraeft/", login=EDITOR),
    Screen("log-ud", "/konto/log-ud/", login=EDITOR),
    Screen("min-side", "/min-side/", login=MANAGER),
    Screen("min-side-redaktoer", "/min-side/", login=EDITOR),
    Screen("min-side-opslag", "/min-side/opslag/", login=MANAGER),
    Screen("min-side-data", "/min-side/data/", login=MANAGER),
    Screen("person", of_people("person", "accounts.User", email=MANAGER), login=COORDINATOR),
    *meeting_pages.SIGNED_IN,
)
