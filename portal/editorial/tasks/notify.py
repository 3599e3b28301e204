"""A step that tells people something and goes on at once."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q

from portal.accounts.api import Membership, User
from portal.core.mail import queue_mail
from portal.core.roles import Role
from portal.editorial.registry import PASS, Moment, TaskType, Verdict

_FOOT = "\n\n{title}\n{link}\n"


@dataclass(frozen=True, slots=True)
class Notify:
    """Whom to tell, and in which words: `{page}` in them is the page's title. Without English words the Danish ones do."""

    subject_da: str
    text_da: str
    subject_en: str = ""
    text_en: str = ""
    parties: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    submitter: bool = False

    def __post_init__(self) -> None:
        if not (self.parties or self.roles or self.addresses or self.submitter):
            raise ValueError("nobody is told: name 'parties', 'roles' or 'addresses', or set 'submitter'")
        if strange := next((role for role in self.roles if role not in Role.values), ""):
            raise ValueError(f"unknown role {strange!r}; there are: {', '.join(Role.values)}")
        for address in self.addresses:
            try:
                validate_email(address)
            except ValidationError:
                raise ValueError(f"{address!r} is no e-mail address") from None


class Notice(TaskType):
    """Queues one mail to each, in the transaction of the step: once, however often the step is taken for these words."""

    parameters: ClassVar[type[Any]] = Notify

    def begin(self, moment: Moment, given: Notify) -> Verdict:
        """Queue the mails."""
        for address in sorted(set(receivers(moment, given))):
            subject = _filled(given, "subject", moment)
            queue_mail(to=address, subject=subject, text=_text(given, moment), key=_key(moment, address))
        return PASS


def receivers(moment: Moment, given: Notify) -> Iterator[str]:
    """Yield the addresses; of people those who can be written to and hold the role today."""
    yield from given.addresses
    if given.parties or given.roles:
        held = Membership.objects.in_force().filter(
            Q(role=Role.EDITOR, party__key__in=given.parties) | Q(role__in=given.roles)
        )
        yield from _reachable(User.objects.filter(pk__in=held.values("user")))
    if given.submitter and moment.submission is not None:
        rounds = moment.submission.submitters.filter(round=moment.submission.round)
        yield from _reachable(User.objects.filter(pk__in=rounds.values("user")))


def _reachable(users: Any) -> Iterator[str]:
    found = users.filter(is_active=True).exclude(email=None).exclude(email="")
    yield from (email.lower() for email in found.values_list("email", flat=True))


def _filled(given: Notify, name: str, moment: Moment) -> str:
    danish, english = getattr(given, f"{name}_da"), getattr(given, f"{name}_en")
    words = danish if not english else f"{danish} / {english}" if name == "subject" else f"{danish}\n\n{english}"
    # Not `format`: the words come from a file, and braces in them may mean nothing.
    return str(words).replace("{page}", moment.page.title)


def _text(given: Notify, moment: Moment) -> str:
    link = f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{_screen(moment)}"
    return _filled(given, "text", moment) + _FOOT.format(title=moment.page.title, link=link)


def _screen(moment: Moment) -> str:
    from django.urls import reverse

    return reverse("wagtailadmin_pages:edit", args=[moment.page.pk])


def _key(moment: Moment, address: str) -> str:
    step = (
        f"{moment.submission.pk}:{moment.state.task_id}:{moment.digest}" if moment.submission and moment.state else ""
    )
    who = hashlib.sha256(f"{step}:{address}".encode()).hexdigest()
    return f"editorial.notify:{who}"
