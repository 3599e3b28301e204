"""Steps that people answer: every party, in any order; or so many of a panel."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from portal.accounts.api import User, editors_of
from portal.core.principal import Principal
from portal.core.roles import Role
from portal.editorial.models import Vote
from portal.editorial.policies import publishers_of
from portal.editorial.registry import WAIT, Moment, Outcome, Promise, Seat, TaskType, Verdict
from portal.editorial.required import PARTY
from portal.organisations.api import Party

PERSON = "person:"


def editors(parties: Iterable[str], groups: Iterable[str] = ()) -> QuerySet[User]:
    """Return the active people who write for one of the parties, or are in one of the groups."""
    names = [*(editors_of(key) for key in parties), *groups]
    found: QuerySet[User] = User.objects.filter(Q(groups__name__in=names), is_active=True).distinct().order_by("pk")
    return found


def _answers(moment: Moment, answer: str) -> list[Vote]:
    return [vote for vote in moment.votes if vote.answer == answer]


def _returned(vote: Vote) -> Verdict:
    return Verdict(Outcome.RETURN, comment=vote.comment)


@dataclass(frozen=True)
class Parties:
    """Keys of parties; with `publishers` those that publish the page as well."""

    parties: tuple[str, ...] = ()
    publishers: bool = False

    def __post_init__(self) -> None:
        if not self.parties and not self.publishers:
            raise ValueError("name at least one party, or publishers = true")


class PartyApproval(TaskType):
    """Every party approves, in any order: one seat for each party, and one return is enough to send the page back."""

    parameters: ClassVar[type[Any]] = Parties
    human: ClassVar[bool] = True

    def begin(self, moment: Moment, given: Parties) -> Verdict:
        """Wait for the parties; a page that nobody publishes has none, and would wait for ever."""
        if self.seats(moment, given):
            return WAIT
        return Verdict(Outcome.RETURN, comment=_("Say which parties publish the page: they approve it."))

    def seats(self, moment: Moment, given: Parties) -> tuple[Seat, ...]:
        """Return one seat for each party."""
        keys = self._keys(moment, given)
        names = dict(Party.objects.filter(key__in=keys).values_list("key", "short_name"))
        return tuple(Seat(f"{PARTY}{key}", names.get(key, key)) for key in sorted(keys))

    def seats_of(self, moment: Moment, given: Parties, user: Any, principal: Principal) -> tuple[Seat, ...]:
        """Return the seats of the parties that she writes for, in a session that may use the role."""
        hers = {f"{PARTY}{key}" for key in principal.parties(Role.EDITOR)}
        return tuple(seat for seat in self.seats(moment, given) if seat.key in hers)

    def answered(self, moment: Moment, given: Parties) -> Verdict:
        """Pass when every party has approved; return at the first that does not."""
        for vote in _answers(moment, Vote.RETURN):
            return _returned(vote)
        approved = {vote.seat for vote in _answers(moment, Vote.APPROVE)}
        return Verdict(Outcome.PASS) if {seat.key for seat in self.seats(moment, given)} <= approved else WAIT

    def promise(self, given: Parties) -> Promise:
        """Promise the named parties; those that publish a page are known only with the page."""
        return Promise(frozenset(given.parties), given.publishers, len(given.parties))

    def people(self, moment: Moment, given: Parties) -> QuerySet[User]:
        """Return the editors of the parties that have not approved yet."""
        approved = {vote.seat for vote in _answers(moment, Vote.APPROVE)}
        return editors(key for key in self._keys(moment, given) if f"{PARTY}{key}" not in approved)

    def _keys(self, moment: Moment, given: Parties) -> set[str]:
        return {*given.parties, *(publishers_of(moment.page) if given.publishers else ())}


@dataclass(frozen=True)
class Panel:
    """`approvals` of the panel's members approve. Members are the editors of the parties and whoever is in the groups."""

    approvals: int
    parties: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.approvals < 1:
            raise ValueError("at least one approval")
        if not self.parties and not self.groups:
            raise ValueError("name the parties or the groups whose members form the panel")


class PanelApproval(TaskType):
    """So many of a panel approve. It is returned when so many have that the rest cannot be enough."""

    parameters: ClassVar[type[Any]] = Panel
    human: ClassVar[bool] = True

    def seats(self, moment: Moment, given: Panel) -> tuple[Seat, ...]:
        """Return a seat for each approval that is asked for; whose they are shows when they have answered."""
        members = self._members(given).count()
        words = _("%(number)s of a panel of %(members)s") % {"number": given.approvals, "members": members}
        return (Seat("panel", words),)

    def seats_of(self, moment: Moment, given: Panel, user: Any, principal: Principal) -> tuple[Seat, ...]:
        """Return her own seat, if she is a member in a session that may use the role."""
        is_editor = principal.parties(Role.EDITOR) & set(given.parties)
        if not is_editor and principal.groups.isdisjoint(given.groups):
            return ()
        return (Seat(f"{PERSON}{user.uuid}", str(user)),)

    def answered(self, moment: Moment, given: Panel) -> Verdict:
        """Pass with enough approvals; return when they can no longer come."""
        if len(_answers(moment, Vote.APPROVE)) >= given.approvals:
            return Verdict(Outcome.PASS)
        against = _answers(moment, Vote.RETURN)
        if against and len(against) > self._voters(moment, given) - given.approvals:
            return _returned(against[-1])
        return WAIT

    def promise(self, given: Panel) -> Promise:
        """Promise so many persons."""
        return Promise(people=given.approvals)

    def people(self, moment: Moment, given: Panel) -> QuerySet[User]:
        """Return the members who have not answered."""
        return self._members(given).exclude(uuid__in=[vote.person for vote in moment.votes])

    def _members(self, given: Panel) -> QuerySet[User]:
        return editors(given.parties, given.groups)

    def _voters(self, moment: Moment, given: Panel) -> int:
        """Count the members who may answer at all: who wrote or sent it in does not."""
        members = self._members(given)
        if moment.submission is not None:
            submitted = moment.submission.submitters.filter(round=moment.submission.round).values("user_id")
            members = members.exclude(pk__in=submitted).exclude(pk=moment.submission.author_id or 0)
        return members.count()
