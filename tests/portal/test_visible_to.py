"""Lists follow who asks: what only some may read stands in their lists and in no others; the page cache keeps out of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from portal.core.principal import ANONYMOUS, Principal
from portal.core.roles import Role
from portal.core.visibility import pages_visible_to
from tests.factories.accounts import PASSWORD, administrator, editor, holder, user
from tests.factories.events import EventPageFactory, event_index, occurrence
from tests.factories.pages import article, article_index, home, project, publication, standard_page
from tests.factories.profiles import CompetenceFactory, ProfilePageFactory, competence_index, group, item

pytestmark = pytest.mark.django_db

CANARY = "Hemmelig kanariefugl"
JURISTS = "Jurister"


def _restrict(page: Page, kind: str, *groups: str) -> PageViewRestriction:
    made = PageViewRestriction.objects.create(page=page, restriction_type=kind, password="hemmelig")
    made.groups.set([Group.objects.get_or_create(name=name)[0] for name in groups])
    return made


def _signed_in(email: str = "nogen@kommune.example", *groups: str) -> Client:
    who = user(email)
    who.groups.set([Group.objects.get_or_create(name=name)[0] for name in groups])
    client = Client()
    client.force_login(who)
    return client


def _whole_site(restrict: Callable[[Page], Any]) -> dict[str, str]:
    """Make one closed page of every kind that is listed somewhere; return the lists by what they would show."""
    competences = competence_index()
    competence = CompetenceFactory.create(name="Klart sprog", slug="klart-sprog")
    profile = ProfilePageFactory.make(title=f"{CANARY} profil", slug="p", groups=[group("En", item(competence))])
    news, report = article(f"{CANARY} nyt"), publication(f"{CANARY} rapport")
    about = standard_page("Om os")
    child, menu = standard_page(f"{CANARY} under", parent=about), standard_page(f"{CANARY} menu")
    Page.objects.filter(pk=menu.pk).update(show_in_menus=True)
    meeting = EventPageFactory.make(title=f"{CANARY} møde")
    occurrence(event=meeting)
    work = project("Åbent projekt", publications=[report])
    for page in (profile, news, report, child, menu, meeting):
        restrict(page)
    return {
        "/profiler/": f"{CANARY} profil",
        competences.competence_url("klart-sprog"): f"{CANARY} profil",
        article_index().url: f"{CANARY} nyt",
        work.get_parent().url: f"{CANARY} rapport",
        work.url: f"{CANARY} rapport",
        about.url: f"{CANARY} under",
        event_index().url: f"{CANARY} møde",
        home().url: f"{CANARY} menu",
    }


def _shown(client: Client, lists: dict[str, str]) -> list[bool]:
    return [words in client.get(address).content.decode() for address, words in lists.items()]


def test_who_is_signed_in_finds_what_asks_for_a_login(client: Client) -> None:
    lists = _whole_site(lambda page: _restrict(page, PageViewRestriction.LOGIN))
    assert not any(_shown(client, lists))
    assert all(_shown(_signed_in(), lists)), dict(zip(lists, _shown(_signed_in("a@b.example"), lists), strict=True))


def test_a_group_finds_its_own_and_nobody_else_does(client: Client) -> None:
    lists = _whole_site(lambda page: _restrict(page, PageViewRestriction.GROUPS, JURISTS))
    assert not any(_shown(client, lists))
    assert not any(_shown(_signed_in("udenfor@kommune.example", "Andre"), lists))
    assert all(_shown(_signed_in("jurist@kommune.example", JURISTS), lists))


def test_a_password_opens_no_list() -> None:
    lists = _whole_site(lambda page: _restrict(page, PageViewRestriction.PASSWORD))
    assert not any(_shown(_signed_in("jurist@kommune.example", JURISTS), lists))


def test_the_calendar_that_anybody_subscribes_to_stays_anonymous() -> None:
    _whole_site(lambda page: _restrict(page, PageViewRestriction.LOGIN))
    response = _signed_in().get(reverse("events:feed"))
    assert (response.status_code, CANARY in response.content.decode()) == (200, False)


def test_restrictions_add_up_and_reach_what_lies_below() -> None:
    above = standard_page("Over")
    below = standard_page("Under", parent=above)
    _restrict(above, PageViewRestriction.LOGIN)
    _restrict(below, PageViewRestriction.GROUPS, JURISTS)

    def found(principal: Principal) -> set[str]:
        return set(pages_visible_to(principal).filter(pk__in=[above.pk, below.pk]).values_list("title", flat=True))

    someone, jurist = _principal(), _principal(JURISTS)
    assert (found(ANONYMOUS), found(someone), found(jurist)) == (set(), {"Over"}, {"Over", "Under"})
    _restrict(above, PageViewRestriction.GROUPS, "Andre")
    assert (found(jurist), found(_principal(JURISTS, "Andre"))) == (set(), {"Over", "Under"})


def _principal(*groups: str) -> Principal:
    return Principal(
        user_uuid=user(f"{len(groups)}{'-'.join(groups)}@x.example".lower()).uuid, groups=frozenset(groups)
    )


def test_an_alias_is_as_closed_as_its_source(client: Client) -> None:
    source, elsewhere = standard_page(CANARY), standard_page("Andetsteds")
    source.create_alias(parent=elsewhere, update_slug="spejl")
    assert CANARY in client.get(elsewhere.url).content.decode()
    _restrict(source, PageViewRestriction.LOGIN)
    assert CANARY not in client.get(elsewhere.url).content.decode()
    assert CANARY in _signed_in().get(elsewhere.url).content.decode()


def test_a_role_that_is_withheld_lends_no_group(client: Client) -> None:
    page, about = standard_page(CANARY), standard_page("Om os")
    page.move(about, "last-child")
    page.refresh_from_db()
    who = editor()
    _restrict(page, PageViewRestriction.GROUPS, *who.groups.values_list("name", flat=True))
    client.force_login(who)
    assert CANARY in client.get(about.url).content.decode()
    assert client.get(page.url).status_code == 200
    weak = _weak(client)
    assert CANARY not in weak.get(about.url).content.decode()
    assert weak.get(page.url).status_code == 404


def _weak(client: Client) -> Client:
    """Forget that the session has shown a second factor."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password"}]
    session.save()
    return client


