"""What the editors' part of search registers: words in force, forgetting, and what it keeps of persons (nothing)."""

from datetime import timedelta


def register_editing() -> None:
    """Register it; called once when the app is ready."""
    from portal.core import page_cache, periodic, personal_data
    from search import kept, models
    from search.personal_data import SEARCHES
    from search.usage.storing import forget_old

    kept.connect((models.Synonym, models.Promotion))
    # No page that is stored shows them, and counts are written all day.
    page_cache.ignore(models.Synonym, models.Promotion, models.EditorialVersion)
    page_cache.ignore(models.UsageWeek, models.RareQuery, models.QueryCount)
    periodic.register("search.usage_forget", timedelta(days=1), forget_old)
    personal_data.register(SEARCHES)
