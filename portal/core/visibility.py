"""Who may read a page, as a condition of the query that asks for pages.

Lists, menus, sections, feeds and counts ask here and have no rule of their own. What is *served* at a page's address Wagtail
refuses, and `refuse_foreign` where Wagtail asks the wrong thing.
"""

from typing import Any, Self

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.http import Http404
from wagtail.models import BaseViewRestriction, Page, PageManager, PageViewRestriction
from wagtail.permissions import page_permission_policy
from wagtail.query import PageQuerySet

from portal.core.principal import ANONYMOUS, Principal


def asker(request: Any) -> Principal:
    """Return who asks; nobody, where a page is drawn without a request (an import, a preview of a snippet)."""
    principal: Principal = getattr(request, "principal", ANONYMOUS)
    return principal


def readable_by(principal: Principal) -> Q:
    """Return the condition "neither the page nor one above it is closed to her".

    A page behind a password is open to those who typed it, which no query knows: it stands in no list. Groups are asked by
    name and of the principal, not of the user: a role that is withheld lends no group.
    """
    closed = _restrictions_above()
    if not principal.is_anonymous:
        closed = closed.exclude(restriction_type=PageViewRestriction.LOGIN)
    if principal.groups:
        links = PageViewRestriction.groups.through.objects
        hers = links.filter(pageviewrestriction=OuterRef("pk"), group__name__in=sorted(principal.groups))
        closed = closed.exclude(Exists(hers), restriction_type=PageViewRestriction.GROUPS)
    return Q(~Exists(closed))


def refuse_foreign(shown: Any, request: Any) -> None:
    """Refuse a page, or a collection, that is served to groups which she is not in, as if it did not exist.

    Wagtail asks for the user's groups, which know nothing of a session without its second factor, lets a superuser pass
    in any session, and sends who is signed in to the login over and over. Nobody at all is still asked to sign in.

    Raises:
        Http404: she is signed in and in none of the groups.
    """
    principal = asker(request)
    if principal.is_anonymous:
        return
    restrictions = shown.get_view_restrictions().filter(restriction_type=BaseViewRestriction.GROUPS)
    for restriction in restrictions.prefetch_related("groups"):
        if principal.groups.isdisjoint(group.name for group in restriction.groups.all()):
            raise Http404


def _restrictions_above() -> QuerySet[Any]:
    """Return what closes the page of the outer query: on itself, above it, or on the page that one of these mirrors.

    Wagtail's own `public()` asks for all restrictions first, a query of its own at each place that lists pages, and
    forgets that an alias is as closed as its source.
    """
    path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    asked: QuerySet[Any] = PageViewRestriction.objects.annotate(asked=path)
    return asked.filter(Q(asked__startswith=F("page__path")) | Q(asked__startswith=F("page__aliases__path")))


def pages_visible_to(principal: Principal) -> Any:
    """Return the published pages of every type that she may read."""
    return Page.objects.live().filter(readable_by(principal))


def pages_to_choose_for(user: Any, principal: Principal) -> Q:
    """Return the condition "hers to work on, or published and hers to read", for who points to a page in the admin.

    Wagtail's chooser shows every draft and every closed page to whoever gets into the admin at all.
    """
    hers = page_permission_policy.explorable_instances(user).values("pk")
    return Q(pk__in=hers) | Q(pk__in=pages_visible_to(principal).values("pk"))


class VisiblePageQuerySet(PageQuerySet):
    """Pages of the portal."""

    def visible_to(self, principal: Principal) -> Self:
        """Return what is published and hers to read."""
        return self.live().filter(readable_by(principal))


VisiblePageManager: Any = PageManager.from_queryset(VisiblePageQuerySet)
