"""The tree's index pages, the general pages, the home page and the settings of the site."""

import json
from datetime import timedelta
from typing import Any

from wagtail.models import Page, Site

from events.api import EventIndexPage
from learning.api import CourseIndexPage
from portal.contacts.api import ContactCard, review_begin
from portal.desk.loading.bodies import block, body, link_items
from portal.desk.loading.context import Loading, Row, read
from portal.desk.models import MunicipalityIndexPage
from portal.editorial.api import publish_imported
from portal.organisations.api import Municipality, Party, Region, region_of
from portal.pages.api import (
    ArticleIndexPage,
    ArticlePage,
    ContactIndexPage,
    HomePage,
    ProjectIndexPage,
    ProjectPage,
    ProjectPublication,
    PublicationPage,
    SiteSettings,
    StandardPage,
)
from profilecatalog.profiles.api import CompetenceIndexPage, ProfileIndexPage
from search.api import reindex_object

# Kind of index, page type, slug, and whether the main menu shows it.
INDEXES: list[tuple[str, type[Page], str, bool]] = [
    ("profiles", ProfileIndexPage, "profiler", True),
    ("competences", CompetenceIndexPage, "kompetencer", True),
    ("courses", CourseIndexPage, "kurser", True),
    ("events", EventIndexPage, "moeder", True),
    ("municipalities", MunicipalityIndexPage, "kommuner", True),
    ("articles", ArticleIndexPage, "nyheder", False),
    ("projects", ProjectIndexPage, "projekter", False),
]
HOME_FIELDS = (
    "hero_title",
    "hero_lead",
    "search_label",
    "search_description",
    "ways",
    "who_title",
    "who_text",
    "who_page_id",
    "notice_title",
    "notice_text",
    "notice_page_id",
)
SETTINGS_FIELDS = ("footer_text", "footer_columns", "example_line", "accessibility_page_id", "privacy_page_id")
ACCESSIBILITY, PRIVACY = "page:tilgaengelighedserklaering", "page:privatlivspolitik"


def home_page() -> HomePage:
    """Return the root of the default site."""
    home: HomePage = Site.objects.get(is_default_site=True).root_page.specific
    return home


def load_indexes(loading: Loading) -> None:
    """Make the index pages that are not there; one that an editor has made already is used and not remembered."""
    texts = {row["key"]: row for row in read("site")["index"]}
    home = home_page()
    for kind, model, slug, in_menu in INDEXES:
        key, existing = f"index:{kind}", model.objects.first()
        if existing is not None:
            loading.use(key, existing)
        elif loading.wants(key):
            row = texts[kind]
            page = model(title=row["title"], slug=slug, lead=row["lead"], show_in_menus=in_menu)
            loading.add_page(key, home, page)
    loading.publish_pages()


def load_contacts(loading: Loading) -> None:
    """Load the contact cards."""
    rows = [row for row in read("contacts")["contact"] if loading.wants(f"contact:{row['key']}")]
    parties = {party.key: party for party in Party.objects.all()}
    for row in rows:
        card = ContactCard(
            function=row["function"],
            organisation=row["organisation"],
            about=row.get("about", ""),
            email=row.get("email", ""),
            phone=row.get("phone", ""),
            party=parties.get(row.get("party", "")),
            municipality=Municipality.objects.filter(code=row.get("municipality", "")).first(),
            region=_region(row, loading),
        )
        card.full_clean()
        card.save()
        review_begin(card=card, actor=None)
        reindex_object(card)
        loading.remember(f"contact:{row['key']}", card)
    loading.say(f"contact: {len(rows)}")


def _region(row: Row, loading: Loading) -> Region | None:
    if "region_of" not in row:
        return None
    return region_of(Municipality.objects.get(code=row["region_of"]), on=loading.today)


def load_pages(loading: Loading) -> None:
    """Put articles, projects, publications and standard pages into the tree; their texts follow in `publish_pages`."""
    projects, articles = loading.find("index:projects"), loading.find("index:articles")
    files = read("projects")
    for row in files["publication"]:
        _add(loading, "publication", row, projects, _publication(row))
    for row in files["project"]:
        _add(loading, "project", row, projects, _project(row))
    for row in read("articles")["article"]:
        _add(loading, "article", row, articles, _article(loading, row))
    for row in read("pages")["page"]:
        # A page that names contacts is the list of them.
        model = ContactIndexPage if row.get("contacts") else StandardPage
        _add(loading, "page", row, home_page(), model(title=row["title"], slug=row["key"], lead=row["lead"]))


