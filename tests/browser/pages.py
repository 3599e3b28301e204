"""Every page type and every screen of ours: the list that the axe, HTML and screenshot runs walk.

Addresses are those of the example content. Somebody who adds a page type or a screen adds a line here; a test compares
the list with the page types that there are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from portal.contacts.api import ContactCard, review_begin
from portal.workflows.api import Case, case_move_next

ADMINISTRATOR = "administrator@portal.example"
EDITOR = "redaktoer.hk@portal.example"


@dataclass(frozen=True)
class Screen:
    """One screen, and who sees it."""

    key: str
    path: str | Callable[[], str]
    login: str = ""
    """E-mail of the example user who opens it; empty for a visitor."""
    status: int = 200
    """What the page is expected to answer: the error pages are screens too."""

    @property
    def address(self) -> str:
        """Return the path; one with an id in it is looked up in the database."""
        return self.path if isinstance(self.path, str) else self.path()


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
    Screen("soeg-ingen", "/soeg/?q=xyzzyx"),
    Screen("selvvurdering", "/selvvurdering/borgerservice/"),
    Screen("komponenter", "/komponenter/"),
    Screen("ikke-fundet", "/findes-ikke/", status=404),
)

ADMIN: tuple[Screen, ...] = (
    Screen("log-ind", "/admin/login/"),
    Screen("skrivebord", "/admin/", login=EDITOR),
    Screen("rediger-profil", edit_page("borgerservice"), login=EDITOR),
    Screen("rediger-kursus", edit_page("specialist-i-borgerkontakt"), login=EDITOR),
    Screen("rediger-moede", edit_page("naar-samtalen-bliver-svaer"), login=EDITOR),
    Screen("rediger-nyhed", edit_page("et-krav-til-holdet"), login=EDITOR),
    Screen("kompetencer-liste", snippet("profiles.Competence", "list"), login=EDITOR),
    Screen("rediger-kompetence", snippet("profiles.Competence", "edit"), login=EDITOR),
    Screen("skalaer", snippet("profiles.Scale", "list"), login=EDITOR),
    Screen("kontaktkort", snippet("contacts.ContactCard", "list"), login=EDITOR),
    Screen("kontaktkort-gennemgang", card_review, login=EDITOR),
    Screen("kontaktkort-svar", card_question),
    Screen("kontaktkort-doedt-link", "/kontaktkort/findes-ikke/", status=404),
)
