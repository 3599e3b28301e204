"""The ground's screens for administrators: what leaves the portal, and who did what. Both are read, never written."""

import json
from typing import Any

import django_filters
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import InspectView
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from portal.core import audit, mail, outbox
from portal.core.models import AuditEntry, OutboxMessage
from portal.core.models.outbox import OutboxState

RESEND = "change"


class ReadOnlyPolicy(ModelPermissionPolicy):
    """Nobody adds, changes or deletes these rows by hand, not even a superuser; who may view them is a permission."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Refuse everything but looking."""
        return action == "view" and super().user_has_permission(user, "view")

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Answer for several actions as for one."""
        return any(self.user_has_permission(user, action) for action in actions)


register_permission_policy(OutboxMessage, ReadOnlyPolicy(OutboxMessage))
register_permission_policy(AuditEntry, ReadOnlyPolicy(AuditEntry))


def may_send_again(user: Any) -> bool:
    """Tell whether the user may put a message that gave up back in the queue."""
    return bool(user.has_perm(f"core.{RESEND}_outboxmessage"))


@transaction.atomic
def resend(*, message: OutboxMessage, actor: Any) -> bool:
    """Put a message that gave up back in the queue; one that is not dead, or whose text is gone, is left alone: False."""
    locked = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    if locked.state != OutboxState.DEAD or mail.is_forgotten(locked):
        return False
    outbox.send_again(message=locked)
    before = {"state": locked.state, "attempts": locked.attempts, "last_error": locked.last_error}
    audit.record(actor=actor, action="outbox.send_again", obj=locked, before=before, after={"state": "waiting"})
    return True


def _pretty(value: Any) -> SafeString | str:
    if value is None:
        return "–"
    return format_html("<pre>{}</pre>", json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True))


def _choices(model: type[Any], name: str) -> Any:
    """Return the values of a column that occur, asked anew for each form."""
    return lambda: [(value, value) for value in model.objects.order_by(name).values_list(name, flat=True).distinct()]


class OutboxFilterSet(WagtailFilterSet):
    """By state, kind and day."""

    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=OutboxState.choices)
    topic = django_filters.ChoiceFilter(label=gettext_lazy("Kind"), choices=_choices(OutboxMessage, "topic"))
    created_at = django_filters.DateFromToRangeFilter(label=gettext_lazy("Created"), widget=DateRangePickerWidget)

    class Meta:
        model = OutboxMessage
        fields = ["state", "topic", "created_at"]


class OutboxInspectView(InspectView):
    """One message; a dead one can be sent again from here."""

    again_url_name = ""

    def get_payload_display_value(self) -> Any:
        """Show the content as it is stored, but for a link that opens a door."""
        return _pretty(mail.without_secret(self.object.payload))

    @cached_property
    def header_buttons(self) -> list[Any]:
        """Offer the one thing that can be done."""
        is_dead = self.object.state == OutboxState.DEAD and not mail.is_forgotten(self.object)
        if not is_dead or not may_send_again(self.request.user):
            return []
        url = reverse(self.again_url_name, args=[self.object.pk])
        return [HeaderButton(_("Send again"), url=url, icon_name="rotate")]


class OutboxViewSet(ModelViewSet):
    """Mails, index jobs and notices that wait, left or gave up."""

    model = OutboxMessage
    icon = "mail"
    menu_label = gettext_lazy("Outgoing messages")
    list_display = [
        "__str__",
        Column("get_state_display", label=gettext_lazy("State"), sort_key="state"),
        "attempts",
        DateColumn("created_at", label=gettext_lazy("Created"), sort_key="created_at"),
        DateColumn("finished_at", label=gettext_lazy("Finished"), sort_key="finished_at"),
    ]
    filterset_class = OutboxFilterSet
    search_backend_name = None
    search_fields = ["topic", "key", "last_error"]
    ordering = ["-created_at", "-id"]
    list_per_page = 50
    inspect_view_enabled = True
    inspect_view_class = OutboxInspectView
    inspect_view_fields = [
        "topic",
        "state",
        "attempts",
        "created_at",
        "available_at",
        "finished_at",
        "last_error",
        "key",
        "uuid",
        "payload",
    ]
    copy_view_enabled = False
    add_to_reference_index = False
    exclude_form_fields: list[str] = []

    def get_inspect_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Tell the inspect view where its button leads."""
        values: dict[str, Any] = super().get_inspect_view_kwargs(**kwargs)
        return {**values, "again_url_name": self.get_url_name("again")}

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the question and the deed of sending again."""
        return [*super().get_urlpatterns(), path("again/<int:pk>/", self.again_view, name="again")]

    def again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask with GET, do it with POST; an unknown message or a user who may not see it gets a 404."""
        if not may_send_again(request.user):
            raise Http404
        message = get_object_or_404(OutboxMessage, pk=pk)
        back = reverse(self.get_url_name("inspect"), args=[pk])
        if request.method == "POST":
            if resend(message=message, actor=request.user):
                messages.success(request, _("The message waits to be sent again."))
            else:
                messages.warning(request, _("The message has not given up, so there is nothing to send again."))
            return redirect(back)
        context = {
            "header_icon": self.icon,
            "page_title": _("Send again"),
            "page_subtitle": str(message),
            "message": message,
            "back_url": back,
            "breadcrumbs_items": self._again_breadcrumbs(message, back),
        }
        return TemplateResponse(request, "core/admin/send_again.html", context)

    def _again_breadcrumbs(self, message: OutboxMessage, back: str) -> list[dict[str, Any]]:
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {
                "url": reverse(self.get_url_name("index")),
                "label": capfirst(str(OutboxMessage._meta.verbose_name_plural)),
            },
            {"url": back, "label": str(message)},
            {"url": "", "label": _("Send again")},
        ]