def _add(loading: Loading, kind: str, row: Row, parent: Page | None, page: Page) -> None:
    key = f"{kind}:{row['key']}"
    if parent is None or not loading.wants(key):
        return

    def finish(page: Any) -> None:
        page.body = body(loading, row["body"])
        for publication in row.get("publications", []):
            found = loading.find(f"publication:{publication}")
            if found is not None:
                page.publication_links.add(ProjectPublication(publication=found))

    loading.add_page(key, parent, page, finish)


def _work(row: Row) -> Row:
    names = ("title", "year", "paid_by", "took_part", "lead")
    return {"slug": row["key"], **{name: row[name] for name in names}}


def _project(row: Row) -> ProjectPage:
    return ProjectPage(**_work(row))


def _publication(row: Row) -> PublicationPage:
    return PublicationPage(**_work(row), page_count=row.get("pages"))


def _article(loading: Loading, row: Row) -> ArticlePage:
    day = loading.today - timedelta(days=row["days_ago"])
    return ArticlePage(title=row["title"], slug=row["key"], lead=row["lead"], date=day)


def load_home(loading: Loading) -> None:
    """Write the home page's texts, once, and remember what stood there."""
    if not loading.wants("home"):
        return
    home, row = home_page(), read("site")["home"]
    before = _values(home, HOME_FIELDS)
    home.hero_title, home.hero_lead, home.search_label = row["title"], row["lead"], row["search_label"]
    home.search_description = row["search_description"]
    ways: Any = json.dumps([way for given in row["ways"] for way in _way(loading, given)])
    home.ways = ways
    for name, field in (("behind", "who"), ("notice", "notice")):
        setattr(home, f"{field}_title", row[name]["title"])
        setattr(home, f"{field}_text", row[name]["html"])
        setattr(home, f"{field}_page", _page(loading.find(row[name]["link"])))
    publish_imported(page=home, revision=home.save_revision(), actor=None)
    loading.remember("home", home, before=before, after=_values(home, HOME_FIELDS))


def _page(found: Any) -> Page | None:
    return None if found is None else found.page_ptr


_WAY_ICONS = {"index:profiles": "contact-card", "index:events": "groups"}


def _way(loading: Loading, row: Row) -> list[Row]:
    page = loading.find(row["target"])
    if page is None:
        return []
    icon = _WAY_ICONS.get(row["target"], "checklist")
    return [block("way", {"icon": icon, "title": row["title"], "text": row["text"], "page": page.pk})]


def load_settings(loading: Loading) -> None:
    """Write the footer and say on every page that all this is an example, once."""
    if not loading.wants("settings"):
        return
    row = read("site")
    settings, _ = SiteSettings.objects.get_or_create(site=Site.objects.get(is_default_site=True))
    before = _values(settings, SETTINGS_FIELDS)
    columns = [
        block("column", {"heading": column["title"], "links": link_items(loading, column["links"], name="target")})
        for column in row["footer"]
    ]
    settings.footer_text, settings.example_line = row["tagline"], row["example_notice"]
    settings.footer_columns = json.dumps(columns)
    settings.accessibility_page = _page(loading.find(ACCESSIBILITY))
    settings.privacy_page = _page(loading.find(PRIVACY))
    settings.save()
    loading.remember("settings", settings, before=before, after=_values(settings, SETTINGS_FIELDS))


def _values(obj: Any, names: tuple[str, ...]) -> Row:
    """Return fields as JSON; a StreamField as its raw blocks."""
    values = {}
    for name in names:
        value = getattr(obj, name)
        values[name] = list(value.get_prep_value()) if hasattr(value, "get_prep_value") else value
    return values


def values_of(obj: Any) -> Row:
    """Return the fields that the loader writes of a home page or of settings, to compare with what it wrote."""
    return _values(obj, HOME_FIELDS if isinstance(obj, HomePage) else SETTINGS_FIELDS)
