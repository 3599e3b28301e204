"""Three hundred invented answers: drawn with a seed, stored like real ones, and one round of them closed."""

import datetime as dt
import random
from collections.abc import Iterator
from uuid import UUID

from portal.desk.loading.context import Loading, Row, read
from portal.organisations.api import Municipality
from profilecatalog.assessment.api import (
    AnswerKind,
    Given,
    Round,
    RoundStatus,
    close_standing_rounds,
    load_example_responses,
)
from profilecatalog.profiles.api import ProfilePage, ProfileRelease, latest_release

# The answers of a round come over so many weeks.
WEEKS = 6


def load_responses(loading: Loading) -> None:
    """Store the answers of the rounds that have never been loaded."""
    recipe = read("answers")
    dice = random.Random(recipe["seed"])  # noqa: S311 - repeatable is the point
    stored = 0
    for row in recipe["round"]:
        key = f"round:{row['municipality']}"
        if not loading.wants(key):
            continue
        round_ = None
        for part in row["responses"]:
            reference = f"profile:{part['profile']}"
            profile = None if loading.wants(reference) else loading.find(reference)
            release = latest_release(profile) if isinstance(profile, ProfilePage) else None
            if release is not None:
                round_ = _store(loading, row, part, release, _Draw(dice, recipe, part["profile"]))
                stored += part["count"]
        if round_ is not None:
            loading.remember(key, round_)
    loading.say(f"answers: {stored}")


def close_example_rounds() -> None:
    """Close the example rounds whose quarter is over, as the nightly command would; without any it touches nothing."""
    if Round.objects.filter(example=True, status=RoundStatus.ENDED).exists():
        close_standing_rounds()


class _Draw:
    """Draws one person's answer to a release, around the mean that the recipe gives for each competence."""

    def __init__(self, dice: random.Random, recipe: Row, profile: str) -> None:
        self.dice, self.how, self.mean = dice, recipe["draw"], recipe["mean"][profile]

    def answers(self, release: ProfileRelease) -> dict[UUID, Given]:
        """Return an answer for every competence that the release asks for."""
        document = release.document
        levels = len(document.scale.levels) if document.scale else 0
        return {need.item.competence_uuid: self._answer(need.item.competence_key, levels) for need in document.needs}

    def _answer(self, competence: str, levels: int) -> Given:
        chance = self.dice.random()
        if chance < self.how["not_relevant_share"]:
            return Given(AnswerKind.NOT_RELEVANT)
        if chance < self.how["not_relevant_share"] + self.how["dont_know_share"]:
            return Given(AnswerKind.DONT_KNOW)
        drawn = round(self.dice.gauss(self.mean.get(competence, self.mean["default"]), self.how["spread"]))
        return Given(AnswerKind.LEVEL, min(max(drawn, 1), levels))


def _store(loading: Loading, row: Row, part: Row, release: ProfileRelease, draw: _Draw) -> Round | None:
    municipality = Municipality.objects.get(code=row["municipality"])
    round_ = None
    for day, count in _days(loading.today, row["state"], part["count"]):
        responses = [draw.answers(release) for _ in range(count)]
        round_ = load_example_responses(
            release=release, municipality=municipality, responses=responses, on=day, today=loading.today
        )
    return round_


def _days(today: dt.date, state: str, count: int) -> Iterator[tuple[dt.date, int]]:
    """Spread the answers over the weeks before the quarter's end, or before today while the quarter runs."""
    first_of_quarter = today.replace(month=today.month - (today.month - 1) % 3, day=1)
    last = first_of_quarter - dt.timedelta(days=1) if state == "closed" else today
    earliest = dt.date.min if state == "closed" else first_of_quarter
    share, rest = divmod(count, WEEKS)
    for week in range(WEEKS):
        number = share + (1 if week < rest else 0)
        if number:
            yield max(last - dt.timedelta(weeks=week), earliest), number
