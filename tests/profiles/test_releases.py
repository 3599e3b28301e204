"""A release freezes the resolved content: once for the same content, with marks and a reason for other content."""

import hashlib
import json
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from portal.core.models import AuditEntry
from profilecatalog.profiles.api import ReleaseError, latest_release
from profilecatalog.profiles.models import ProfileItem, ProfilePage, ProfileRelease
from tests.factories.profiles import CompetenceFactory, ProfilePageFactory, group, item, rewrite_competence
from tests.profiles.helpers import draft, items, numbers, publish

pytestmark = pytest.mark.django_db


def document(page: ProfilePage) -> Any:
    release = latest_release(page)
    assert release is not None
    return release.document


def test_the_first_publication_freezes_everything_resolved() -> None:
    competence = CompetenceFactory.create(name="Klar dialog")
    asked = item(competence, now_team_kind="min_share", now_team_amount=30, now_team_level=3)
    page = ProfilePageFactory.make(title="Borgerservice", groups=[group("Mødet med borgeren", asked)])
    release = ProfileRelease.objects.get(profile=page)
    assert (release.number, release.change, release.reason) == (1, "first", "")
    assert release.sha256 == hashlib.sha256(release.content.encode()).hexdigest()
    assert release.content == json.dumps(
        json.loads(release.content), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    released = release.document.items[0]
    assert (released.name, released.mark, released.now, released.future, released.future_year) == (
        "Klar dialog",
        "new",
        2,
        3,
        2028,
    )
    assert [text.split(" på ")[1] for text in released.level_texts] == [f"trin {n}." for n in (1, 2, 3, 4)]
    assert [(r.kind, r.amount, r.level) for r in released.team_requirements] == [("min_share", 30, 3)]
    assert [level.label for level in release.document.scale.levels] == ["1 Kender", "2 Kan", "3 Mestrer", "4 Udvikler"]
    assert release.released_items.get().competence == competence


def test_publishing_the_same_content_again_makes_no_release() -> None:
    page = ProfilePageFactory.make()
    draft(page).save_revision().publish()
    assert numbers(page) == [1]


def test_a_competence_text_published_later_changes_no_release() -> None:
    competence = CompetenceFactory.create()
    page = ProfilePageFactory.make(groups=[group("En", item(competence))])
    before = ProfileRelease.objects.get(profile=page).content
    rewrite_competence(competence, text="Jeg kan noget helt andet.")
    assert ProfileRelease.objects.get(profile=page).content == before
    assert "noget helt andet" not in before


def test_a_draft_of_a_competence_never_gets_into_a_release() -> None:
    competence = CompetenceFactory.create()
    rewrite_competence(competence, text="Jeg kan kun i kladden.", publish=False)
    page = ProfilePageFactory.make(groups=[group("En", item(competence))])
    assert "kun i kladden" not in ProfileRelease.objects.get(profile=page).content


def test_other_content_needs_the_editors_choice_and_a_reason() -> None:
    page = ProfilePageFactory.make()
    changed = draft(page)
    changed.title = "Et nyt navn"
    with pytest.raises(ReleaseError) as refused:
        publish(changed)
    assert [problem.field for problem in refused.value.problems] == ["release_change", "release_reason"]
    assert numbers(page) == [1]
    assert ProfilePage.objects.get(pk=page.pk).title != "Et nyt navn"


@pytest.mark.parametrize("field", ["now_level", "importance", "competence"])
def test_only_clarified_is_refused_when_the_substance_changed(field: str) -> None:
    page = ProfilePageFactory.make()
    changed = draft(page)
    values = {"now_level": 3, "importance": "useful", "competence": CompetenceFactory.create()}
    row = items(changed)[0]
    setattr(row, field, values[field])
    with pytest.raises(ReleaseError, match=r"Ændret indhold|Changed content"):
        publish(changed, change="clarified", reason="Bedre ord.")
    assert numbers(page) == [1]


def test_only_clarified_is_refused_when_an_item_was_added_or_taken_out() -> None:
    first, second = CompetenceFactory.create(), CompetenceFactory.create()
    page = ProfilePageFactory.make(groups=[group("En", item(first), item(second))])
    changed = draft(page)
    rows = changed.groups.all()[0].items
    rows.remove(rows.all()[0])
    with pytest.raises(ReleaseError):
        publish(changed, change="clarified", reason="Bedre ord.")
    assert numbers(page) == [1]


def test_marks_name_what_happened_to_each_item() -> None:
    same, worded, raised, swapped, other, gone, new = CompetenceFactory.create_batch(7)
    rows = [item(same), item(worded), item(raised), item(swapped), item(gone)]
    page = ProfilePageFactory.make(groups=[group("En", *rows)])
    rewrite_competence(worded, text="Jeg kan det med andre ord.")
    changed = draft(page)
    relation = changed.groups.all()[0].items
    stored = {row.competence_id: row for row in relation.all()}
    stored[raised.pk].future_level = 4
    stored[swapped.pk].competence = other
    relation.remove(stored[gone.pk])
    relation.add(item(new, sort_order=9))
    page = publish(changed, change="changed", reason="Mere vægt på det nye.")
    released = document(page)
    assert {row.competence_key: row.mark for row in released.items} == {
        same.key: "unchanged",
        worded.key: "changed",
        raised.key: "changed",
        other.key: "replaced",
        new.key: "new",
    }
    assert {(row.name, row.replaced_by) for row in released.retired} == {(gone.name, ""), (swapped.name, other.name)}


def test_new_words_are_a_clarification_when_the_editor_says_so() -> None:
    competence = CompetenceFactory.create()
    page = ProfilePageFactory.make(groups=[group("En", item(competence))])
    rewrite_competence(competence, text="Jeg kan det med andre ord.")
    page = publish(draft(page), change="clarified", reason="Lettere at læse.")
    assert [row.mark for row in document(page).items] == ["clarified"]
    assert "med andre ord" in document(page).items[0].level_texts[0]


def test_an_item_moved_to_another_group_stays_who_it_is() -> None:
    first, second = CompetenceFactory.create(), CompetenceFactory.create()
    page = ProfilePageFactory.make(groups=[group("En", item(first)), group("To", item(second))])
    changed = draft(page)
    one, two = changed.groups.all()
    one.items.remove(one.items.all()[0])
    two.items.add(item(first, sort_order=5))
    page = publish(changed, change="clarified", reason="Samlet under én overskrift.")
    assert [row.mark for row in document(page).items] == ["unchanged", "unchanged"]
    assert document(page).retired == ()


def test_the_choice_is_used_up_with_its_release() -> None:
    page = ProfilePageFactory.make()
    changed = draft(page)
    changed.title = "Nyt navn"
    page = publish(changed, change="clarified", reason="Nyt navn.")
    again = draft(page)
    assert (page.release_change, again.release_change, again.release_reason) == ("", "", "")
    again.title = "Nyere navn"
    with pytest.raises(ReleaseError):
        again.save_revision().publish()


def test_publishing_leaves_one_audit_entry_with_actor_and_number(django_user_model: Any) -> None:
    editor = django_user_model.objects.create_superuser("redaktoer@hk.example")
    page = ProfilePageFactory.make(user=editor)
    entry = AuditEntry.objects.get(action="profile.published")
    assert (entry.actor, entry.after["release"], entry.object_key) == (editor, 1, str(page.uuid))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"now_level": None, "future_level": None}, "now_level"),
        ({"now_level": 5}, "now_level"),
        ({"now_team_kind": "min_count", "now_team_amount": 2, "now_team_level": 5}, "now_team_level"),
    ],
)
def test_an_incomplete_or_foreign_requirement_is_refused_at_its_field(values: dict[str, Any], field: str) -> None:
    row = item(CompetenceFactory.create(), **values)
    with pytest.raises(ReleaseError) as refused:
        ProfilePageFactory.make(groups=[group("En", row)])
    assert [(problem.field, problem.place) for problem in refused.value.problems] == [(field, row.uuid)]
    assert not ProfileRelease.objects.exists()