@pytest.mark.parametrize("who", [editor, administrator])
def test_pages_and_files_of_another_group_look_missing(client: Client, who: Callable[[], Any]) -> None:
    page = standard_page(CANARY)
    _restrict(page, PageViewRestriction.GROUPS, JURISTS)
    vault = Collection.get_first_root_node().add_child(name="Lukket")
    rule = CollectionViewRestriction.objects.create(collection=vault, restriction_type=CollectionViewRestriction.GROUPS)
    rule.groups.set([Group.objects.get(name=JURISTS)])
    paper = get_document_model().objects.create(title="Notat", file=ContentFile(CANARY, "notat.txt"), collection=vault)
    assert [client.get(url).status_code for url in (page.url, paper.url)] == [302, 302]
    client.force_login(who())
    assert client.get(page.url).status_code == 404
    assert _body(client, page.url) == _body(client, "/findes-ikke/")
    assert _body(client, paper.url) == _body(client, "/dokumenter/999999/notat.txt")


def _body(client: Client, address: str) -> tuple[int, bytes]:
    """Return the answer without the address that it repeats in its links."""
    response = client.get(address)
    return response.status_code, response.content.replace(address.encode(), b"")


def test_search_finds_for_who_asks(client: Client) -> None:
    page = standard_page(CANARY)
    _restrict(page, PageViewRestriction.GROUPS, JURISTS)
    call_command("worker", once=True)

    def found(asker: Client) -> bool:
        return f'href="{page.url}"' in asker.get("/soeg/?q=kanariefugl").content.decode()

    assert [found(client), found(_signed_in()), found(_signed_in("j@x.example", JURISTS))] == [False, False, True]


