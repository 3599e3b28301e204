"""A source of the tests' own, so that search is shown without any content model."""

from collections.abc import Callable, Iterator

import pytest
from wagtail.models import Page

from search import store
from search.api import Kind, SearchDocument, register_source, unregister_source
from tests.search.engines import EngineInTurn, in_turn

Index = Callable[..., None]


@pytest.fixture
def index(db: None) -> Iterator[Index]:
    """Put a document straight into the index: `index("1", title="…", kind="course")`."""
    kinds = {name: Kind(name.capitalize(), f"{name.capitalize()}s") for name in ("page", "course", "profile", "event")}
    register_source("tests.items", model=_NoModel, documents=lambda obj: (), all=list, kinds=kinds)  # type: ignore[arg-type]

    def put(key: str, *, title: str, kind: str = "page", **values: object) -> None:
        values.setdefault("url", f"/{key}/")
        document = SearchDocument(key=key, kind=kind, title=title, **values)  # type: ignore[arg-type]
        store.replace("tests.items", key, [document])

    yield put
    unregister_source("tests.items")


_ON_ELASTICSEARCH = pytest.param(
    "elasticsearch", marks=[pytest.mark.elasticsearch, pytest.mark.xdist_group("elasticsearch")]
)


@pytest.fixture(params=["database", _ON_ELASTICSEARCH])
def engine(request: pytest.FixtureRequest, db: None) -> EngineInTurn:
    """Every engine in its turn, behind the public search: the database's own, and a real Elasticsearch."""
    if request.param == "elasticsearch":
        request.getfixturevalue("portal_on_elasticsearch")
    return in_turn(request.param)


class _NoModel:
    """Stands for a model; the documents are put into the index by hand."""


@pytest.fixture
def page_source() -> Iterator[None]:
    """Let Wagtail's own pages be found; a package's page types stay registered beside them."""
    register_source(
        "tests.pages",
        model=Page,
        documents=lambda page: [SearchDocument(key=str(page.pk), kind="page", title=page.title, url=f"/{page.slug}/")],
        all=lambda: Page.objects.live(),
        kinds={"page": Kind("Page", "Pages")},
    )
    yield
    unregister_source("tests.pages")