class AuditFilterSet(WagtailFilterSet):
    """By act, kind of object and day."""

    action = django_filters.ChoiceFilter(label=gettext_lazy("Action"), choices=_choices(AuditEntry, "action"))
    object_type = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind of object"), choices=_choices(AuditEntry, "object_type")
    )
    at = django_filters.DateFromToRangeFilter(label=gettext_lazy("Time"), widget=DateRangePickerWidget)

    class Meta:
        model = AuditEntry
        fields = ["action", "object_type", "at"]


class AuditInspectView(InspectView):
    """One act with what it changed."""

    def get_before_display_value(self) -> Any:
        """Show what was."""
        return _pretty(self.object.before)

    def get_after_display_value(self) -> Any:
        """Show what became."""
        return _pretty(self.object.after)


class AuditViewSet(ModelViewSet):
    """Who did what to which object."""

    model = AuditEntry
    icon = "history"
    menu_label = gettext_lazy("Audit trail")
    list_display = [
        "__str__",
        "actor_label",
        "on_behalf_of",
        "object_type",
        DateColumn("at", label=gettext_lazy("Time"), sort_key="at"),
    ]
    filterset_class = AuditFilterSet
    search_backend_name = None
    search_fields = ["action", "object_label", "object_key", "actor_label"]
    ordering = ["-at", "-id"]
    list_per_page = 50
    inspect_view_enabled = True
    inspect_view_class = AuditInspectView
    inspect_view_fields = [
        "at",
        "actor_label",
        "on_behalf_of",
        "action",
        "object_type",
        "object_label",
        "object_key",
        "before",
        "after",
    ]
    copy_view_enabled = False
    add_to_reference_index = False
    exclude_form_fields: list[str] = []


class OperationsGroup(ModelViewSetGroup):
    """The menu “Operations”: only who may look at one of the two sees it."""

    menu_label = gettext_lazy("Operations")
    menu_icon = "cogs"
    menu_order = 800
    items = (OutboxViewSet("outbox"), AuditViewSet("audit"))
