"""What an object says about itself to search: the only thing that search knows of the content models."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class FacetTerm:
    """One value that a result list can be narrowed to: ("sector", "jobcenter", "Jobcenter")."""

    name: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One thing that can be found.

    `url` is the Danish, root-relative address; the result prefixes it by the asker's language. Texts are plain, without
    markup. `audiences` are matched against `Principal.audiences`: one in common is enough; none means that nobody finds it.
    """

    # Unique within the source: most often the object's uuid or primary key.
    key: str
    # One of the kinds that the source registered.
    kind: str
    title: str
    url: str
    summary: str = ""
    body: str = ""
    # Other names that people may know it by; each is compared alone with what was typed, as the title is.
    labels: tuple[str, ...] = ()
    # The badge of this one document ("Fyraftensmøde"); empty takes the name of the kind.
    kind_label: "StrOrPromise" = ""
    # A few words beside the badge, such as a place.
    note: str = ""
    audiences: tuple[str, ...] = (PUBLIC,)
    starts_at: datetime | None = None
    facets: tuple[FacetTerm, ...] = ()
