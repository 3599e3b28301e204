"""The two signed strings: the key in an embed address, and the token in a form.

Django's csrf cookie does not travel from a foreign frame, so the form's own token is the door: signed, expiring, single
use, bound to the release the form was built from and to the address it was drawn under.
"""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from uuid import UUID

from django.core import signing
from django.utils import timezone

EMBED_SALT = "assessment.embed"
FORM_SALT = "assessment.form"
TRIAL_SALT = "assessment.trial"
# A working day: long enough to be called away from the form, short enough that a copied page is soon worthless.
FORM_AGE = dt.timedelta(hours=8)
# The test page is drawn anew for each trial.
TRIAL_AGE = dt.timedelta(hours=1)
# 128 bits (OWASP ASVS 5.0, §11.5.1).
_RANDOM_BYTES = 16
_SEPARATOR = "."


class InvalidTokenError(Exception):
    """The string was not signed by us, or says something else than it should."""


class ForeignTokenError(InvalidTokenError):
    """The token is ours, but was given out with another form."""


@dataclass(frozen=True, slots=True)
class FormToken:
    """What a form carries back.

    `release` is the release the questions came from, `embed` the public id of the municipality's key (empty on the
    public page), `profile` the slug in the address. `nonce` makes it single: its hash is what is remembered.
    """

    nonce: str
    release: UUID
    embed: str
    profile: str
    expired: bool = False

    @property
    def digest(self) -> str:
        """Return what a used token is remembered by: with the table alone, nobody can make the token again."""
        return hashlib.sha256(self.nonce.encode()).hexdigest()

    def belongs_to(self, *, profile: str, embed: str) -> None:
        """Refuse a token of another form.

        Raises:
            ForeignTokenError: the token was given out for another profile or another municipality.
        """
        if (self.profile, self.embed) != (profile, embed):
            raise ForeignTokenError


def expiry_day(now: dt.datetime) -> dt.date:
    """Return the day after which a form drawn now can no longer be sent."""
    return timezone.localdate(now + FORM_AGE)


def issue_form_token(*, release: UUID, profile: str, embed: str = "") -> str:
    """Return a token for one form. The time of its signature is in the page only; nothing is stored."""
    nonce = secrets.token_urlsafe(_RANDOM_BYTES)
    return signing.dumps([nonce, str(release), embed, profile], salt=FORM_SALT)


def read_form_token(text: str) -> FormToken:
    """Return the token of a form; an expired one is marked, so that the form can be shown again with its answers.

    Raises:
        InvalidTokenError: the text was not signed by us.
    """
    try:
        values = signing.loads(text, salt=FORM_SALT)
        nonce, release, embed, profile = values
        token = FormToken(str(nonce), UUID(release), str(embed), str(profile))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise InvalidTokenError from error
    try:
        signing.loads(text, salt=FORM_SALT, max_age=FORM_AGE)
    except signing.SignatureExpired:
        return FormToken(token.nonce, token.release, token.embed, token.profile, expired=True)
    return token


def new_public_id() -> str:
    """Return a random name for an embed key."""
    return secrets.token_urlsafe(_RANDOM_BYTES)


def sign_embed_key(public_id: str) -> str:
    """Return the part of the embed address that names a municipality's key."""
    return signing.Signer(salt=EMBED_SALT, sep=_SEPARATOR).sign(public_id)


def read_embed_key(text: str) -> str:
    """Return the public id in an embed address; a forged one never reaches the database.

    Raises:
        InvalidTokenError: the text was not signed by us.
    """
    try:
        return signing.Signer(salt=EMBED_SALT, sep=_SEPARATOR).unsign(text)
    except signing.BadSignature as error:
        raise InvalidTokenError from error


def issue_trial(public_id: str) -> str:
    """Return what the coordinators' test page adds to the address: our own page may frame the form, and nothing counts."""
    return signing.dumps(public_id, salt=TRIAL_SALT)


def is_trial(text: str, public_id: str) -> bool:
    """Tell whether the text was given out for a trial of this key a short while ago."""
    try:
        return bool(signing.loads(text, salt=TRIAL_SALT, max_age=TRIAL_AGE) == public_id)
    except signing.BadSignature:
        return False
