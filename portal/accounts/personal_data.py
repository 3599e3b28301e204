"""What the accounts know about a person: the account itself, how she signs in, what she is where, who looked at her."""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import ImportRow, ImportRun, Invitation, Membership, PersonLookup, User
from portal.core.personal_data import Erasure, Fate, PersonalData, Sheet, nobody, sheet

_AT = _("Time")


def addresses_of(person: User) -> set[str]:
    """Return every address that is known to be hers, in small letters."""
    found = {person.email or "", *EmailAddress.objects.filter(user=person).values_list("email", flat=True)}
    found.update(Membership.objects.filter(user=person).values_list("email", flat=True))
    return {address.lower() for address in found if address}


def memberships_of(person: User) -> Any:
    """Return her roles, and those that wait for one of her addresses."""
    waiting = Q(user__isnull=True, email__in=addresses_of(person))
    return Membership.objects.filter(Q(user=person) | waiting).order_by("valid_from", "id")


def identifiers(person: User) -> Iterable[str]:
    """Return the words that stand for her and for nobody else."""
    yield from (str(person.uuid), person.uuid.hex)
    yield from addresses_of(person)
    for account in SocialAccount.objects.filter(user=person):
        yield from (account.uid, str(account.extra_data.get("email", "")))
    for uuid in memberships_of(person).values_list("uuid", flat=True):
        yield str(uuid)
    for uuid in Invitation.objects.filter(membership__in=memberships_of(person)).values_list("uuid", flat=True):
        yield str(uuid)
    yield from (name for name in names(person) if _is_hers_alone(person, name))


def names(person: User) -> Iterable[str]:
    """Return what she is called; another person may be called the same."""
    return {person.get_full_name(), *memberships_of(person).values_list("name", flat=True)} - {""}


def _is_hers_alone(person: User, name: str) -> bool:
    """Tell whether nobody else is called so; a single word is never looked for, since it may be any word."""
    first, _space, last = name.rpartition(" ")
    others = User.objects.filter(first_name__iexact=first, last_name__iexact=last).exclude(pk=person.pk)
    elsewhere = Membership.objects.filter(name__iexact=name).exclude(pk__in=memberships_of(person).values("pk"))
    return bool(first) and not others.exists() and not elsewhere.exists()


def export_account(person: User) -> Iterable[Sheet]:
    """Return the account; a password is stored as a sum that says nothing, and is no part of it."""
    yield sheet(
        "account",
        _("Your account"),
        [person],
        ("uuid", _("Number"), "uuid"),
        ("first_name", _("First name"), "first_name"),
        ("last_name", _("Last name"), "last_name"),
        ("email", _("E-mail"), "email"),
        ("created", _("Created"), "date_joined"),
        ("last_login", _("Last sign-in"), "last_login"),
    )
    groups = person.groups.order_by("name", "pk")
    rights = person.user_permissions.order_by("pk")
    yield sheet("groups", _("Your groups in the editor"), groups, ("name", _("Name"), "name"))
    yield sheet("rights", _("Rights of your own in the editor"), rights, ("name", _("Name"), "codename"))


def erase_account(erasure: Erasure) -> None:
    """Delete the account itself; everything that must stay has let go of it by now."""
    erasure.person.delete()


def export_login(person: User) -> Iterable[Sheet]:
    """Return how she signs in, without what opens the door."""
    yield sheet(
        "addresses",
        _("Your e-mail addresses"),
        EmailAddress.objects.filter(user=person).order_by("pk"),
        ("email", _("E-mail"), "email"),
        ("confirmed", _("Confirmed"), "verified"),
        ("primary", _("In use"), "primary"),
    )
    yield sheet(
        "outside_logins",
        _("Your logins at other places"),
        SocialAccount.objects.filter(user=person).order_by("pk"),
        ("provider", _("Place"), "provider"),
        ("identity", _("Your number there"), "uid"),
        ("first", _("First sign-in"), "date_joined"),
        ("last", _("Last sign-in"), "last_login"),
        ("told", _("What the login has told us"), lambda account: _flat(account.extra_data)),
    )
    yield sheet(
        "second_factors",
        _("Your second factors"),
        Authenticator.objects.filter(user=person).order_by("pk"),
        ("kind", _("Kind"), "get_type_display"),
        ("created", _("Created"), "created_at"),
        ("used", _("Last used"), "last_used_at"),
    )


def _flat(told: dict[str, Any]) -> str:
    return "; ".join(f"{key}: {told[key]}" for key in sorted(told))


def erase_login(erasure: Erasure) -> None:
    """Delete every way in; tokens and confirmations hang on these rows."""
    for model in (EmailAddress, SocialAccount, Authenticator):
        model._default_manager.filter(user=erasure.person).delete()


