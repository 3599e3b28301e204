"""Uploaded files: what they say is found by who may open them, and by nobody else."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction

from portal.core import outbox
from portal.core.principal import ANONYMOUS, Principal
from portal.pages.documents.texts import waiting
from portal.pages.models import DocumentText
from search.api import SearchQuery, search
from tests.pages.documents import found, pdf, upload, word, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]


@pytest.fixture
def collection() -> Collection:
    made: Collection = Collection.get_first_root_node().add_child(name="Personale")
    return made


def superuser() -> Any:
    users: Any = get_user_model()._default_manager
    return users.create_superuser(email="drift@example.org", password="not-a-real-password")


# --- Found ---------------------------------------------------------------------------------------------------------


def test_a_document_is_found_by_its_text_and_leads_to_the_file(client: Client) -> None:
    upload("Vejledning", "en_vejledning.pdf", pdf("Borgerkontakt i receptionen.\n\nOg jour-#linebreak()naler."))
    upload("Notat", "notat.docx", word("Sagsbehandling af byggesager", "Mere om det"))
    work()
    (hit,) = search(SearchQuery(text="receptionen")).hits
    assert (hit.title_text, hit.kind, hit.note, hit.url.rsplit("/", 1)[1]) == (
        "Vejledning",
        "document",
        "PDF",
        "en_vejledning.pdf",
    )
    response: Any = client.get(hit.url)
    assert response.getvalue().startswith(b"%PDF")
    for close in response._resource_closers:
        close()
    assert "receptionen" in "".join(part.text for part in hit.excerpt)
    assert found("journaler") == ["Vejledning"], "a word that was parted at the end of a line"
    assert found("byggesager") == found("skrivebordet") == ["Notat"]
    assert found("xyzzyx") == []


def test_the_title_is_found_before_the_file_has_been_read() -> None:
    upload("Vejledning om ferie", "ferie.pdf", pdf("Feriekalender"))
    while outbox.drain():
        pass
    assert found("vejledning") == ["Vejledning om ferie"]
    assert found("feriekalender") == []


def test_another_file_is_read_again_and_the_same_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    document = upload("Notat", "notat.docx", word("Krokodille"))
    work()
    document.title = "Referat"
    document.save()
    work()
    assert found("krokodille") == ["Referat"]
    assert not waiting().exists()
    document.file = ContentFile(word("Flodhest"), "notat.docx")
    document.save()
    assert waiting().exists()
    work()
    assert found("flodhest") == ["Referat"]
    assert found("krokodille") == []


def test_a_deleted_document_is_gone_at_once() -> None:
    document = upload("Notat", "notat.docx", word("Krokodille"))
    work()
    document.delete()
    assert found("krokodille") == []
    assert not DocumentText.objects.exists()


def test_files_of_other_kinds_are_found_by_their_titles() -> None:
    upload("Billeder", "sommer_fest.zip", b"PK")
    work()
    assert found("billeder") == ["Billeder"]
    assert DocumentText.objects.get().trouble == ""


# --- Privacy -------------------------------------------------------------------------------------------------------


def restrict(collection: Collection, kind: str, *groups: str) -> None:
    restriction = CollectionViewRestriction.objects.create(collection=collection, restriction_type=kind, password="x")
    restriction.groups.set([Group.objects.get_or_create(name=name)[0] for name in groups])


SIGNED_IN = Principal(user_uuid=uuid4())
EDITOR = Principal(user_uuid=uuid4(), groups=frozenset({"HR"}))


@pytest.mark.parametrize(
    ("kind", "groups", "who"),
    [("login", (), [SIGNED_IN, EDITOR]), ("groups", ("HR",), [EDITOR]), ("password", (), [])],
)
def test_who_may_not_open_it_does_not_find_it(
    collection: Collection, kind: str, groups: tuple[str, ...], who: list[Principal]
) -> None:
    below: Collection = collection.add_child(name="Løn")
    upload("Lønseddel", "loen.docx", word("Krokodille"), below)
    work()
    assert found("krokodille") == ["Lønseddel"]
    restrict(collection, kind, *groups)
    assert found("krokodille") == found("krokodille", EDITOR) == [], "hidden at once"
    work()
    askers = [ANONYMOUS, SIGNED_IN, EDITOR]
    assert [asker for asker in askers if found("krokodille", asker)] == who
    assert not search(SearchQuery(text="krokodille")).facet("kind").values
    CollectionViewRestriction.objects.all().delete()
    work()
    assert found("krokodille") == ["Lønseddel"]


def test_a_document_that_is_put_into_a_private_collection_is_hidden_at_once(collection: Collection) -> None:
    restrict(collection, "groups", "HR")
    document = upload("Lønseddel", "loen.docx", word("Krokodille"))
    work()
    document.collection = collection
    document.save()
    assert found("krokodille") == []
    work()
    assert found("krokodille") == []
    assert found("krokodille", EDITOR) == ["Lønseddel"]


def test_many_that_are_put_there_in_the_admin_are_hidden_at_once(collection: Collection, client: Client) -> None:
    restrict(collection, "groups", "HR")
    document = upload("Lønseddel", "loen.docx", word("Krokodille"))
    work()
    client.force_login(superuser())
    address = reverse("wagtail_bulk_action", args=["wagtaildocs", "document", "add_to_collection"])
    client.post(f"{address}?id={document.pk}", {"collection": collection.pk})
    assert get_document_model().objects.get().collection == collection
    assert found("krokodille") == []
    work()
    assert found("krokodille", EDITOR) == ["Lønseddel"]


def test_a_collection_that_is_moved_into_a_private_one_is_hidden_at_once(
    collection: Collection, client: Client
) -> None:
    restrict(collection, "groups", "HR")
    moved = Collection.get_first_root_node().add_child(name="Løn")
    upload("Lønseddel", "loen.docx", word("Krokodille"), moved)
    work()
    client.force_login(superuser())
    client.post(
        reverse("wagtailadmin_collections:edit", args=[moved.pk]), {"name": "Løn og andet", "parent": collection.pk}
    )
    assert Collection.objects.get(pk=moved.pk).get_parent() == collection
    assert found("krokodille") == []
    work()
    assert found("krokodille") == []
    assert found("krokodille", EDITOR) == ["Lønseddel"]


def test_a_worker_that_comes_between_saving_and_moving_shows_nothing(collection: Collection) -> None:
    """The admin saves a collection and moves it then: two transactions, with the worker in between."""
    restrict(collection, "groups", "HR")
    moved = Collection.get_first_root_node().add_child(name="Løn")
    upload("Lønseddel", "loen.docx", word("Krokodille"), moved)
    work()
    assert found("krokodille") == ["Lønseddel"]
    Collection.objects.get(pk=moved.pk).save()
    while outbox.drain():
        pass
    assert found("krokodille") == []
    Collection.objects.get(pk=moved.pk).move(Collection.objects.get(pk=collection.pk), "sorted-child")
    assert found("krokodille") == []
    work()
    assert found("krokodille") == []
    assert found("krokodille", EDITOR) == ["Lønseddel"]


def test_what_a_file_said_is_gone_at_once_when_another_takes_its_place() -> None:
    document = upload("Notat", "notat.docx", word("Krokodille"))
    work()
    assert found("krokodille") == ["Notat"]
    document.title = "Referat"
    document.save()
    assert found("krokodille") == ["Notat"], "a title is no reason to hide anything"
    document.file = ContentFile(word("Flodhest"), "uden_navn.docx")
    document.save()
    assert found("krokodille") == []
    while outbox.drain():
        pass
    assert found("referat") == ["Referat"]
    assert found("krokodille") == []
    work()
    assert found("flodhest") == ["Referat"]
