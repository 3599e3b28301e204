"""Who may read a page, as a condition of the query that asks for pages."""

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q
from wagtail.models import PageViewRestriction


def anyone_may_read() -> Q:
    """Return the condition "neither the page nor one above it is restricted".

    Wagtail's own `public()` asks for all restrictions first, a query of its own at each place that lists pages.
    """
    path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    above = PageViewRestriction.objects.annotate(asked=path).filter(asked__startswith=F("page__path"))
    return Q(~Exists(above))
