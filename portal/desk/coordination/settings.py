"""What the municipality decides for itself."""

from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk.coordination.form_screens import FormScreen
from portal.desk.coordination.forms import SettingsForm
from portal.organisations.api import save_municipality_settings, settings_of


class SettingsView(FormScreen):
    """The settings in one form."""

    section = "settings"
    form_class = SettingsForm
    title = gettext_lazy("Settings")
    lead = gettext_lazy("They apply to the whole municipality, and every change is written down.")
    submit = gettext_lazy("Save")

    def form(self, data: Any) -> Any:
        """Return the form with what is stored."""
        return SettingsForm(data, instance=settings_of(self.municipality))

    def act(self, form: Any) -> HttpResponse:
        """Store them."""
        save_municipality_settings(municipality=self.municipality, actor=self.request.user, **form.cleaned_data)
        self.say(_("The settings are saved."))
        return self.to("settings")

    def cancel_url(self) -> str:
        """Return the overview."""
        return self.url("overview")

    def draw(self, form: Any) -> HttpResponse:
        """Draw the screen as the menu's own."""
        shared = {"form": form, "title": self.heading(), "lead": self.lead, "submit": self.submit}
        return self.screen(self.template, {**shared, "cancel_url": self.cancel_url()})


urlpatterns: list[URLPattern] = [path("indstillinger/", SettingsView.as_view(), name="settings")]
