"""What Wagtail knows about those who write: who made which page, comment and file, and the editor's own settings."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.models import EditingSession, FormState
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import (
    APIToken,
    Comment,
    CommentReply,
    ModelLogEntry,
    Page,
    PageLogEntry,
    PageSubscription,
    ReferenceIndex,
    Revision,
    TaskState,
    UploadedFile,
    WorkflowState,
)
from wagtail.users.models import UserProfile

from portal.core.models import PageGovernance
from portal.core.personal_data.registry import Erasure, Fate, PersonalData
from portal.core.personal_data.sheets import Sheet, sheet
from portal.core.personal_data.traces import scrub_rows

_LOGS: tuple[type[Model], ...] = (PageLogEntry, ModelLogEntry)
# Rows that mean nothing without her.
_HER_OWN: tuple[type[Model], ...] = (APIToken, EditingSession, FormState, PageSubscription)


def export_work(person: Any) -> Iterable[Sheet]:
    """Return what she wrote, published, approved and looks after; the content itself is the parties'."""
    title, at = ("title", _("Title"), str), _("Time")
    accounts = ContentType.objects.get_for_model(person)
    named = ("title", _("Title"), "page.title")
    yield sheet("pages", _("Pages that you made"), Page.objects.filter(owner=person).order_by("pk"), title)
    yield sheet("locks", _("Pages that you have locked"), Page.objects.filter(locked_by=person).order_by("pk"), title)
    yield sheet(
        "looked_after",
        _("Pages that you look after"),
        PageGovernance.objects.filter(responsible=person).select_related("page").order_by("pk"),
        named,
        ("review_on", _("To be read again"), "review_on"),
    )
    yield sheet(
        "versions",
        _("Versions that you saved"),
        Revision.objects.filter(user=person).order_by("created_at", "pk"),
        ("at", at, "created_at"),
        ("title", _("Title"), "object_str"),
    )
    yield sheet(
        "log",
        _("What you did in the editor"),
        chain(*(log._default_manager.filter(user=person).order_by("timestamp", "pk") for log in _LOGS)),
        ("at", at, "timestamp"),
        ("action", _("Act"), "action"),
        # The name of an account is another person's.
        ("title", _("Title"), lambda entry: "" if entry.content_type_id == accounts.pk else entry.label),
    )
    yield from _approvals(person)


def _approvals(person: Any) -> Iterable[Sheet]:
    at = ("at", _("Time"))
    yield sheet(
        "sent_for_approval",
        _("What you sent for approval"),
        WorkflowState.objects.filter(requested_by=person).order_by("created_at", "pk"),
        (*at, "created_at"),
        ("state", _("State"), "get_status_display"),
    )
    yield sheet(
        "approvals",
        _("What you decided"),
        TaskState.objects.filter(finished_by=person).order_by("finished_at", "pk"),
        (*at, "finished_at"),
        ("state", _("State"), "status"),
        ("comment", _("Comment"), "comment"),
    )


def erase_work(erasure: Erasure) -> None:
    """Leave the content and take the author off it; a log must name somebody, so there the successor stands."""
    person = erasure.person
    Page.objects.filter(owner=person).update(owner=None)
    # A lock that belongs to nobody could be opened by administrators only.
    Page.objects.filter(locked_by=person).update(locked_by=None, locked=False, locked_at=None)
    PageGovernance.objects.filter(responsible=person).update(responsible=None)
    Revision.objects.filter(user=person).update(user=None)
    WorkflowState.objects.filter(requested_by=person).update(requested_by=None)
    scrub_rows(TaskState.objects.all(), erasure.traces, "comment", about_her=Q(finished_by=person))
    TaskState.objects.filter(finished_by=person).update(finished_by=None)
    accounts, key = ContentType.objects.get_for_model(person), str(person.pk)
    account = Q(content_type=accounts, object_id=key)
    scrub_rows(ModelLogEntry.objects.all(), erasure.traces, "label", "data", about_her=account)
    scrub_rows(PageLogEntry.objects.all(), erasure.traces, "label", "data")
    for log in _LOGS:
        log._default_manager.filter(user=person).update(user=erasure.successor)
    ReferenceIndex.objects.filter(account | Q(to_content_type=accounts, to_object_id=key)).delete()


def export_comments(person: Any) -> Iterable[Sheet]:
    """Return what she wrote in the margin."""
    columns = (("at", _("Time"), "created_at"), ("text", _("Text"), "text"))
    yield sheet("comments", _("Your comments"), Comment.objects.filter(user=person).order_by("pk"), *columns)
    yield sheet("replies", _("Your replies"), CommentReply.objects.filter(user=person).order_by("pk"), *columns)
    solved = Comment.objects.filter(resolved_by=person).order_by("pk")
    yield sheet("resolved", _("Comments that you closed"), solved, ("at", _("Time"), "resolved_at"))


def erase_comments(erasure: Erasure) -> None:
    """Hand the comments to the successor: deleting them would take the replies of others along."""
    Comment.objects.filter(user=erasure.person).update(user=erasure.successor)
    CommentReply.objects.filter(user=erasure.person).update(user=erasure.successor)
    Comment.objects.filter(resolved_by=erasure.person).update(resolved_by=erasure.successor)


def export_uploads(person: Any) -> Iterable[Sheet]:
    """Return the files that she brought in."""
    columns = (("title", _("Title"), "title"), ("at", _("Time"), "created_at"))
    for key, title, model in (
        ("images", _("Images that you uploaded"), get_image_model()),
        ("documents", _("Documents that you uploaded"), get_document_model()),
    ):
        yield sheet(key, title, model.objects.filter(uploaded_by_user=person).order_by("pk"), *columns)
    waiting = UploadedFile.objects.filter(uploaded_by_user=person).order_by("pk")
    yield sheet("unfinished_uploads", _("Uploads that you did not finish"), waiting, ("file", _("File"), "file.name"))


