"""What every definition may name without anybody adding it: the portal's own predicates, guards and effects."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.core.mail import queue_mail
from portal.core.roles import Role
from portal.workflows.parameters import NoParameters
from portal.workflows.registry import Happening, Via, registry


@dataclass(frozen=True, slots=True)
class Right:
    """A right of the editor, as groups hold it: "contacts.change_contactcard"."""

    needs: str

    def __post_init__(self) -> None:
        if self.needs.count(".") != 1:
            raise ValueError(f"a right is written app.action_model, not {self.needs!r}")


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role of the field; `here` asks for it in the municipality of what the case is about."""

    role: str
    here: bool = True

    def __post_init__(self) -> None:
        if self.role not in Role.values:
            raise ValueError(f"unknown role {self.role!r}; there are {', '.join(Role.values)}")


@dataclass(frozen=True, slots=True)
class Days:
    """A number of days."""

    days: int

    def __post_init__(self) -> None:
        if not 0 < self.days <= 3650:
            raise ValueError("days is between 1 and 3650")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail with fixed words to a fixed, shared mailbox."""

    to: str
    subject: str
    text: str

    def __post_init__(self) -> None:
        try:
            validate_email(self.to)
        except ValidationError as error:
            raise ValueError(f"{self.to!r} is not an e-mail address") from error


@registry.predicate("right", Right)
def has_right(happening: Happening, wanted: Right) -> bool:
    """Let in who holds a right of the editor and comes by a screen."""
    asker = happening.asker
    return asker.via is Via.SCREEN and asker.actor is not None and asker.actor.has_perm(wanted.needs)


@registry.predicate("role", HeldRole)
def has_role(happening: Happening, wanted: HeldRole) -> bool:
    """Let in who holds a role, there where the case is or anywhere."""
    asker = happening.asker
    if asker.via is not Via.SCREEN:
        return False
    if not wanted.here:
        return wanted.role in asker.principal.roles
    code = getattr(getattr(happening.subject, "municipality", None), "code", "")
    return bool(code) and code in asker.principal.municipalities(wanted.role)


@registry.predicate("administrator")
def is_administrator(happening: Happening, _none: NoParameters) -> bool:
    """Let in who looks after the portal as a whole."""
    return happening.asker.via is Via.SCREEN and happening.asker.principal.is_administrator


@registry.predicate("link")
def holds_link(happening: Happening, _none: NoParameters) -> bool:
    """Let in who came by the link that the portal sent about this case; the screen behind the link has checked it."""
    return happening.asker.via is Via.LINK


@registry.predicate("portal")
def is_portal(happening: Happening, _none: NoParameters) -> bool:
    """Let in another act of the portal that takes the case along, such as a publication; who may, was decided there."""
    return happening.asker.via is Via.PORTAL


@registry.guard("waited", Days)
def has_waited(happening: Happening, wanted: Days) -> str:
    """Refuse before the case has been in its state for some days."""
    left = happening.case.entered_at + timedelta(days=wanted.days) - happening.at
    if left <= timedelta():
        return ""
    days = left.days + 1
    return ngettext("You can do this in %(days)s day.", "You can do this in %(days)s days.", days) % {"days": days}


@registry.guard("another_person")
def is_another_person(happening: Happening, _none: NoParameters) -> str:
    """Refuse whoever took the step before this one: four eyes see more."""
    last = happening.case.steps.order_by("-number").first()
    actor = happening.asker.actor
    if last is None or actor is None or last.actor_id != actor.pk:
        return ""
    return _("Somebody else than you must do this, because you took the step before.")


@registry.effect("mail", Letter)
def send_mail(happening: Happening, letter: Letter) -> None:
    """Send a mail with fixed words."""
    queue_mail(to=letter.to, subject=letter.subject, text=letter.text, key=happening.key(f"mail:{letter.to}"))
