"""What both kinds of provider share."""

from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.http import HttpRequest

from portal.accounts.connections.identities import Statement


class StatementProvider:
    """What both kinds of provider do with a statement: allauth gets the identity, and no address to find anybody by."""

    app: Any
    id: str

    def extract_uid(self, data: Statement) -> str:
        """Return the stored form of the identity."""
        return data.uid

    def extract_extra_data(self, data: Statement) -> dict[str, Any]:
        """Keep nothing: what the portal needs stands in the account and its memberships."""
        return {}

    def extract_common_fields(self, data: Statement) -> dict[str, Any]:
        """Leave the account to `provisioning.account_open`."""
        return {}

    def extract_email_addresses(self, data: Statement) -> list[Any]:
        """Prove no address to allauth."""
        return []

    def serialize(self) -> dict[str, Any]:
        """Name the connection, not the kind: two providers may have given us the same client id."""
        return {"id": self.app.provider_id, "app.client_id": self.app.client_id}

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Take where to go and nothing else from the request: allauth would let it add scopes, parameters and processes."""
        kwargs: dict[str, Any] = {"process": process_asked(request)}
        if next_url := get_next_redirect_url(request):
            kwargs["next_url"] = next_url
        return kwargs


def process_asked(request: HttpRequest) -> str:
    """Return what the login is for: connecting needs somebody to connect to."""
    asked = request.POST.get("process") or request.GET.get("process")
    connects = asked == AuthProcess.CONNECT and request.user.is_authenticated
    return AuthProcess.CONNECT if connects else AuthProcess.LOGIN
