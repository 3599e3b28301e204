"""Embed keys: the screens and their addresses."""

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.errors import RefusedError
from portal.core.formats import long_date
from portal.desk.coordination.base import CoordinationView
from portal.organisations.api import embed_origins
from profilecatalog.assessment.api import (
    OVERLAP,
    EmbedKey,
    KeyState,
    create_embed_key,
    embed_html,
    embed_key_for,
    embeddable,
    findings,
    revoke_embed_key,
    rotate_embed_key,
    trial_path,
)

_KINDS = {KeyState.WORKS: "strong", KeyState.ENDING: "warn", KeyState.ENDED: "off", KeyState.REVOKED: "off"}


class KeyForm(forms.Form):
    """What the key is called."""

    use_required_attribute = False
    label = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("Where it is used, for example “Intranet” or “HR's pages”."),
    )


class RotateForm(forms.Form):
    """How long the old key works beside the new one."""

    use_required_attribute = False
    days = forms.TypedChoiceField(
        label=gettext_lazy("How long shall the old key work?"),
        coerce=int,
        choices=[
            (0, gettext_lazy("Not at all: it stops at once")),
            (OVERLAP.days, gettext_lazy("14 more days")),
            (60, gettext_lazy("60 more days")),
        ],
        initial=OVERLAP.days,
        widget=forms.RadioSelect,
    )