def export_roles(person: User) -> Iterable[Sheet]:
    """Return what she is and was, where, and who may be invited to it by a link."""
    roles = memberships_of(person).select_related("unit", "municipality", "region", "party", "user")
    yield sheet(
        "roles",
        _("Your roles"),
        roles,
        ("role", _("Role"), "get_role_display"),
        ("place", _("Place"), "place"),
        ("from", _("From"), "valid_from"),
        ("to", _("To"), "valid_to"),
        ("revoked", _("Revoked"), "revoked_at"),
        ("name", _("Name"), "name"),
        ("email", _("E-mail"), "email"),
        ("employee_number", _("Employee number"), "person_code"),
        ("source", _("Source"), "get_source_display"),
        ("created", _("Created"), "created_at"),
    )
    yield sheet(
        "invitations",
        _("Invitations to you"),
        Invitation.objects.filter(membership__in=memberships_of(person)).order_by("created_at", "id"),
        ("sent", _("Sent"), "created_at"),
        ("expires", _("Expires"), "expires_at"),
        ("accepted", _("Accepted"), "accepted_at"),
        ("withdrawn", _("Withdrawn"), "withdrawn_at"),
    )
    sent = Invitation.objects.filter(invited_by=person).order_by("created_at", "id")
    yield sheet("invitations_by_you", _("Invitations that you sent"), sent, ("sent", _("Sent"), "created_at"))


def erase_roles(erasure: Erasure) -> None:
    """Delete her roles and what waits for her; invitations that she sent to others go on without her name."""
    Invitation.objects.filter(invited_by=erasure.person).update(invited_by=None)
    memberships_of(erasure.person).delete()


def export_imports(person: User) -> Iterable[Sheet]:
    """Return the files that she sent in; what stands in them is about others."""
    runs = ImportRun.objects.filter(started_by=person).order_by("created_at", "id")
    at = ("at", _AT, "created_at")
    yield sheet("imports", _("Imports that you started"), runs, at, ("file", _("File"), "filename"))


def erase_imports(erasure: Erasure) -> None:
    """Take her lines out of plans that have not been carried out, and her name off those that she started."""
    words = ("email", "person", "values", "changes", "problem")
    erasure.traces.rows_in(ImportRow.objects.all(), *words).delete()
    ImportRun.objects.filter(started_by=erasure.person).update(started_by=None)


def export_lookups(person: User) -> Iterable[Sheet]:
    """Return who looked at her, and when she looked at others: whom is the others' business."""
    at, role, what = ("at", _AT, "at"), ("role", _("As"), "role"), ("what", _("What was shown"), "what")
    by = PersonLookup.objects.filter(person=person).order_by("at", "id")
    yield sheet("lookups", _("Who has looked"), by, at, ("who", _("Who"), "viewer_label"), role, what)
    own = PersonLookup.objects.filter(viewer=person).order_by("at", "id")
    yield sheet("lookups_by_you", _("When you looked at others' data"), own, at, role, what)


def erase_lookups(erasure: Erasure) -> None:
    """Delete the looks at her. In the logs of others it stays that somebody looked, in which role, but not who."""
    PersonLookup.objects.filter(person=erasure.person).delete()
    PersonLookup.objects.filter(viewer=erasure.person).update(viewer=None, viewer_label=nobody())


ACCOUNTS = (
    PersonalData(
        key="accounts.roles",
        title=_("Your roles and invitations"),
        why=_("They decide what you see and may do. Your municipality keeps them."),
        how_long=_(
            "24 months after they have ended, unless your municipality has set another time. Invitations: 3 months."
        ),
        erasing=_(
            "They are deleted, and with them what they let you see. Your municipality can give you a role again."
        ),
        fate=Fate.DELETED,
        order=50,
        covers=("accounts.Membership.user", "accounts.Membership.email", "accounts.Invitation.invited_by"),
        export=export_roles,
        erase=erase_roles,
    ),
    PersonalData(
        key="accounts.imports",
        title=_("Lists of employees"),
        why=_("Your municipality can send in a list of its employees instead of writing each one."),
        how_long=_("A week at most."),
        erasing=_("Lines about you are deleted. A file that nobody has read yet is deleted within the week."),
        fate=Fate.DELETED,
        order=45,
        covers=(
            "accounts.ImportRun.started_by",
            "accounts.ImportRow.email",
            "accounts.ImportRow.values",
            "accounts.ImportRow.changes",
        ),
        export=export_imports,
        erase=erase_imports,
    ),
    PersonalData(
        key="accounts.lookups",
        title=_("Who has looked at your data"),
        why=_("So that you can see it yourself."),
        how_long=_("24 months."),
        erasing=_("Looks at you are deleted. Where you looked at others, their logs keep the role and the time."),
        fate=Fate.DELETED,
        order=50,
        covers=("accounts.PersonLookup.person", "accounts.PersonLookup.viewer"),
        export=export_lookups,
        erase=erase_lookups,
    ),
    PersonalData(
        key="accounts.login",
        title=_("How you sign in"),
        why=_("So that nobody but you can use your account."),
        how_long=_("As long as you have an account."),
        erasing=_("It is deleted, and you can no longer sign in."),
        fate=Fate.DELETED,
        order=60,
        covers=(
            "account.EmailAddress.user",
            "account.EmailAddress.email",
            "mfa.Authenticator.user",
            "mfa.Authenticator.data",
            "socialaccount.SocialAccount.user",
            "socialaccount.SocialAccount.extra_data",
        ),
        export=export_login,
        erase=erase_login,
    ),
    PersonalData(
        key="accounts.account",
        title=_("Your account"),
        why=_("So that the portal knows you again."),
        how_long=_("As long as you have an account."),
        erasing=_("It is deleted."),
        fate=Fate.DELETED,
        order=100,
        covers=("accounts.User.email", "accounts.User_groups.user", "accounts.User_user_permissions.user"),
        export=export_account,
        erase=erase_account,
        identifiers=identifiers,
        names=names,
    ),
)