def test_a_requirement_in_future_needs_a_year() -> None:
    with pytest.raises(ReleaseError) as refused:
        ProfilePageFactory.make(future_year=None)
    assert [problem.field for problem in refused.value.problems] == ["future_year"]


def test_a_competence_that_is_not_published_keeps_the_profile_back() -> None:
    competence = CompetenceFactory.create(published=False)
    with pytest.raises(ReleaseError) as refused:
        ProfilePageFactory.make(groups=[group("En", item(competence))])
    assert refused.value.problems[0].field == "competence"


def test_one_competence_stands_once_in_a_group_and_counts_once_in_needs() -> None:
    competence = CompetenceFactory.create()
    with pytest.raises(ReleaseError):
        ProfilePageFactory.make(groups=[group("En", item(competence), item(competence))])
    page = ProfilePageFactory.make(
        groups=[
            group("En", item(competence, now_level=2)),
            group("To", item(competence, now_level=4, future_level=None)),
        ]
    )
    needs = document(page).needs
    assert [(need.item.competence_key, need.now, need.future) for need in needs] == [(competence.key, 4, 3)]


def test_the_block_keys_of_the_text_editor_are_no_change() -> None:
    page = ProfilePageFactory.make(in_short="<p>Kravet stiger.</p>")
    changed = draft(page)
    changed.in_short = '<p data-block-key="x1y2z">Kravet stiger.</p>'
    changed.save_revision().publish()
    assert numbers(page) == [1]


@pytest.mark.parametrize(
    "broken",
    [
        {"number": 1},
        {"number": 2, "change": "first"},
        {"number": 2, "reason": ""},
        {"number": 2, "sha256": "abc"},
        {"number": 2, "sha256": "G" * 64},
    ],
)
def test_the_database_refuses_a_release_that_breaks_the_rules(broken: dict[str, Any]) -> None:
    page = ProfilePageFactory.make()
    values = {"number": 2, "change": "changed", "reason": "Fordi.", "content": "{}", "sha256": "0" * 64, **broken}
    with pytest.raises(IntegrityError), transaction.atomic():
        ProfileRelease.objects.create(profile=page, **values)


@pytest.mark.parametrize(
    "broken",
    [
        {"now_level": 0},
        {"future_level": 10},
        {"future_year": 1999},
        {"now_team_kind": "min_count"},
        {"now_team_amount": 3},
        {"future_team_kind": "min_share", "future_team_amount": 101, "future_team_level": 2},
    ],
)
def test_the_database_refuses_an_item_that_breaks_the_rules(broken: dict[str, Any]) -> None:
    page = ProfilePageFactory.make()
    with pytest.raises(IntegrityError), transaction.atomic():
        ProfileItem.objects.filter(group__page=page).update(**broken)
