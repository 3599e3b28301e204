"""The editors' forms: what a release would refuse stands at its field, drafts may be incomplete, scales freeze in use."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from profilecatalog.profiles.api import CatalogueError
from profilecatalog.profiles.models import BuildsOn, Competence, ProfilePage, ProfileRelease, ReleaseProposal, Scale
from tests.factories.profiles import (
    AreaFactory,
    CompetenceFactory,
    ProfilePageFactory,
    ScaleFactory,
    group,
    item,
    rewrite_competence,
)
from tests.profiles.forms import edit_data
from tests.profiles.helpers import draft, items, numbers, publish

pytestmark = pytest.mark.django_db

PUBLISH: dict[str, Any] = {"action-publish": "1"}


@pytest.fixture
def admin(client: Client, django_user_model: Any) -> Client:
    client.force_login(django_user_model.objects.create_superuser("redaktoer@hk.example"))
    return client


def post(admin: Client, page: ProfilePage, data: dict[str, Any]) -> Any:
    return admin.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)


def test_publishing_other_content_asks_for_the_choice_at_its_fields(admin: Client) -> None:
    page = ProfilePageFactory.make()
    data = edit_data(page, title="Nyt navn", **PUBLISH)
    form = post(admin, page, data).context["form"]
    assert set(form.errors) == {"release_change", "release_reason"}
    assert form["title"].value() == "Nyt navn"
    assert numbers(page) == [1]
    done = post(admin, page, {**data, "release_change": "clarified", "release_reason": "Nyt navn."})
    assert done.status_code == 302
    assert numbers(page) == [1, 2]


def test_publishing_unchanged_content_asks_for_nothing(admin: Client) -> None:
    page = ProfilePageFactory.make()
    assert post(admin, page, edit_data(page, **PUBLISH)).status_code == 302
    assert numbers(page) == [1]


def test_a_competence_published_anew_is_a_reason_to_ask(admin: Client) -> None:
    competence = CompetenceFactory.create()
    page = ProfilePageFactory.make(groups=[group("En", item(competence))])
    rewrite_competence(competence, text="Jeg kan sige det klarere.")
    form = post(admin, page, edit_data(page, **PUBLISH)).context["form"]
    assert "release_change" in form.errors
    data = edit_data(page, release_change="clarified", release_reason="Klarere.", **PUBLISH)
    assert post(admin, page, data).status_code == 302
    assert ReleaseProposal.objects.get().status == "adopted"


def test_only_clarified_is_refused_at_the_field(admin: Client) -> None:
    page = ProfilePageFactory.make()
    data = edit_data(page, release_change="clarified", release_reason="Kun ord.", **PUBLISH)
    data["groups-0-items-0-now_level"] = "4"
    form = post(admin, page, data).context["form"]
    assert set(form.errors) == {"release_change"}
    assert post(admin, page, {**data, "release_change": "changed"}).status_code == 302


def test_a_draft_is_saved_without_any_choice(admin: Client) -> None:
    page = ProfilePageFactory.make()
    assert post(admin, page, edit_data(page, title="Halvt færdigt", future_year="")).status_code == 302
    assert ProfilePage.objects.get(pk=page.pk).get_latest_revision_as_object().title == "Halvt færdigt"


def test_what_is_wrong_with_an_item_stands_at_the_item(admin: Client) -> None:
    page = ProfilePageFactory.make(
        groups=[group("En", item(CompetenceFactory.create()), item(CompetenceFactory.create()))]
    )
    unpublished = CompetenceFactory.create(published=False)
    data = edit_data(page, release_change="changed", release_reason="Nyt.", **PUBLISH)
    data["groups-0-items-1-competence"] = str(unpublished.pk)
    form = post(admin, page, data).context["form"]
    rows = form.formsets["groups"].forms[0].formsets["items"].forms
    assert [set(row.errors) for row in rows] == [set(), {"competence"}]
    assert numbers(page) == [1]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"now_team_kind": "min_count", "now_team_level": "2"}, "now_team_amount"),
        ({"now_team_kind": "min_share", "now_team_amount": "130", "now_team_level": "2"}, "now_team_amount"),
        ({"now_team_amount": "2", "now_team_level": "2"}, "now_team_kind"),
        ({"future_team_kind": "min_count", "future_team_amount": "2"}, "future_team_level"),
    ],
)
def test_half_a_team_requirement_is_refused_at_the_field_even_in_a_draft(
    admin: Client, given: dict[str, str], field: str
) -> None:
    page = ProfilePageFactory.make()
    data = edit_data(page)
    data |= {f"groups-0-items-0-{name}": value for name, value in given.items()}
    form = post(admin, page, data).context["form"]
    assert field in form.formsets["groups"].forms[0].formsets["items"].forms[0].errors


def test_the_levels_are_chosen_by_name(admin: Client) -> None:
    page = ProfilePageFactory.make()
    html = admin.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "3 Mestrer" in html


def test_profiles_do_not_build_on_each_other_in_a_circle() -> None:
    base, top = ProfilePageFactory.make(), ProfilePageFactory.make()
    changed = draft(top)
    changed.builds_on = [BuildsOn(profile=base, sort_order=0)]
    publish(changed, change="changed", reason="Bygger på.")
    circle = draft(base)
    circle.builds_on = [BuildsOn(profile=top, sort_order=0)]
    with pytest.raises(CatalogueError) as refused:
        publish(circle, change="changed", reason="Rundt.")
    assert [problem.field for problem in refused.value.problems] == ["builds_on"]


def test_a_published_profile_is_not_deleted(admin: Client) -> None:
    page = ProfilePageFactory.make()
    address = reverse("wagtailadmin_pages:delete", args=[page.pk])
    assert admin.post(address).status_code == 302
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    assert admin.post(f"{bulk}?id={page.pk}").status_code == 302
    assert ProfilePage.objects.filter(pk=page.pk).exists()
    draft_only = ProfilePageFactory.make(published=False)
    assert admin.post(reverse("wagtailadmin_pages:delete", args=[draft_only.pk])).status_code == 302
    assert not ProfilePage.objects.filter(pk=draft_only.pk).exists()


# --- Competences and scales ----------------------------------------------------------------------------------------


def competence_data(competence: Competence | None = None, *, texts: dict[int, str], **given: Any) -> dict[str, Any]:
    stored = {row.level_number: row.pk for row in competence.level_texts.all()} if competence else {}
    rows = [{"id": stored.get(n, ""), "level_number": n, "text": text} for n, text in texts.items()]
    own: dict[str, Any] = {
        "name": "Klar dialog",
        "key": "klar-dialog",
        "slug": "",
        "kind": "skill",
        "description": "Kort.",
    }
    own |= {"area": AreaFactory.create().pk, "scale": ScaleFactory.create().pk}
    if competence:
        own |= {"name": competence.name, "key": competence.key, "slug": competence.slug}
    own["level_texts"] = inline_formset(rows, initial=sum(1 for row in rows if row["id"]))
    data: dict[str, Any] = nested_form_data({**own, **given})
    return data


ALL_TEXTS = {n: f"Jeg kan det på trin {n}." for n in (1, 2, 3, 4)}
ADD = "wagtailsnippets_profiles_competence:add"
EDIT = "wagtailsnippets_profiles_competence:edit"


def test_a_competence_is_published_with_a_text_for_every_level(admin: Client) -> None:
    done = admin.post(reverse(ADD), competence_data(texts=ALL_TEXTS, **PUBLISH))
    assert done.status_code == 302
    competence = Competence.objects.get()
    assert (competence.live, competence.slug, competence.key) == (True, "klar-dialog", "klar-dialog")


def test_a_missing_text_keeps_it_a_draft_and_is_said_at_the_list(admin: Client) -> None:
    three = {n: text for n, text in ALL_TEXTS.items() if n != 3}
    refused = admin.post(reverse(ADD), competence_data(texts=three, **PUBLISH))
    assert "3 Mestrer" in str(refused.context["form"].formsets["level_texts"].non_form_errors())
    assert not Competence.objects.exists()
    assert admin.post(reverse(ADD), competence_data(texts=three)).status_code == 302
    assert not Competence.objects.get().live
    with pytest.raises(CatalogueError):
        Competence.objects.get().save_revision().publish()
    assert not Competence.objects.get().live


def test_a_text_in_another_form_is_refused_at_its_row(admin: Client) -> None:
    texts = {**ALL_TEXTS, 2: "Medarbejderen kan føre samtalen."}
    refused = admin.post(reverse(ADD), competence_data(texts=texts, **PUBLISH))
    rows = refused.context["form"].formsets["level_texts"].forms
    assert [set(row.errors) for row in rows] == [set(), {"text"}, set(), set()]


def test_two_texts_may_trade_levels(admin: Client) -> None:
    competence = CompetenceFactory.create()
    texts = {row.level_number: row.text for row in competence.level_texts.all()}
    data = competence_data(competence, texts=texts, **PUBLISH)
    data["level_texts-0-level_number"], data["level_texts-1-level_number"] = "2", "1"
    assert admin.post(reverse(EDIT, args=[competence.pk]), data).status_code == 302
    swapped = {row.level_number: row.text for row in Competence.objects.get().level_texts.all()}
    assert (swapped[1], swapped[2]) == (texts[2], texts[1])


def test_key_address_and_scale_stand_once_released() -> None:
    competence = CompetenceFactory.create()
    ProfilePageFactory.make(groups=[group("En", item(competence))])
    other = Scale.objects.create(key="anden", name="Anden")
    competence.key, competence.slug, competence.scale = "ny", "ny", other
    with pytest.raises(ValidationError) as refused:
        competence.full_clean()
    assert set(refused.value.error_dict) == {"key", "slug", "scale"}


def test_the_preview_of_a_draft_looks_like_the_site(admin: Client) -> None:
    competence = CompetenceFactory.create()
    data = competence_data(competence, texts={**ALL_TEXTS, 1: "Jeg kan ses i forhåndsvisningen."})
    address = reverse("wagtailsnippets_profiles_competence:preview_on_edit", args=[competence.pk])
    assert admin.post(address, data).json()["is_valid"]
    html = admin.get(address).content.decode()
    assert "Jeg kan ses i forhåndsvisningen." in html
    assert "site-head" in html


def test_the_editor_sees_who_asks_for_a_competence(admin: Client) -> None:
    competence = CompetenceFactory.create()
    ProfilePageFactory.make(title="Borgerservice", groups=[group("En", item(competence))])
    assert "Borgerservice" in admin.get(reverse(EDIT, args=[competence.pk])).content.decode()


@pytest.mark.parametrize("name", ["competence", "competencearea", "scale"])
def test_the_lists_answer_whatever_is_searched_for(admin: Client, name: str) -> None:
    CompetenceFactory.create(name="Klar dialog")
    address = reverse(f"wagtailsnippets_profiles_{name}:list")
    for text in ("", "dialog", '"', "\x00", "'; --", "ordet " * 300):
        assert admin.get(address, {"q": text}).status_code == 200
    assert admin.get(address, {"kind": "skill"}).status_code == 200


def scale_data(scale: Scale, **given: Any) -> dict[str, Any]:
    levels = [
        {"id": level.pk, "number": level.number, "name": level.name, "description": ""} for level in scale.levels.all()
    ]
    own = {"name": scale.name, "key": scale.key, "description": scale.description, "text_opening": scale.text_opening}
    data: dict[str, Any] = nested_form_data({**own, "levels": inline_formset(levels, initial=len(levels)), **given})
    return data


def test_a_scale_is_edited_until_a_release_uses_it_and_then_frozen(admin: Client) -> None:
    competence = CompetenceFactory.create()
    scale = competence.scale
    address = reverse("wagtailsnippets_profiles_scale:edit", args=[scale.pk])
    assert admin.post(address, {**scale_data(scale), "levels-0-name": "Begynder"}).status_code == 302
    assert scale.levels.get(number=1).name == "Begynder"
    ProfilePageFactory.make(groups=[group("En", item(competence))])
    for change in ({"name": "Andet"}, {"levels-0-name": "Kender"}, {"levels-3-DELETE": "on"}):
        refused = admin.post(address, {**scale_data(scale), **change})
        assert refused.status_code == 200, change
    scale.refresh_from_db()
    assert (scale.name, scale.levels.count(), scale.levels.get(number=1).name) == ("Fire trin", 4, "Begynder")


def test_code_cannot_change_a_frozen_scale_either() -> None:
    competence = CompetenceFactory.create()
    ProfilePageFactory.make(groups=[group("En", item(competence))])
    scale, level = competence.scale, competence.scale.levels.get(number=2)
    scale.name, level.name = "Andet", "Andet"
    for refused in (scale.save, level.save, level.delete):
        with pytest.raises(ValidationError):
            refused()
    assert Scale.objects.get(pk=scale.pk).name == "Fire trin"


def test_a_frozen_scales_number_cannot_mean_something_else_in_a_release() -> None:
    page = ProfilePageFactory.make()
    row = items(page)[0]
    assert ProfileRelease.objects.get().document.item_for(row.competence.uuid) is not None


def test_wagtails_own_screens_answer_for_profiles_and_competences(admin: Client) -> None:
    competence = CompetenceFactory.create()
    page = ProfilePageFactory.make(groups=[group("En", item(competence))])
    changed = draft(page)
    items(changed)[0].now_level = 4
    changed.save_revision()
    rewrite_competence(competence, text="Jeg kan sige det klarere.", publish=False)
    first, last = page.revisions.order_by("pk")[0].pk, page.revisions.order_by("-pk")[0].pk
    one, two = competence.revisions.order_by("pk")[0].pk, competence.revisions.order_by("-pk")[0].pk
    snippet = "wagtailsnippets_profiles_competence"
    for address in (
        reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, first, last]),
        reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, first]),
        reverse("wagtailadmin_pages:history", args=[page.pk]),
        reverse("wagtailadmin_pages:usage", args=[page.pk]),
        reverse("wagtailadmin_pages:copy", args=[page.pk]),
        reverse("wagtailadmin_pages:unpublish", args=[page.pk]),
        reverse(f"{snippet}:revisions_compare", args=[competence.pk, one, two]),
        reverse(f"{snippet}:history", args=[competence.pk]),
        reverse(f"{snippet}:usage", args=[competence.pk]),
        reverse(f"{snippet}:delete", args=[competence.pk]),
        reverse(f"{snippet}:unpublish", args=[competence.pk]),
        reverse("wagtailsnippetchoosers_profiles_competence:choose"),
    ):
        assert admin.get(address).status_code == 200, address


def test_a_competence_in_use_is_not_deleted(admin: Client) -> None:
    competence = CompetenceFactory.create()
    ProfilePageFactory.make(groups=[group("En", item(competence))])
    response = admin.post(reverse("wagtailsnippets_profiles_competence:delete", args=[competence.pk]))
    assert response.status_code < 500
    assert Competence.objects.filter(pk=competence.pk).exists()
