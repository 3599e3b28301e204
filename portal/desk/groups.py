"""Who may do what in the admin, in one table that code applies: `manage.py setup_groups`.

An editor of either party may publish. That is so only until the workflows come: then a profile is published when every
party has approved it, and the right to publish leaves the editors' rows here.
"""

from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page, Site, Workflow

from portal.accounts.api import ADMINISTRATORS, editors_of

EDITORS_HK = editors_of("hk")
EDITORS_KL = editors_of("kl")

_ALL = ("add", "change", "delete", "view")
_PAGES = ("add", "change", "publish", "bulk_delete", "lock", "unlock")
# Images and documents hang on collections, so their rows are written once for the root collection.
_COLLECTION_MODELS = ("wagtailimages.image", "wagtaildocs.document")

_CONTENT: dict[str, tuple[str, ...]] = {
    "profiles.competence": (*_ALL, "publish"),
    "profiles.competencearea": _ALL,
    "profiles.scale": _ALL,
    "profiles.releaseproposal": ("change", "view"),
    "learning.provider": _ALL,
    "learning.courserun": _ALL,
    "events.occurrence": _ALL,
    "events.theme": _ALL,
    "contacts.contactcard": _ALL,
    "organisations.municipality": ("change", "view"),
    "wagtailredirects.redirect": _ALL,
}
_ADMINISTRATION: dict[str, tuple[str, ...]] = {
    **_CONTENT,
    "organisations.region": ("add", "change", "view"),
    "organisations.party": ("add", "change", "view"),
    "pages.sitesettings": ("change", "view"),
    "accounts.user": _ALL,
    "auth.group": _ALL,
    "wagtailcore.site": _ALL,
    "wagtailcore.collection": _ALL,
    "core.outboxmessage": ("change", "view"),
    "core.auditentry": ("view",),
}


@dataclass(frozen=True, slots=True)
class GroupSpec:
    """A role: what it may do with pages, with files, and with each kind of row."""

    name: str
    pages: tuple[str, ...]
    files: tuple[str, ...]
    models: dict[str, tuple[str, ...]]


GROUPS = (
    GroupSpec(EDITORS_HK, _PAGES, ("add", "change", "choose"), _CONTENT),
    GroupSpec(EDITORS_KL, _PAGES, ("add", "change", "choose"), _CONTENT),
    GroupSpec(ADMINISTRATORS, _PAGES, ("add", "change", "choose"), _ADMINISTRATION),
)


class UnknownPermissionError(LookupError):
    """The table names a right that does not exist: a model or verb was renamed."""


@transaction.atomic
def setup_groups() -> list[str]:
    """Bring the groups in line with the table, and return the names of those that changed; members are left alone.

    Raises:
        UnknownPermissionError: a right of the table does not exist.
    """
    for config in apps.get_app_configs():
        create_permissions(config, verbosity=0)
    _retire_stock_groups()
    return [spec.name for spec in GROUPS if _apply(spec)]


def _apply(spec: GroupSpec) -> bool:
    group, created = Group.objects.get_or_create(name=spec.name)
    wanted = {_permission(model, verb) for model, verbs in spec.models.items() for verb in verbs}
    wanted.add(_permission("wagtailadmin.admin", "access"))
    changed = created or set(group.permissions.all()) != wanted
    group.permissions.set(wanted)
    pages = _sync_pages(group, spec.pages)
    files = _sync_files(group, spec.files)
    return changed or pages or files


def _permission(model: str, verb: str) -> Permission:
    app_label, name = model.split(".")
    # Wagtail hangs "access_admin" on a content type without a model of its own; the codename is what counts.
    found = Permission.objects.filter(content_type__app_label=app_label, codename=f"{verb}_{name}").first()
    if found is None:
        raise UnknownPermissionError(f"There is no right to {verb} {model}.")
    return found


def _sync_pages(group: Group, verbs: tuple[str, ...]) -> bool:
    """Give the rights on every site's tree, and take away those that the table no longer names."""
    roots = list(Page.objects.filter(pk__in=Site.objects.values("root_page")))
    wanted = {(root.pk, _permission("wagtailcore.page", verb).pk) for root in roots for verb in verbs}
    held = GroupPagePermission.objects.filter(group=group)
    stored = set(held.values_list("page_id", "permission_id"))
    for page, permission in wanted - stored:
        GroupPagePermission.objects.create(group=group, page_id=page, permission_id=permission)
    for page, permission in stored - wanted:
        held.filter(page_id=page, permission_id=permission).delete()
    return wanted != stored


def _sync_files(group: Group, verbs: tuple[str, ...]) -> bool:
    root = Collection.get_first_root_node()
    wanted = {(root.pk, _permission(model, verb).pk) for model in _COLLECTION_MODELS for verb in verbs}
    held = GroupCollectionPermission.objects.filter(group=group)
    stored = set(held.values_list("collection_id", "permission_id"))
    for collection, permission in wanted - stored:
        GroupCollectionPermission.objects.create(group=group, collection_id=collection, permission_id=permission)
    for collection, permission in stored - wanted:
        held.filter(collection_id=collection, permission_id=permission).delete()
    return wanted != stored


def _retire_stock_groups() -> None:
    """Take away Wagtail's English groups, and the workflow that needs one of them, while nobody uses them."""
    unused = Group.objects.filter(name__in=["Editors", "Moderators"], user__isnull=True)
    stock = Workflow.objects.filter(name="Moderators approval", active=True, workflow_states__isnull=True)
    for workflow in stock:
        workflow.workflow_pages.all().delete()
        workflow.active = False
        workflow.save(update_fields=["active"])
    unused.delete()
