"""What stands for a value in an address: a kind of object of the world, or a word."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from tests.permissions.routes import Route
from tests.permissions.world import FOREIGN, MISSING, MIXED, OWN, SAME, World

_RELATIONS = (OWN, SAME, FOREIGN, MIXED)

# The first row that fits an address and names its value counts. A value after "=" is the word itself.
_FILLS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("wagtailadmin_api:pages:*", {"pk": "page", "action_name": "=publish"}),
    ("wagtailadmin_api:images:*", {"pk": "image"}),
    ("wagtailadmin_api:documents:*", {"pk": "document"}),
    (
        "wagtailadmin_pages:add",
        {"content_type_app_name": "=pages", "content_type_model_name": "=standardpage", "parent_page_id": "home"},
    ),
    (
        "wagtailadmin_pages:preview_on_add",
        {"content_type_app_name": "=pages", "content_type_model_name": "=standardpage", "parent_page_id": "home"},
    ),
    ("wagtailadmin_pages:type_use*", {"content_type_app_name": "=pages", "content_type_model_name": "=standardpage"}),
    ("wagtailadmin_pages:choose_parent", {"app_label": "=pages", "model_name": "=standardpage"}),
    ("wagtailadmin_pages:*", {"action_name": "=approve", "task_state_id": "task_state", "task_id": "task"}),
    (
        "wagtailadmin_pages:*",
        {"workflow_state_id": "workflow_state", "destination_id": "home", "revision_id": "revision"},
    ),
    ("*", {"revision_id_a": "=earliest", "revision_id_b": "=latest"}),
    ("wagtail_bulk_action", {"app_label": "=wagtailcore", "model_name": "=page", "action": "=unpublish"}),
    ("wagtailadmin_tag_model_autocomplete", {"app_name": "=taggit", "model_name": "=tag"}),
    ("wagtailadmin_collections:*", {"pk": "collection", "collection_id": "collection"}),
    ("wagtailadmin_workflows:*_task", {"pk": "task", "app_label": "=wagtailcore", "model_name": "=groupapprovaltask"}),
    ("wagtailadmin_workflows:*", {"pk": "workflow", "workflow_pk": "workflow", "page_pk": "page", "task_id": "task"}),
    (
        "wagtailadmin_editing_sessions:*",
        {"app_label": "=wagtailcore", "model_name": "=page", "object_id": "page", "session_id": "editing_session"},
    ),
    ("editorial:*", {"uuid": "submission", "vote": "vote", "page_id": "bound_page"}),
    ("profiles_admin:proposal", {"uuid": "proposal"}),
    ("wagtailredirects:*", {"redirect_id": "redirect"}),
    ("wagtailsettings:*", {"app_name": "=pages", "model_name": "=sitesettings", "pk": "site"}),
    ("wagtaildocs_chooser:*", {"pk": "document"}),
    ("wagtaildocs:*", {"document_id": "document", "doc_id": "document", "uploaded_file_id": "upload"}),
    ("wagtailimages_chooser:*", {"pk": "image", "image_id": "image"}),
    ("wagtailimages:*", {"image_id": "image", "uploaded_file_id": "upload", "filter_spec": "=width-40"}),
    ("wagtailsnippet*_learning_provider:*", {"pk": "provider"}),
    ("wagtailsnippet*_events_theme:*", {"pk": "theme"}),
    ("wagtailsnippet*_profiles_competencearea:*", {"pk": "area"}),
    ("wagtailsnippet*_profiles_competence:*", {"pk": "competence", "revision_id": "competence_revision"}),
    ("wagtailsnippet*_profiles_scale:*", {"pk": "scale"}),
    ("wagtailsnippet*_contacts_contactcard:*", {"pk": "card"}),
    ("wagtailsnippet*_search_synonym:*", {"pk": "synonym"}),
    ("wagtailsnippet*_search_promotion:*", {"pk": "promotion"}),
    ("courserun:*", {"pk": "run"}),
    ("occurrence:*", {"pk": "occurrence"}),
    ("eventquestion:*", {"pk": "question"}),
    ("series_admin:series", {"pk": "series"}),
    ("series_admin:*", {"pk": "occurrence"}),
    ("approvals:*", {"uuid": "approval"}),
    ("memberships:*", {"pk": "membership_pk"}),
    ("municipalities:*", {"pk": "municipality_pk"}),
    ("regions:*", {"pk": "region_pk"}),
    ("parties:*", {"pk": "party_pk"}),
    ("outbox:*", {"pk": "outbox"}),
    ("audit:*", {"pk": "audit"}),
    ("wagtailsites:*", {"pk": "site"}),
    ("wagtailusers_users:*", {"pk": "user_pk"}),
    ("wagtailusers_groups:*", {"pk": "group"}),
    ("wagtailadmin_password_reset_confirm", {"uidb64": "=MQ", "token": "=x-y"}),
    ("wagtaildocs_serve", {"value0": "document", "value1": "document_file"}),
    ("wagtaildocs_authenticate_with_password", {"restriction_id": "restriction"}),
    ("wagtailcore_authenticate_with_password", {"page_view_restriction_id": "restriction", "page_id": "page"}),
    ("events:event_calendar", {"key": "event_uuid"}),
    ("events:occurrence_calendar", {"key": "occurrence_uuid"}),
    ("core:component_sheet_group", {"slug": "=formularer"}),
    ("assessment:*", {"slug": "profile_slug", "key": "=x"}),
    ("wagtail_serve", {"value0": "path"}),
    ("coordination:*", {"slug": "municipality"}),
    ("coordination:member*", {"uuid": "membership"}),
    ("coordination:unit*", {"uuid": "unit"}),
    ("coordination:import_*", {"uuid": "import", "kind": "=enheder"}),
    ("coordination:export", {"kind": "=enheder"}),
    ("coordination:embed_key*", {"uuid": "embed_key"}),
    ("people:unit", {"uuid": "unit"}),
    ("people:person", {"uuid": "person"}),
    ("coordination:invitation*", {"uuid": "invitation"}),
    ("account_*", {"token": "=x-y", "key": "=x-y"}),
    ("saml_*", {"provider_id": "=findes-ikke", "token": "=x-y"}),
    ("openid_connect_*", {"provider_id": "=findes-ikke"}),
    ("mfa_*", {"pk": "factor"}),
    ("invitations:open", {"token": "=x-y"}),
    ("contacts:open", {"token": "=x-y"}),
    *((f"signup:{name}", {"uuid": "signup_occurrence"}) for name in ("person", "guest", "participants")),
    ("signup:*", {"uuid": "place", "token": "=x-y"}),
    ("groups:new", {"uuid": "signup_occurrence"}),
    ("groups:*", {"uuid": "sign_up", "place": "group_place", "offer": "group_offer"}),
    ("news:*", {"token": "=x-y"}),
    (
        "running:*",
        {"uuid": "run_occurrence", "place": "run_place", "team": "team", "door": "door", "kind": "=csv"},
    ),
    ("door:*", {"uuid": "run_occurrence", "token": "=x-y"}),
    ("pulse:*", {"token": "=x-y"}),
    ("*", {"page_id": "page", "parent_page_id": "page", "page_to_move_id": "page", "pk": "page"}),
)


def kinds(route: Route) -> dict[str, str]:
    """Return the kind of each value of an address.

    Raises:
        LookupError: nothing is said about a value.
    """
    found = {}
    for name in route.parameters:
        fits = (fills[name] for pattern, fills in _FILLS if name in fills and fnmatchcase(route.key, pattern))
        if (kind := next(fits, None)) is None:
            raise LookupError(f"{route}: say in tests/permissions/fills.py what stands for <{name}>.")
        found[name] = kind
    return found


def addresses(route: Route, world: World) -> Iterator[tuple[str, str]]:
    """Return the address for each relation that its objects know, and with nothing at its end as MISSING."""
    wanted = kinds(route)
    objects = [kind for kind in wanted.values() if not kind.startswith("=")]
    yield OWN, route.address({name: _value(world, kind, OWN) for name, kind in wanted.items()})
    if not objects:
        return
    for relation in (SAME, FOREIGN):
        if any(relation in world.things.get(kind, {}) for kind in objects):
            yield relation, route.address({name: _value(world, kind, relation) for name, kind in wanted.items()})
    last = _last(wanted)
    if len(objects) > 1 and "municipality" in objects:
        mixed = {name: _value(world, kind, FOREIGN if name == last else OWN) for name, kind in wanted.items()}
        yield MIXED, route.address(mixed)
    yield MISSING, gone(route, world, MIXED)


def gone(route: Route, world: World, relation: str) -> str:
    """Return the address at which nothing is: all of it, or its end only, as an object of this relation compares with."""
    wanted = kinds(route)
    last = _last(wanted)
    part = {name: MISSING if relation == FOREIGN or name == last else OWN for name in wanted}
    return route.address({name: _value(world, kind, part[name]) for name, kind in wanted.items()})


def _last(wanted: Mapping[str, str]) -> str:
    """Return the value that names the object itself: what comes before says where it is, words say what to do."""
    return [name for name, kind in wanted.items() if not kind.startswith("=")][-1]


def _value(world: World, kind: str, relation: str) -> Any:
    if kind.startswith("="):
        return kind[1:]
    known = world.things.get(kind, {MISSING: 999_999})
    # The municipality of a neighbour is the asker's own.
    return known.get(relation, known.get(OWN, known[MISSING]))
