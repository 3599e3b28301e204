"""The example's searches are such as the portal would have counted, and its rules such as an editor could write."""

from portal.desk.loading.context import read
from search.usage.storing import THRESHOLD
from search.usage.wording import countable


def test_what_was_searched_for_would_be_counted_and_was_made_often_enough() -> None:
    for row in read("search")["search"]:
        assert countable(row["text"]) == row["text"]
        assert min(row["times"]) >= THRESHOLD
        assert 0 <= row["missed"] <= 10