def erase_uploads(erasure: Erasure) -> None:
    """Leave what pages show, and throw away what she never finished."""
    for model in (get_image_model(), get_document_model()):
        model.objects.filter(uploaded_by_user=erasure.person).update(uploaded_by_user=None)
    for upload in UploadedFile.objects.filter(uploaded_by_user=erasure.person):
        _delete_file(upload.file)
        upload.delete()


def export_settings(person: Any) -> Iterable[Sheet]:
    """Return how she has set up the editor, and what waits there."""
    yield sheet(
        "editor_settings",
        _("Your settings in the editor"),
        UserProfile.objects.filter(user=person),
        ("language", _("Language"), "preferred_language"),
        ("time_zone", _("Time zone"), "current_time_zone"),
        ("theme", _("Theme"), "theme"),
        ("avatar", _("Picture"), "avatar.name"),
        ("dismissed", _("Messages that you have closed"), lambda profile: ", ".join(sorted(profile.dismissibles))),
    )
    yield sheet(
        "subscriptions",
        _("Pages whose comments you follow"),
        PageSubscription.objects.filter(user=person).select_related("page").order_by("pk"),
        ("title", _("Title"), "page.title"),
    )
    editing = EditingSession.objects.filter(user=person).order_by("pk")
    yield sheet("open_editors", _("Editors that you have open"), editing, ("at", _("Last seen"), "last_seen_at"))
    tokens = APIToken.objects.filter(user=person).order_by("pk")
    yield sheet("keys", _("Your access keys"), tokens, ("name", _("Name"), "name"), ("at", _("Created"), "created"))
    drafts = FormState.objects.filter(user=person).order_by("pk")
    yield sheet(
        "previews",
        _("Previews that you have open"),
        drafts,
        ("at", _("Time"), "last_updated_at"),
        ("text", _("Text"), "data"),
    )


def erase_settings(erasure: Erasure) -> None:
    """Delete what was for her alone, her picture with it."""
    for model in _HER_OWN:
        model._default_manager.filter(user=erasure.person).delete()
    for profile in UserProfile.objects.filter(user=erasure.person):
        _delete_file(profile.avatar)
        profile.delete()


def avatar(person: Any) -> Iterable[tuple[str, bytes]]:
    """Return her picture."""
    for profile in UserProfile.objects.filter(user=person).exclude(avatar=""):
        if profile.avatar.storage.exists(profile.avatar.name):
            with profile.avatar.open() as file:
                yield profile.avatar.name.rsplit("/", 1)[-1], file.read()


def _delete_file(file: Any) -> None:
    """Delete a file once the transaction is safe: a row that comes back must find its file."""
    if file:
        storage, name = file.storage, file.name
        transaction.on_commit(lambda: storage.delete(name))


def _columns(model: str, *fields: str) -> tuple[str, ...]:
    return tuple(f"{model}.{field}" for field in fields)


EDITING = (
    PersonalData(
        key="wagtail.work",
        title=_("What you have written and approved"),
        why=_("So that editors can see who wrote what, and who approved it."),
        how_long=_("As long as the content exists."),
        erasing=_("What is published stays, because others use it. It no longer says that it was you."),
        fate=Fate.ANONYMISED,
        order=30,
        covers=(
            *_columns("wagtailcore.Page", "owner", "locked_by"),
            *_columns("wagtailcore.PageLogEntry", "user", "data"),
            *_columns("wagtailcore.ModelLogEntry", "user", "data"),
            "wagtailcore.Revision.user",
            "wagtailcore.WorkflowState.requested_by",
            "wagtailcore.TaskState.finished_by",
            "core.PageGovernance.responsible",
        ),
        export=export_work,
        erase=erase_work,
    ),
    PersonalData(
        key="wagtail.comments",
        title=_("Your comments on drafts"),
        why=_("So that those who write together can talk about a text beside it."),
        how_long=_("Until the comment is deleted or the page is gone."),
        erasing=_("The texts stay, because others have answered them. Your name is replaced by “deleted user”."),
        fate=Fate.ANONYMISED,
        order=30,
        covers=(*_columns("wagtailcore.Comment", "user", "resolved_by"), "wagtailcore.CommentReply.user"),
        export=export_comments,
        erase=erase_comments,
    ),
    PersonalData(
        key="wagtail.uploads",
        title=_("Files that you have uploaded"),
        why=_("Pages show them."),
        how_long=_("As long as the file is used."),
        erasing=_("The files stay, because pages show them. It no longer says that it was you."),
        fate=Fate.ANONYMISED,
        order=30,
        covers=(
            f"{get_image_model()._meta.label}.uploaded_by_user",
            f"{get_document_model()._meta.label}.uploaded_by_user",
            "wagtailcore.UploadedFile.uploaded_by_user",
        ),
        export=export_uploads,
        erase=erase_uploads,
    ),
    PersonalData(
        key="wagtail.settings",
        title=_("Your settings in the editor"),
        why=_("So that the editor looks as you left it."),
        how_long=_("As long as you have an account."),
        erasing=_("They are deleted, your picture with them."),
        fate=Fate.DELETED,
        order=40,
        covers=(
            *_columns("wagtailusers.UserProfile", "user", "dismissibles"),
            *(f"{model._meta.label}.user" for model in _HER_OWN),
        ),
        export=export_settings,
        erase=erase_settings,
        files=avatar,
    ),
)
