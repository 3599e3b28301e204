"""Who may find a page, in the words that `Principal.audiences` answers with."""

from wagtail.models import BaseViewRestriction, Collection, Page

from search.documents import PUBLIC

SIGNED_IN = "signed-in"


def page_audiences(page: Page | Collection) -> tuple[str, ...]:
    """Return who may find a page, or what lies in a collection, under the restrictions on it and on what it stands under.

    A password is known to nobody here, so nobody finds the page. Two restrictions mean "both", which audiences ("one of")
    say only when one lies within the other.
    """
    allowed: set[str] = {PUBLIC}
    for restriction in page.get_view_restrictions():
        names = _audiences_of(restriction)
        allowed = names if PUBLIC in allowed else _both(allowed, names)
    return tuple(sorted(allowed))


def _audiences_of(restriction: BaseViewRestriction) -> set[str]:
    if restriction.restriction_type == BaseViewRestriction.LOGIN:
        return {SIGNED_IN}
    if restriction.restriction_type == BaseViewRestriction.GROUPS:
        return {f"group:{name}" for name in restriction.groups.values_list("name", flat=True)}
    return set()


def _both(first: set[str], second: set[str]) -> set[str]:
    if first == {SIGNED_IN}:
        return second
    return first if second == {SIGNED_IN} else first & second


def narrowed(wanted: tuple[str, ...], allowed: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return a document's audiences within what its page allows: a source can forget a restriction, the index cannot."""
    if allowed is None or PUBLIC in allowed:
        return wanted
    if PUBLIC in wanted:
        return allowed
    return tuple(sorted(_both(set(wanted), set(allowed))))
