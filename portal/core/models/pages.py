"""The base page: an abstract class on Wagtail's `Page` (see docs/decisions/0001-abstract-base-page.md)."""

from typing import Any, ClassVar

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    CommentPanel,
    FieldPanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.models import Page

from portal.core.breadcrumbs import trail
from portal.core.page_forms import BasePageForm
from portal.core.publication import BoundPagePermissionTester, gate
from portal.core.sections import Section, collect
from portal.core.visibility import VisiblePageManager


class BasePage(Page):
    """What every page type of the portal has: the editor's tabs, atomic publishing, sections from the floors above."""

    base_form_class = BasePageForm
    # The registered place where packages above may add sections; empty for a page that takes none.
    sections_place: ClassVar[str] = ""

    objects: ClassVar[Any] = VisiblePageManager()

    content_panels: ClassVar[list[Panel]] = Page.content_panels
    promote_panels: ClassVar[list[Panel]] = [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
            heading=_("In search engines"),
        ),
        MultiFieldPanel([FieldPanel("show_in_menus")], heading=_("In the portal's menu")),
    ]
    settings_panels: ClassVar[list[Panel]] = [
        PublishingPanel(),
        MultiFieldPanel([FieldPanel("responsible"), FieldPanel("review_on")], heading=_("Who looks after the page")),
        # Draws nothing here: it lets people talk about a text beside it.
        CommentPanel(),
    ]

    class Meta:
        abstract = True

    @classmethod
    def get_edit_handler(cls) -> Any:
        """Assemble the tabs once for all page types; a type names only its own panels."""
        tabs = [
            ObjectList(cls.content_panels, heading=_("Content")),
            ObjectList(cls.promote_panels, heading=_("Visibility")),
            ObjectList(cls.settings_panels, heading=_("Settings")),
        ]
        handler = TabbedInterface(tabs, base_form_class=cls.base_form_class)
        return handler.bind_to_model(cls)

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Save, and refuse a page that goes live without what its policy demands.

        Every path of publishing writes the row here, with the revision that goes live, before it tells anybody.

        Raises:
            RefusedError: a policy is for the page and has not been met.
        """
        before = self._public_before(kwargs.get("update_fields"))
        mark = gate().mark(before) if before is not None and before.live else ""
        saved = super().save(*args, **kwargs)
        if before is not None:
            gate().saved_as_public(self, before, mark)
        return saved

    def _public_before(self, update_fields: Any) -> Any | None:
        """Return the row as it is stored, if this save writes what the public reads; an empty page where there is none."""
        if not self.live or (update_fields is not None and "live" not in update_fields):
            return None
        return type(self)._base_manager.filter(pk=self.pk).first() or type(self)(live=False)

    @transaction.atomic
    def publish(self, *args: Any, **kwargs: Any) -> Any:
        """Publish the row, the release, the audit entry and the outbox rows together or not at all.

        The page editor does not come this way (it builds the action itself); there the transaction is opened by
        `portal.core.middleware.AdminTransactionMiddleware`.
        """
        return super().publish(*args, **kwargs)

    @transaction.atomic
    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        """Save, and let the workflow hear in the same transaction: an edit voids what others have approved."""
        revision = super().save_revision(*args, **kwargs)
        gate().content_saved(self)
        return revision

    def permissions_for_user(self, user: Any) -> BoundPagePermissionTester:
        """Return what a user may do, with the policies taken into account."""
        return BoundPagePermissionTester(user, self)

    def get_workflow(self) -> Any | None:
        """Return the workflow that the policies name; Wagtail's own assignments to pages are not asked."""
        return gate().workflow_for(self)

    @property
    def has_workflow(self) -> bool:
        """Tell whether the policies name a workflow: Wagtail would ask its own assignments here, and not `get_workflow`."""
        return self.get_workflow() is not None

    @property
    def current_workflow_task(self) -> Any | None:
        """Return the step that the page is at.

        Wagtail goes by the state's own class, which costs two queries more at each of the six places where the editor asks.
        """
        state = self.current_workflow_state
        is_running = state is not None and state.status == state.STATUS_IN_PROGRESS
        return state.current_task_state.task.specific if is_running and state.current_task_state else None

    # --- What a policy asks of a page; a type overrides what it knows better ------------------------------------------

    def change_kind(self) -> str:
        """Return the kind of change that the editor declares for what she sends in, or an empty text."""
        return ""

    @classmethod
    def change_labels(cls) -> dict[str, Any]:
        """Return the kinds of change that an editor of this type can declare, with their names."""
        return {}

    def publisher_keys(self) -> frozenset[str]:
        """Return the keys of the parties that publish the page, as it stands in memory."""
        return frozenset()

    def resolved_content(self) -> Any:
        """Return what readers would see of other objects, as JSON: it is approved together with the page's own fields."""
        return None

    def hold_content(self, *drafts: Any) -> None:
        """Lock the rows that `resolved_content` reads, of this object and of drafts of it, in one order.

        They stay what was approved until the page is live.
        """

    def sections(self, request: HttpRequest) -> list[Section]:
        """Return what the floors above add to this page, in order."""
        return collect(self.sections_place, request, self) if self.sections_place else []

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the breadcrumb, and the sections once, so that the contents list and the page draw the same ones."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["sections"] = self.sections(request)
        context["breadcrumbs"] = trail(self, request)
        return context
