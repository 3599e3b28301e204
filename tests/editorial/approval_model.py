"""What should happen to a page under a policy of both parties, without a database: the model of the approval machine."""

from dataclasses import dataclass, field

PARTIES = ("hk", "kl")
PEOPLE = ("kl", "kl2", "hk", "hk2")
# Version → its steps, each with the parties that it asks.
VERSIONS = (
    (frozenset(PARTIES),),
    (frozenset({"kl"}), frozenset({"hk"})),
    (frozenset({"hk"}), frozenset(PARTIES)),
)


def party(person: str) -> str:
    """Return the party that a person writes for."""
    return person.rstrip("2")


@dataclass
class Taking:
    """One taking of one step: what was answered in it, and whether it is open, done, or void."""

    step: int
    # Who has read and answered which words.
    answered: set[tuple[str, str]] = field(default_factory=set)
    # (words, party) → who approved.
    approved: dict[tuple[str, str], str] = field(default_factory=dict)
    words: str = ""
    open: bool = True
    done: bool = False


@dataclass
class Sent:
    """A submission."""

    version: int
    submitter: str
    author: str
    takings: list[Taking]
    returned: bool = False

    @property
    def current(self) -> Taking:
        """Return where it stands."""
        return self.takings[-1]


class Model:
    """The page: what is live, what the draft says and who wrote it, and the submission."""

    def __init__(self, live: str) -> None:
        self.live = live
        self.words = self.writer = ""
        self.version = 0
        self.off: set[tuple[int, int]] = set()
        # Who wrote and who sent in what is live.
        self.barred: tuple[str, str] = ("", "")
        self.sent: Sent | None = None

    def write(self, who: str, words: str) -> None:
        """Save; the same words make nobody their author."""
        if words == self.words:
            return
        self.words, self.writer = words, who
        if self.sent is not None:
            self.sent.author = who

    def send(self, who: str) -> bool:
        """Send in, or again after a return; tell whether that is possible."""
        if self.sent is None:
            active = self._active(self.version)
            if active:
                self.sent = Sent(self.version, who, self.writer, [Taking(active[0])])
            return bool(active)
        if not self.sent.returned:
            return False
        self.sent.returned, self.sent.submitter = False, who
        self._void_stale(self.sent)
        self._begin(self.sent, self._missing(self.sent))
        return True

    def voters(self) -> list[str]:
        """Return who may answer now."""
        return [who for who in PEOPLE if self.may_vote(who)]

    def may_vote(self, who: str) -> bool:
        """Tell whether a person may answer the draft's words now."""
        sent = self.sent
        if sent is None or sent.returned or who in (sent.submitter, sent.author):
            return False
        taking = sent.current
        hers = party(who) in VERSIONS[sent.version][taking.step]
        return hers and (self.words, party(who)) not in taking.approved and (who, self.words) not in taking.answered

    def vote(self, who: str, *, approve: bool) -> None:
        """Answer."""
        sent = self._sent()
        taking = sent.current
        taking.answered.add((who, self.words))
        if not approve:
            taking.open, sent.returned = False, True
            return
        taking.approved[self.words, party(who)] = who
        if all((self.words, wanted) in taking.approved for wanted in VERSIONS[sent.version][taking.step]):
            self._step_done(sent)

    def _step_done(self, sent: Sent) -> None:
        before = [(each, each.done) for each in sent.takings]
        taking = sent.current
        taking.open, taking.done, taking.words = False, True, self.words
        self._void_stale(sent)
        following = self._missing(sent)
        if following is not None:
            self._begin(sent, following)
        elif self._complete(sent):
            self.live, self.sent, self.barred = self.words, None, (self.writer, sent.submitter)
        else:
            # Everything of this act is undone, and the step is returned instead.
            for each, done in before:
                each.done = done
            taking.done, sent.returned = False, True

    def _complete(self, sent: Sent) -> bool:
        """Ask in the invariant's own words: each party, neither writer nor sender, exactly this text."""
        who = {
            person
            for taking in sent.takings
            if taking.done or taking.open
            for (words, _party), person in taking.approved.items()
            if words == self.words and person not in (sent.submitter, sent.author)
        }
        return {party(person) for person in who} == set(PARTIES)

    def switch_off(self, version: int, number: int) -> bool:
        """Deactivate a step; tell whether that is possible: not when a page would have no step left to go through."""
        sent = self.sent
        under_way = sent is not None and sent.version == version and sent.current.step == number
        self.off.add((version, number))
        if not under_way:
            return True
        assert sent is not None
        if self._missing(sent) is None:
            self.off.discard((version, number))
            return False
        sent.current.open = False
        self._void_stale(sent)
        self._begin(sent, self._missing(sent))
        return True

    def _sent(self) -> Sent:
        assert self.sent is not None
        return self.sent

    def _active(self, version: int) -> list[int]:
        return [number for number in range(len(VERSIONS[version])) if (version, number) not in self.off]

    def _void_stale(self, sent: Sent) -> None:
        for taking in sent.takings:
            if taking.done and taking.words != self.words:
                taking.done = False

    def _missing(self, sent: Sent) -> int | None:
        done = {taking.step for taking in sent.takings if taking.done}
        return next((number for number in self._active(sent.version) if number not in done), None)

    def _begin(self, sent: Sent, number: int | None) -> None:
        sent.takings.append(Taking(sent.current.step if number is None else number))
