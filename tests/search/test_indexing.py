"""The index follows the content through the outbox, on each of the ways that a page is published, moved or hidden."""

from collections.abc import Iterator
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import transaction
from wagtail.models import Page, PageViewRestriction

from portal.core import outbox
from portal.core.models import OutboxMessage
from portal.core.principal import Principal
from portal.pages.api import HomePage
from portal.pages.models import StandardPage
from search.api import (
    Kind,
    SearchDocument,
    SearchQuery,
    UnknownSourceError,
    page_audiences,
    register_source,
    reindex_object,
    remove_object,
    search,
    unregister_source,
)
from search.engines import database_engine
from search.models import IndexedDocument
from search.services import deliver_index, reindex_all, reindex_source
from search.sources import source_named

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("page_source")]


def found(text: str, principal: Principal | None = None) -> list[str]:
    return [hit.title_text for hit in search(SearchQuery(text=text, principal=principal or Principal())).hits]


def waiting() -> list[str]:
    return list(
        OutboxMessage.objects.filter(topic__startswith="search.", state="waiting")
        .order_by("id")
        .values_list("key", flat=True)
    )


def drain() -> None:
    while outbox.drain():
        pass
    assert not OutboxMessage.objects.exclude(state="done").exists()


@pytest.fixture
def section() -> Page:
    """A live page below the root, with a live page below it, both indexed."""
    top = Page.objects.get(depth=1).add_child(instance=Page(title="Afdelingen", slug="afdelingen"))
    top.add_child(instance=Page(title="Underafdelingen", slug="underafdelingen"))
    for page in Page.objects.descendant_of(top, inclusive=True):
        with transaction.atomic():
            reindex_object(page)
    drain()
    return Page.objects.get(pk=top.pk)


def test_publishing_indexes_and_unpublishing_hides_at_once() -> None:
    page = Page.objects.get(depth=1).add_child(instance=Page(title="Jobcenter", slug="jobcenter", live=False))
    assert waiting() == []
    page.save_revision().publish()
    assert waiting() == [f"tests.pages:{page.pk}"]
    assert found("jobcenter") == []
    drain()
    assert found("jobcenter") == ["Jobcenter"]
    page.refresh_from_db()
    page.unpublish()
    assert found("jobcenter") == []
    drain()
    assert found("jobcenter") == []


def test_two_changes_before_the_worker_are_one_job_and_the_last_one_counts() -> None:
    page = Page.objects.get(depth=1).add_child(instance=Page(title="Første", slug="side"))
    for title in ("Anden", "Tredje"):
        page.title = title
        page.save_revision().publish()
    assert len(waiting()) == 1
    drain()
    assert (found("tredje"), found("anden"), found("første")) == (["Tredje"], [], [])


def test_a_late_job_does_not_bring_back_an_old_version(section: Page) -> None:
    late = OutboxMessage.objects.get(key=f"tests.pages:{section.pk}")
    Page.objects.filter(pk=section.pk).update(title="Nyt navn", live=False)
    deliver_index(late)
    assert found("afdelingen") == []
    deliver_index(late)
    assert found("navn") == []


def test_a_change_that_is_undone_leaves_no_job(section: Page) -> None:
    before = waiting()
    with transaction.atomic():
        reindex_object(section)
        remove_object(section)
        transaction.set_rollback(True)
    assert waiting() == before
    assert found("afdelingen") == ["Afdelingen"]


def test_a_scheduled_page_that_is_not_live_is_not_found() -> None:
    page = Page.objects.get(depth=1).add_child(instance=Page(title="Hemmelig plan", slug="plan", live=False))
    with transaction.atomic():
        reindex_object(page)
    drain()
    assert found("hemmelig") == []


def test_deleting_a_page_removes_it_and_what_stood_below(section: Page) -> None:
    section.delete()
    assert found("afdelingen") == []
    assert found("underafdelingen") == []
    drain()
    assert IndexedDocument.objects.filter(source="tests.pages").count() == 0


