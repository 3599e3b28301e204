"""What allauth asks about outside logins."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from portal.accounts.connections.configuration import Connection, OidcConnection, connection_named, connections
from portal.accounts.connections.identities import STATE_KEY, Statement, statement_in
from portal.accounts.connections.provisioning import account_open, arrive, note_identity
from portal.accounts.connections.refusals import LoginRefusedError, Reason, refuse, refuse_on_record
from portal.accounts.models import User


def app_of(connection: Connection) -> SocialApp:
    """Return a connection in the form that allauth knows; it is never stored."""
    if isinstance(connection, OidcConnection):
        return SocialApp(
            provider="openid_connect",
            provider_id=connection.key,
            name=connection.name,
            client_id=connection.client_id,
            secret=connection.client_secret,
            settings={
                "server_url": connection.issuer,
                "oauth_pkce_enabled": True,
                "scope": ["openid", "profile", "email"],
            },
        )
    return SocialApp(
        provider="saml", provider_id=connection.key, name=connection.name, client_id=connection.key, settings={}
    )


class OwnLoginAdapter(DefaultSocialAccountAdapter):
    """The file is the only source of connections: a row in the database could point a known key at another provider."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Return what is configured."""
        apps = [app_of(connection) for connection in connections()]
        if provider:
            apps = [app for app in apps if provider in (app.provider, app.provider_id)]
        return [app for app in apps if not client_id or app.client_id == client_id]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let nobody in whose answer was not asked for by this session, or whose account is closed."""
        statement: Statement = sociallogin.statement
        try:
            _check(request, sociallogin)
        except LoginRefusedError as error:
            raise refuse_on_record(request, connection_named(statement.connection), error) from error
        # Nothing of ours calls the provider later, so that its token would be a secret kept for nothing.
        sociallogin.token = None
        sociallogin.state[STATE_KEY] = statement.as_state()
        if sociallogin.is_existing and sociallogin.state.get("process") == AuthProcess.LOGIN:
            arrive(user=sociallogin.user, statement=statement)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Open, whatever holds for registering by oneself: the municipality vouches for its people."""
        return statement_in(sociallogin.state) is not None

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never ask for anything: what the provider does not say, we do not need."""
        return True

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """Make the account, its identity and what it may do in one transaction."""
        statement = Statement(**sociallogin.state[STATE_KEY])
        try:
            with transaction.atomic():
                sociallogin.user = account_open(statement=statement)
                sociallogin.save(request)
                note_identity(user=sociallogin.user, account=sociallogin.account, action="identity.connect")
                arrive(user=sociallogin.user, statement=statement)
        except IntegrityError as error:
            # The same person arrived twice at once; the other one made the account.
            stale = LoginRefusedError(Reason.STALE, "two first logins at once")
            raise ImmediateHttpResponse(refuse(request, connection_named(statement.connection), stale)) from error
        return sociallogin.user

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Show our page instead of allauth's, which tells less and in the wrong words."""
        connection = connection_named(provider.app.provider_id)
        if isinstance(exception, LoginRefusedError):
            raise refuse_on_record(request, connection, exception)
        raise ImmediateHttpResponse(refuse(request, connection, _told_by_allauth(error, exception, extra_context)))


def _check(request: HttpRequest, login: SocialLogin) -> None:
    if login.state.get("process") not in (AuthProcess.LOGIN, AuthProcess.CONNECT):
        raise LoginRefusedError(Reason.STALE, "unknown process")
    if (nonce := getattr(login, "nonce", None)) is not None and nonce != login.state.get("nonce"):
        raise LoginRefusedError(Reason.NOT_TRUSTED, "the nonce is not the one that was sent")
    if login.is_existing and not login.user.is_active:
        raise LoginRefusedError(Reason.CLOSED)
    if login.is_existing and login.state["process"] == AuthProcess.CONNECT and login.user != request.user:
        raise LoginRefusedError(Reason.TAKEN)


def _told_by_allauth(
    error: str | None, exception: Exception | None, context: dict[str, Any] | None
) -> LoginRefusedError:
    """Translate allauth's own errors; without a state the answer belongs to no login that this session began."""
    if error == AuthError.CANCELLED:
        return LoginRefusedError(Reason.CANCELLED)
    if "state_id" in (context or {}) and exception is None:
        return LoginRefusedError(Reason.STALE, "no such state in this session")
    return LoginRefusedError(Reason.NOT_TRUSTED, f"{type(exception).__name__}: {exception}" if exception else "error")
