"""The letters about accounts. Whoever asks is answered the same whatever address she names: what to write to it is decided
here, by the worker, where nobody can take the time."""

from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.accounts.addresses import holders
from portal.accounts.models import User
from portal.accounts.seals import seal
from portal.core import outbox
from portal.core.mail import queue_mail
from portal.core.models.outbox import OutboxMessage

TOPIC = "account.letter"
SIGNUP, RESET, MOVE = "signup", "reset", "move"


@transaction.atomic
def ask(kind: str, email: str, **more: str) -> None:
    """Queue a request for a letter. Nothing is looked up here, so that every address costs the same."""
    payload = {"kind": kind, "email": email.strip().lower(), "language": get_language() or "da", **more}
    outbox.enqueue(TOPIC, payload)


def write(message: OutboxMessage) -> None:
    """Decide what to write, queue it, and forget who it was about: most of those who ask have no account."""
    request: dict[str, Any] = message.payload
    with translation.override(request["language"]):
        user = holders(request["email"]).filter(is_active=True).first()
        name, link = _answer(request, user)
        _send(name, to=request["email"], link=link, user=user, key=f"letter:{message.uuid}")
    OutboxMessage.objects.filter(pk=message.pk).update(payload={"kind": request["kind"]})


def _answer(request: dict[str, Any], user: User | None) -> tuple[str, str]:
    """Return which letter to write, and its link."""
    kind, email = request["kind"], request["email"]
    taken = user is not None or holders(email).exists()
    if kind == RESET:
        return ("reset", reset_link(user)) if user is not None else ("unknown", _link("account_signup"))
    if taken:
        return "known", _link("account_login")
    if kind == MOVE:
        token = seal(MOVE, {"user": request["user"], "from": request["from"], "to": email})
        return "move", _link("account_confirm_email", token)
    return "signup", _link("account_confirm_signup", seal(SIGNUP, email))


def reset_link(user: User) -> str:
    """Return the link by which a person chooses a new password; it dies with the password, the address or a login."""
    return _link("account_reset_password_from_key", seal(RESET, {"user": str(user.uuid), "mark": mark(user)}))


def mark(user: AbstractBaseUser) -> str:
    """Return what makes a reset link the link of one moment."""
    moment = user.last_login.isoformat() if user.last_login else ""
    email = getattr(user, "email", "") or ""
    return salted_hmac("account.reset", f"{user.pk}|{user.password}|{moment}|{email}").hexdigest()[:32]


def _link(name: str, *arguments: str) -> str:
    return urljoin(settings.WAGTAILADMIN_BASE_URL, reverse(name, args=arguments))


def _send(name: str, *, to: str, link: str = "", user: User | None = None, key: str = "", **more: Any) -> None:
    context = {"link": link, "name": user.get_full_name() if user is not None else "", **more}
    text = render_to_string(f"account/letters/{name}.txt", context).strip() + "\n"
    subject, _newline, body = text.partition("\n")
    queue_mail(to=to, subject=subject, text=body.strip() + "\n", key=key, secret=bool(link))


def tell_change(*, user: Any, change: str, email: str = "") -> None:
    """Tell a person that something about her login has changed, so that she finds out when it was not she."""
    to = email or user.email
    if not to:
        return
    words = {
        "password_changed": _("Your password has been changed."),
        "password_reset": _("You have chosen a new password."),
        "password_set": _("You have chosen a password."),
        "totp_activated": _("Codes from an app have been set up for your login."),
        "totp_deactivated": _("Codes from an app have been removed from your login."),
        "webauthn_added": _("A passkey has been added to your login."),
        "webauthn_removed": _("A passkey has been removed from your login."),
        "recovery_codes_generated": _("You have new recovery codes; the old ones no longer work."),
        "factors_reset": _(
            "An administrator has removed your two-step login. You can set it up again when you log in."
        ),
        "account_connected": _("A municipality's login has been connected to your account."),
        "account_disconnected": _("A municipality's login has been removed from your account."),
        "email_moved": _("Your login has moved to another e-mail address."),
    }
    if said := words.get(change):
        with transaction.atomic():
            _send("change", to=to, user=user, said=said, where=_link("account_reset_password"))
