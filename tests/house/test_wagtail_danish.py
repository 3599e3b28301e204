"""Editors work in Danish: what Wagtail leaves in English is said in our own catalogue, all of it.

Wagtail's Danish covers about a sixth of its texts, and in other words than ours. Our catalogue therefore says every
text of the installed apps. When Wagtail is upgraded, the first test names the texts that are new and those that are gone.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.apps import apps
from django.contrib.auth import get_user_model
from django.test import Client
from wagtail.models import Site
from wagtail.users.models import UserProfile

from portal.core import catalogues
from tests.support.services import ROOT

# Context and English text of what is deliberately left in English.
LEFT_IN_ENGLISH: set[catalogues.Key] = set()
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|(?<!%)%[sd]|\{\w*\}")
_TAG = re.compile(r"</?[a-z][a-z0-9]*|href=\"[^\"]*\"|class=\"[^\"]*\"|data-[\w-]+=\"[^\"]*\"")
_DOMAINS = pytest.mark.parametrize("domain", ["django", "djangojs"])


def english_files(domain: str) -> Iterator[Path]:
    for config in apps.get_app_configs():
        file = Path(config.path) / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po"
        # Django's Danish is complete, and of allauth's texts our own forms and templates show none.
        if file.exists() and not config.name.startswith(("django.", "allauth")):
            yield file


def read(file: Path) -> dict[catalogues.Key, Message]:
    with file.open("rb") as opened:
        messages = [message for message in read_po(opened, locale="da") if message.id]
    return {(message.context or None, forms(message.id)[0]): message for message in messages}


def forms(text: object) -> list[str]:
    return [str(form) for form in text] if isinstance(text, (list, tuple)) else [str(text)]


def ours(domain: str) -> dict[catalogues.Key, Message]:
    return read(catalogues.path(ROOT, catalogues.BY_HAND).with_name(f"{domain}.po"))


def english(domain: str) -> dict[catalogues.Key, Message]:
    return {key: message for file in english_files(domain) for key, message in read(file).items()}


def test_the_installed_apps_are_looked_at() -> None:
    paths = " ".join(str(file) for file in english_files("django"))
    for part in (
        "wagtail/locale",
        "wagtail/admin/",
        "wagtail/images/",
        "wagtail/snippets/",
        "wagtail/users/",
        "taggit/",
    ):
        assert part in paths
    assert len(english("django")) > 1500
    assert len(english("djangojs")) > 80


@_DOMAINS
def test_every_text_of_wagtail_is_in_our_catalogue_and_none_that_wagtail_no_longer_has(domain: str) -> None:
    wanted, said = english(domain).keys() - LEFT_IN_ENGLISH, ours(domain).keys()
    assert sorted(wanted - said, key=str) == []
    assert sorted(said - wanted, key=str) == []


@_DOMAINS
def test_every_form_is_filled_in_and_keeps_placeholders_and_markup(domain: str) -> None:
    source = english(domain)
    for key, message in ours(domain).items():
        texts, danish = forms(source[key].id), forms(message.string)
        assert len(danish) == len(texts), key
        for number, (text, said) in enumerate(zip(texts, danish, strict=True)):
            assert said.strip(), key
            assert not message.fuzzy, key
            wanted, given = set(_PLACEHOLDER.findall(text)), set(_PLACEHOLDER.findall(said))
            # "One answer" needs no number, so the singular may leave it out.
            assert given <= wanted if len(texts) == 2 and number == 0 else given == wanted, key
            assert Counter(_TAG.findall(text)) == Counter(_TAG.findall(said)), key
            assert (text[:1].isspace(), text[-1:].isspace()) == (said[:1].isspace(), said[-1:].isspace()), key


def test_the_house_check_finds_nothing() -> None:
    assert list(catalogues.check(ROOT, catalogues.BY_HAND)) == []


EDIT = {
    "Gem kladde": "Save draft",
    "Udgiver …": "Publishing…",
    "Historik": "History",
    "Vis eller skjul sidepanelet": "Toggle side panel",
    "Tastaturgenveje": "Keyboard shortcuts",
}
SCRIPT = {"Indsæt en blok": "Insert a block", "Tilføj en kommentar": "Add a comment", "Flyt op": "Move up"}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["da", "en"])
def test_editing_a_page_speaks_the_language_of_the_editor(client: Client, language: str) -> None:
    sign_in(client, language)
    page = Site.objects.get(is_default_site=True).root_page
    body = client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert f'<html lang="{language}"' in body
    assert_language(body, EDIT, language)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["da", "en"])
def test_the_scripts_of_the_admin_get_our_catalogue_too(client: Client, language: str) -> None:
    """Wagtail asks for its own package's texts only; LOCALE_PATHS are merged in all the same."""
    sign_in(client, language)
    script = client.get("/admin/jsi18n/").content.decode()
    found = re.search(r"const newcatalog = (\{.*?\n  \});", script, re.DOTALL)
    catalogue = json.loads(found.group(1)) if found else {}
    for danish, telltale in SCRIPT.items():
        # What has no translation falls back to the English in the browser.
        assert (catalogue.get(telltale) or telltale) == (danish if language == "da" else telltale)


def sign_in(client: Client, language: str) -> None:
    """Sign in an editor whose language is the portal's own, or one she chose."""
    editor = get_user_model().objects.create_superuser("editor@example.dk", "x")
    UserProfile.objects.create(user=editor, preferred_language="" if language == "da" else language)
    client.force_login(editor)


def assert_language(body: str, words: dict[str, str], language: str) -> None:
    """Assert that each text stands in one language and not in the other."""
    for danish, telltale in words.items():
        there, not_there = (danish, telltale) if language == "da" else (telltale, danish)
        assert there in body
        assert not_there not in body
