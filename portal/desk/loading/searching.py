"""What editors keep about search, and what was searched for in the weeks before: the example's part of the menu “Search”."""

from datetime import date, timedelta

from wagtail.models import Page

from portal.desk.loading.context import Loading, Row, read
from search.models import Direction, Promotion, QueryCount, Synonym


def load_search(loading: Loading) -> None:
    """Load synonyms, promoted results and counts."""
    content = read("search")
    for row in content["synonym"]:
        _load_synonym(loading, row)
    for row in content["promotion"]:
        _load_promotion(loading, row)
    monday = loading.today - timedelta(days=loading.today.weekday())
    for row in content["search"]:
        _load_counts(loading, row, monday)
    loading.say(f"search: {len(content['synonym']) + len(content['promotion'])}")


def _load_synonym(loading: Loading, row: Row) -> None:
    key, means = f"synonym:{row['key']}", row.get("means", [])
    if not loading.wants(key):
        return
    synonym = Synonym(
        direction=Direction.ONE_WAY if means else Direction.EQUAL,
        words="\n".join(row["words"]),
        means="\n".join(means),
        note=row["note"],
    )
    synonym.full_clean()
    synonym.save()
    loading.remember(key, synonym)


def _load_promotion(loading: Loading, row: Row) -> None:
    key, page = f"promotion:{row['key']}", loading.find(row["page"])
    if page is None or not loading.wants(key):
        return
    promotion = Promotion(queries="\n".join(row["queries"]), page=Page.objects.get(pk=page.pk), note=row["note"])
    promotion.full_clean()
    promotion.save()
    loading.remember(key, promotion)


def _load_counts(loading: Loading, row: Row, monday: date) -> None:
    """Put the counts into the last whole weeks, unless somebody's real searches are there already."""
    for number, times in enumerate(row["times"], start=1):
        key = f"search:{row['text']}:{number}"
        if not loading.wants(key):
            continue
        values = {"times": times, "misses": times * row["missed"] // 10}
        week = monday - timedelta(weeks=number)
        count, is_new = QueryCount.objects.get_or_create(week=week, text=row["text"], defaults=values)
        if is_new:
            loading.remember(key, count)