class ProfileForm(forms.Form):
    """Which profile's form is shown, and on which page."""

    use_required_attribute = False
    profil = forms.ChoiceField(label=gettext_lazy("Profile"), required=False)

    def __init__(self, query: Any, *, choices: list[tuple[str, str]]) -> None:
        super().__init__(query)
        self.fields["profil"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> tuple[str, str] | None:
        """Return slug and title: what was asked for, or the first there is."""
        choices: list[tuple[str, str]] = list(self.fields["profil"].choices)  # type: ignore[attr-defined]
        wanted = self.cleaned_data.get("profil") if self.is_valid() else ""
        return next((pair for pair in choices if pair[0] == wanted), choices[0] if choices else None)


class TrialForm(ProfileForm):
    """The same with the address of the page that shall show the form."""

    side = forms.CharField(
        label=gettext_lazy("The address of your page"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Copy it from the browser's address line, and we look whether it may show the form."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )


class KeyView(CoordinationView):
    """A screen of one key, which the asker looks after."""

    section = "embed_keys"
    key: EmbedKey

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Note the key's name for the gate, which is asked after the municipality's."""
        self.uuid: UUID = kwargs.pop("uuid")
        return super().dispatch(request, *args, **kwargs)

    def find(self) -> EmbedKey:
        """Return the key of this municipality.

        Raises:
            Http404: it is another's, or there is none.
        """
        key = embed_key_for(self.principal, self.uuid)
        if key.municipality_id != self.municipality.pk:
            raise Http404(str(self.uuid))
        return key

    def profiles(self) -> list[tuple[str, str]]:
        """Return the profiles to choose between: slug and title."""
        return [(release.profile.slug, release.document.title) for release in embeddable()]

    def draw(self, name: str, key: EmbedKey, context: dict[str, Any], *, title: str, status: int = 200) -> HttpResponse:
        """Draw a screen with what all of them say about the key."""
        shared = {"key": key, "name": name_of(key), "state_label": state_of(key), "state_kind": _KINDS[key.state]}
        addresses = {
            "key_url": self.url("embed_key", key.uuid),
            "keys_url": self.url("embed_keys"),
            "trial_url": self.url("embed_key_trial", key.uuid),
            "rotate_url": self.url("embed_key_rotate", key.uuid),
            "revoke_url": self.url("embed_key_revoke", key.uuid),
        }
        template = f"desk/coordination/embed_keys/{name}.html"
        return self.screen(template, {**shared, **addresses, **context}, title=title, status=status)


class EmbedKeysView(CoordinationView):
    """All keys of the municipality, those that work first."""

    section = "embed_keys"

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them; below stands the form that makes one."""
        return self._draw(KeyForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make a key."""
        form = KeyForm(request.POST)
        if form.is_valid():
            try:
                key = create_embed_key(municipality=self.municipality, actor=request.user, **form.cleaned_data)
            except RefusedError as error:
                form.add_error("label", str(error))
            else:
                messages.success(request, _("The key has been made. Copy the HTML below onto your page."))
                return self.to("embed_key", key.uuid)
        return self._draw(form, status=400)

    def _draw(self, form: KeyForm, *, status: int = 200) -> HttpResponse:
        keys = EmbedKey.objects.visible_to(self.principal).filter(municipality=self.municipality)
        rows = [
            {
                "name": name_of(key),
                "url": self.url("embed_key", key.uuid),
                "state_label": state_of(key),
                "state_kind": _KINDS[key.state],
                "created": key.created,
            }
            for key in sorted(keys.order_by("-created", "-pk"), key=lambda key: not key.is_in_force)
        ]
        context = {
            "rows": rows,
            "form": form,
            "origins": embed_origins(self.municipality),
        }
        return self.screen("desk/coordination/embed_keys/list.html", context, status=status)


class EmbedKeyView(KeyView):
    """One key: the HTML to copy, and what can be done with it."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw the HTML for the chosen profile."""
        key = self.find()
        form = ProfileForm(request.GET or {}, choices=self.profiles())
        chosen = form.chosen()
        html = embed_html(key, slug=chosen[0], title=chosen[1]) if chosen and key.is_in_force else ""
        title = chosen[1] if chosen else ""
        return self.draw("key", key, {"form": form, "profile": title, "html": html}, title=name_of(key))


class EmbedKeyTrialView(KeyView):
    """The form in a frame, as the municipality's own page shows it, and what stands in its way there."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Look for the usual mistakes, and frame the form."""
        key = self.find()
        form = TrialForm(request.GET or {}, choices=self.profiles())
        chosen = form.chosen()
        side = form.cleaned_data.get("side", "")
        context = {
            "form": form,
            "profile": chosen[1] if chosen else "",
            "frame_url": trial_path(key, chosen[0]) if chosen else "",
            "findings": findings(key, page=side),
        }
        return self.draw("trial", key, context, title=_("Try it out"))


class EmbedKeyRotateView(KeyView):
    """A new key in place of an old one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask for how long both shall work."""
        return self._draw(self.find(), RotateForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make the new key."""
        key, form = self.find(), RotateForm(request.POST)
        if not form.is_valid():
            return self._draw(key, form, status=400)
        try:
            made = rotate_embed_key(key=key, actor=request.user, overlap=dt.timedelta(days=form.cleaned_data["days"]))
        except RefusedError as error:
            messages.error(request, str(error))
            return self.to("embed_key", key.uuid)
        messages.success(request, _("This is the new key. Put its HTML on your pages in place of the old one."))
        return self.to("embed_key", made.uuid)

    def _draw(self, key: EmbedKey, form: RotateForm, *, status: int = 200) -> HttpResponse:
        return self.draw("rotate", key, {"form": form}, title=_("Change the key"), status=status)


class EmbedKeyRevokeView(KeyView):
    """The end of a key."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask, and say what visitors will see."""
        return self.draw("revoke", self.find(), {}, title=_("Close the key"))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Close it."""
        revoke_embed_key(key=self.find(), actor=request.user)
        messages.success(request, _("The key has been closed. Pages with it do not show the form any more."))
        return self.to("embed_keys")


def name_of(key: EmbedKey) -> str:
    """Return what the key is called; those made by a command have the day only."""
    return key.label or _("Key of %(day)s") % {"day": long_date(timezone.localtime(key.created))}


def state_of(key: EmbedKey) -> str:
    """Return the state in words, with the day where one is set."""
    if key.state == KeyState.ENDING and key.ends_at is not None:
        return _("Works until %(day)s") % {"day": long_date(timezone.localtime(key.ends_at))}
    return str(key.state.label)


urlpatterns: list[URLPattern] = [
    path("indlejring/", EmbedKeysView.as_view(), name="embed_keys"),
    path("indlejring/<uuid:uuid>/", EmbedKeyView.as_view(), name="embed_key"),
    path("indlejring/<uuid:uuid>/proev/", EmbedKeyTrialView.as_view(), name="embed_key_trial"),
    path("indlejring/<uuid:uuid>/skift/", EmbedKeyRotateView.as_view(), name="embed_key_rotate"),
    path("indlejring/<uuid:uuid>/luk/", EmbedKeyRevokeView.as_view(), name="embed_key_revoke"),
]