def test_a_list_drawn_for_her_is_neither_stored_nor_taken_from_the_store(
    settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.PAGE_CACHE = True
    with django_capture_on_commit_callbacks(execute=True):
        news = article(CANARY)
        _restrict(news, PageViewRestriction.LOGIN)
        hers, visitor = _signed_in(), Client()
    address = article_index().url
    first = hers.get(address)
    assert CANARY in first.content.decode()
    assert (first["Cache-Control"], "Cookie" in first["Vary"]) == ("private, no-cache", True)
    for expected in ("miss", "hit"):
        stored = visitor.get(address)
        assert (stored["X-Page-Cache"], CANARY in stored.content.decode()) == (expected, False)
        assert "Cookie" in stored["Vary"]
    again = hers.get(address)
    assert CANARY in again.content.decode() and "X-Page-Cache" not in again


def test_the_number_of_queries_does_not_grow_with_what_is_closed(django_assert_max_num_queries: Any) -> None:
    hers, lists = _signed_in("jurist@kommune.example", JURISTS), article_index().url
    for number in range(2):
        _restrict(article(f"Nyt {number}"), PageViewRestriction.GROUPS, JURISTS)
    hers.get(lists)
    with django_assert_max_num_queries(25) as few:
        hers.get(lists)
    for number in range(2, 9):
        _restrict(article(f"Nyt {number}"), PageViewRestriction.GROUPS, JURISTS)
    with django_assert_max_num_queries(len(few)):
        hers.get(lists)


def test_a_login_through_the_page_lends_no_privileged_group(client: Client) -> None:
    about = standard_page("Om os")
    page = standard_page(CANARY, parent=about)
    who = editor()
    _restrict(page, PageViewRestriction.GROUPS, *who.groups.values_list("name", flat=True))
    assert client.login(email=who.email, password=PASSWORD)
    _weak(client)
    assert CANARY not in client.get(about.url).content.decode()


def test_the_page_chooser_offers_no_draft_or_closed_page_of_others(client: Client) -> None:
    draft = standard_page(f"{CANARY} kladde", published=False)
    _restrict(standard_page(f"{CANARY} lukket"), PageViewRestriction.GROUPS, JURISTS)
    standard_page("Offentlig kanariefugl")

    def offered() -> list[bool]:
        lists = (f"{reverse('wagtailadmin_choose_page_search')}?q=kanariefugl", f"/admin/choose-page/{home().pk}/")
        texts = [client.get(address).content.decode() for address in lists]
        assert all("Offentlig kanariefugl" in text for text in texts)
        return [words in text for text in texts for words in (f"{CANARY} kladde", f"{CANARY} lukket")]

    client.force_login(holder(Role.PROVIDER, provider="akademiet"))
    assert offered() == [False] * 4
    client.force_login(editor())
    assert offered() == [True] * 4
    assert draft.pk


def test_the_competence_chooser_offers_drafts_to_the_catalogues_editors_only(client: Client) -> None:
    draft = CompetenceFactory.create(name=CANARY, slug="kladde", published=False)
    base = "/admin/snippets/choose/profiles/competence/"
    lists = [base, f"{base}results/", f"{base}chosen/{draft.pk}/", f"{base}chosen-multiple/?id={draft.pk}"]
    client.force_login(holder(Role.PROVIDER, provider="akademiet"))
    assert not any(CANARY in client.get(address).content.decode() for address in lists)
    client.force_login(editor())
    assert all(CANARY in client.get(address).content.decode() for address in lists)


def test_responsible_offers_those_who_publish_and_no_other_person(client: Client) -> None:
    page, hers = standard_page("Om os"), editor()
    others = [user("medarbejder@kommune.example"), holder(Role.PROVIDER, "udbyder@x.example", provider="akademiet")]
    client.force_login(hers)
    form = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).context["form"]
    offered = set(form.fields["responsible"].queryset)
    assert hers in offered
    assert offered.isdisjoint(others)