def test_a_new_slug_and_a_move_reach_everything_below(section: Page) -> None:
    home = Page.objects.filter(depth=2).exclude(pk=section.pk).get()
    child = section.get_children().get()
    section.slug = "ny-adresse"
    section.save_revision().publish()
    assert f"page:{section.pk}" in waiting()
    drain()
    assert IndexedDocument.objects.get(object_id=str(section.pk)).url == "/ny-adresse/"
    Page.objects.filter(pk=child.pk).update(title="Omdøbt")
    Page.objects.get(pk=section.pk).move(home, pos="last-child")
    drain()
    assert found("omdøbt") == ["Omdøbt"]


def test_privacy_hides_a_subtree_at_once_and_opens_it_for_the_group_only(section: Page) -> None:
    group = Group.objects.create(name="Jurister")
    restriction = PageViewRestriction.objects.create(page=section, restriction_type=PageViewRestriction.GROUPS)
    restriction.groups.add(group)
    jurist = Principal(user_uuid=uuid4(), groups=frozenset({"Jurister"}))
    other = Principal(user_uuid=uuid4(), groups=frozenset({"Andre"}))
    assert found("underafdelingen") == found("underafdelingen", jurist) == []
    drain()
    assert found("underafdelingen", jurist) == ["Underafdelingen"]
    assert found("underafdelingen") == found("underafdelingen", other) == []
    restriction.delete()
    drain()
    assert found("underafdelingen") == ["Underafdelingen"]


def test_two_restrictions_mean_both_and_a_password_means_nobody(section: Page) -> None:
    child = section.get_children().get()
    PageViewRestriction.objects.create(page=section, restriction_type=PageViewRestriction.LOGIN)
    assert page_audiences(child) == ("signed-in",)
    group = Group.objects.create(name="Jurister")
    second = PageViewRestriction.objects.create(page=child, restriction_type=PageViewRestriction.GROUPS)
    second.groups.add(group)
    assert page_audiences(child) == ("group:Jurister",)
    second.restriction_type = PageViewRestriction.PASSWORD
    second.save()
    assert page_audiences(child) == ()


def test_an_object_without_a_source_says_so() -> None:
    with pytest.raises(UnknownSourceError), transaction.atomic():
        reindex_object(Group.objects.create(name="Ukendt"))


@pytest.fixture
def group_source() -> Iterator[None]:
    """A source of which one object cannot be described."""

    def documents(group: Any) -> list[SearchDocument]:
        if group.name == "Itu":
            raise ValueError("itu")
        kind = "ukendt" if group.name == "Ukendt slags" else "group"
        return [SearchDocument(key=str(group.pk), kind=kind, title=group.name, url="/")]

    register_source(
        "tests.groups",
        model=Group,
        documents=documents,
        all=Group.objects.all,
        kinds={"group": Kind("Group", "Groups")},
    )
    yield
    unregister_source("tests.groups")


@pytest.mark.usefixtures("group_source")
def test_a_full_reindex_skips_what_is_broken_says_so_and_removes_what_is_gone(caplog: Any) -> None:
    good, broken, undeclared = (Group.objects.create(name=name) for name in ("Hel", "Itu", "Ukendt slags"))
    IndexedDocument.objects.create(
        key="tests.groups:x", source="tests.groups", object_id="999999", kind="group", title="Væk"
    )
    IndexedDocument.objects.create(key="old:1", source="old", object_id="1", kind="group", title="Gammel kilde")
    output = StringIO()
    with pytest.raises(CommandError, match="2 objects"):
        call_command("search_reindex", stdout=output)
    assert found("hel") == ["Hel"]
    assert f"tests.groups {broken.pk}" in caplog.text
    assert f"tests.groups {undeclared.pk}" in caplog.text
    assert not IndexedDocument.objects.filter(title__in=["Væk", "Gammel kilde"]).exists()
    assert "tests.groups:" in output.getvalue()
    assert found("hel") == [good.name]


def test_a_full_reindex_twice_is_the_same(section: Page) -> None:
    def rows() -> list[tuple[Any, ...]]:
        return list(
            IndexedDocument.objects.filter(source="tests.pages").order_by("id").values_list("id", "key", "title")
        )

    call_command("search_reindex", source=["tests.pages"], stdout=StringIO())
    first = rows()
    call_command("search_reindex", source=["tests.pages"], stdout=StringIO())
    assert rows() == first != []
    with pytest.raises(CommandError, match=r"tests\.pages"):
        call_command("search_reindex", source=["findes-ikke"], stdout=StringIO())


