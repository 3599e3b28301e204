"""The app of own logins."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConnectionsConfig(AppConfig):
    """OpenID Connect and SAML, by configuration."""

    name = "portal.accounts.connections"
    label = "connections"
    verbose_name = _("Own logins")

    def ready(self) -> None:
        from portal.accounts.connections import checks, receivers  # noqa: F401
        from portal.accounts.connections.models import SamlArrival
        from portal.accounts.connections.saml.arrivals import arrivals_forget
        from portal.core import page_cache, periodic

        page_cache.ignore(SamlArrival)
        periodic.register("own-login-arrivals", timedelta(minutes=5), arrivals_forget)
