"""Apply the table of groups: rights on rows, on pages and on files, no more and no fewer than the table names."""

from collections.abc import Iterable

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page, Site, Workflow

from portal.desk import groups as table
from portal.desk.groups import GroupSpec

# Images and documents hang on collections; whoever may change one there may delete it.
_FILES = ("wagtailimages.image", "wagtaildocs.document")
_Pairs = set[tuple[int, int]]


class UnknownPermissionError(LookupError):
    """The table names a right that does not exist: a model or verb was renamed."""


@transaction.atomic
def setup_groups() -> list[str]:
    """Bring the groups in line with the table, and return the names of those that changed; members are left alone.

    Run again after index pages or parties are new: a right hangs on the page or the collection itself.

    Raises:
        UnknownPermissionError: a right of the table does not exist.
    """
    _retire_stock_groups()
    rights = _Rights()
    return [spec.name for spec in table.groups() if _apply(spec, rights)]


class _Rights:
    """Every right there is, by application and code name, read once."""

    def __init__(self) -> None:
        # Django writes them after all migrations; a command that runs before that must not find half of them.
        written = set(Permission.objects.values_list("content_type__app_label", flat=True))
        for config in apps.get_app_configs():
            if config.label not in written:
                create_permissions(config, verbosity=0)
        rows = Permission.objects.values_list("content_type__app_label", "codename", "pk")
        self._keys = {(label, codename): key for label, codename, key in rows}

    def key(self, model: str, verb: str) -> int:
        """Return the key of the right to do something with a model ("wagtailadmin.admin" is none, and has "access")."""
        label, name = model.split(".")
        found = self._keys.get((label, f"{verb}_{name}"))
        if found is None:
            raise UnknownPermissionError(f"There is no right to {verb} {model}.")
        return found

    def pairs(self, places: Iterable[int], models: Iterable[str], verbs: Iterable[str]) -> _Pairs:
        """Return every place with every right."""
        keys = [self.key(model, verb) for model in models for verb in verbs]
        return {(place, key) for place in places for key in keys}


def _apply(spec: GroupSpec, rights: _Rights) -> bool:
    group, created = Group.objects.get_or_create(name=spec.name)
    wanted = {rights.key(model, verb) for model, verbs in spec.models.items() for verb in verbs}
    wanted.add(rights.key("wagtailadmin.admin", "access"))
    changed = created or set(group.permissions.values_list("pk", flat=True)) != wanted
    if changed:
        group.permissions.set(wanted)
    pages = _sync_pages(group, spec, rights)
    files = _sync_files(group, spec, rights)
    return changed or pages or files


def _sync_pages(group: Group, spec: GroupSpec, rights: _Rights) -> bool:
    roots = Page.objects.filter(pk__in=Site.objects.values("root_page")).values_list("pk", flat=True)
    wanted = rights.pairs(roots, ("wagtailcore.page",), spec.site)
    for model, verbs in spec.below.items():
        wanted |= rights.pairs(model.objects.values_list("pk", flat=True), ("wagtailcore.page",), verbs)
    held = GroupPagePermission.objects.filter(group=group)
    stored = set(held.values_list("page_id", "permission_id"))
    for page, permission in wanted - stored:
        GroupPagePermission.objects.create(group=group, page_id=page, permission_id=permission)
    for page, permission in stored - wanted:
        held.filter(page_id=page, permission_id=permission).delete()
    return wanted != stored


def _sync_files(group: Group, spec: GroupSpec, rights: _Rights) -> bool:
    wanted = rights.pairs([Collection.get_first_root_node().pk], _FILES, spec.all_files)
    for name, verbs in spec.files.items():
        wanted |= rights.pairs([_collection(name).pk], _FILES, verbs)
    held = GroupCollectionPermission.objects.filter(group=group)
    stored = set(held.values_list("collection_id", "permission_id"))
    for collection, permission in wanted - stored:
        GroupCollectionPermission.objects.create(group=group, collection_id=collection, permission_id=permission)
    for collection, permission in stored - wanted:
        held.filter(collection_id=collection, permission_id=permission).delete()
    return wanted != stored


def _collection(name: str) -> Collection:
    root = Collection.get_first_root_node()
    found: Collection | None = root.get_children().filter(name=name).first()
    return found or root.add_child(name=name)


def _retire_stock_groups() -> None:
    """Take away Wagtail's English groups, and the workflow that needs one of them, while nobody uses them."""
    unused = Group.objects.filter(name__in=["Editors", "Moderators"], user__isnull=True)
    stock = Workflow.objects.filter(name="Moderators approval", active=True, workflow_states__isnull=True)
    for workflow in stock:
        workflow.workflow_pages.all().delete()
        workflow.active = False
        workflow.save(update_fields=["active"])
    unused.delete()