@pytest.fixture
def listed_source() -> Iterator[None]:
    """Objects without a page of their own, shown on a page of free text."""
    register_source(
        "tests.listed",
        model=Group,
        documents=lambda group: [SearchDocument(key=str(group.pk), kind="group", title=group.name, url="/")],
        all=Group.objects.all,
        kinds={"group": Kind("Group", "Groups")},
        listed_on=StandardPage,
    )
    yield
    unregister_source("tests.listed")


@pytest.mark.usefixtures("listed_source")
def test_what_is_listed_on_a_page_shares_its_fate() -> None:
    group = Group.objects.create(name="Kanariekort")
    with transaction.atomic():
        reindex_object(group)
    drain()
    assert found("kanariekort") == []
    page = HomePage.objects.get().add_child(instance=StandardPage(title="Listen", slug="listen", live=False))
    page.save_revision().publish()
    drain()
    assert found("kanariekort") == ["Kanariekort"]
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    assert found("kanariekort") == []
    drain()
    assert found("kanariekort") == []
    assert found("kanariekort", Principal(user_uuid=uuid4())) == ["Kanariekort"]
    restriction.delete()
    drain()
    assert found("kanariekort") == ["Kanariekort"]
    StandardPage.objects.get(pk=page.pk).unpublish()
    assert found("kanariekort") == []
    drain()
    assert found("kanariekort") == []


@pytest.mark.usefixtures("group_source")
def test_a_change_during_a_reindex_is_not_written_over() -> None:
    first, second = Group.objects.create(name="Alfa"), Group.objects.create(name="Beta")
    source = source_named("tests.groups")
    assert source is not None
    steps = iter(reindex_source(source))
    next(steps)
    Group.objects.filter(pk=first.pk).update(name="Gamma et")
    Group.objects.filter(pk=second.pk).update(name="Gamma to")
    late = Group.objects.create(name="Delta")
    with transaction.atomic():
        reindex_object(first)
        reindex_object(late)
    drain()
    for _failures in steps:
        pass
    assert sorted(found("gamma") + found("delta")) == ["Delta", "Gamma et", "Gamma to"]
    assert found("beta") == found("alfa") == []


def test_the_daily_job_brings_the_index_in_step(section: Page) -> None:
    Page.objects.filter(pk=section.pk).update(title="Omdøbt bag om ryggen")
    IndexedDocument.objects.create(key="old:1", source="old", object_id="1", kind="page", title="Gammel kilde")
    reindex_all()
    assert found("omdøbt") == ["Omdøbt bag om ryggen"]
    assert not IndexedDocument.objects.filter(source="old").exists()


def test_what_is_moved_under_a_private_page_is_hidden_before_the_worker_comes(section: Page) -> None:
    closed = Page.objects.get(depth=1).add_child(instance=Page(title="Lukket", slug="lukket"))
    PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
    drain()
    section.move(closed, pos="last-child")
    assert found("afdelingen") == []
    drain()
    assert found("afdelingen") == []
    assert found("afdelingen", Principal(user_uuid=uuid4())) == ["Afdelingen"]


def test_a_group_that_takes_over_a_name_does_not_take_over_what_the_other_may_find(section: Page) -> None:
    group = Group.objects.create(name="HR")
    restriction = PageViewRestriction.objects.create(page=section, restriction_type=PageViewRestriction.GROUPS)
    restriction.groups.add(group)
    drain()
    group.name = "HR fra før"
    group.save()
    member = Principal(user_uuid=uuid4(), groups=frozenset({"HR"}))
    assert found("afdelingen", member) == []
    drain()
    assert found("afdelingen", member) == []
    assert found("afdelingen", Principal(user_uuid=uuid4(), groups=frozenset({"HR fra før"}))) == ["Afdelingen"]


def test_a_full_reindex_mends_tokens_that_were_lost(section: Page) -> None:
    lost = IndexedDocument.objects.get(object_id=str(section.pk), source="tests.pages")
    database_engine().delete_tokens([lost.pk])
    assert found("afdelingen") == []
    call_command("search_reindex", "--source", "tests.pages", stdout=StringIO())
    assert found("afdelingen") == ["Afdelingen"]
    lost.refresh_from_db()
    assert IndexedDocument.objects.get(pk=lost.pk).version == lost.version
