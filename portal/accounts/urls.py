"""The addresses of login and account, one by one.

Not `allauth.urls` as a whole: an address that is not listed cannot tell a known e-mail from an unknown one. The names are
allauth's, since its own code asks for them.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.webauthn import views as webauthn
from allauth.urls import build_provider_urlpatterns
from django.urls import include, path
from django.views.generic import RedirectView

from portal.accounts import login_views as views
from portal.accounts import registration

_LOGIN = [
    path("", RedirectView.as_view(pattern_name="mfa_index")),
    path("log-ind/", account.login, name="account_login"),
    path("log-ud/", account.logout, name="account_logout"),
    path("lukket/", account.account_inactive, name="account_inactive"),
    path("bekraeft-dig/", account.reauthenticate, name="account_reauthenticate"),
    path("opret/", registration.SignupView.as_view(), name="account_signup"),
    path("opret/sendt/", registration.SentView.as_view(), name="account_email_verification_sent"),
    path("opret/<str:token>/", registration.ConfirmSignupView.as_view(), name="account_confirm_signup"),
    path("email/", registration.MoveView.as_view(), name="account_email"),
    path("email/sendt/", registration.SentView.as_view(), name="account_email_sent"),
    path("email/<str:token>/", registration.ConfirmMoveView.as_view(), name="account_confirm_email"),
    path("adgangskode/", views.ChangePasswordView.as_view(), name="account_change_password"),
    path("adgangskode/vaelg/", account.password_set, name="account_set_password"),
    path("adgangskode/glemt/", registration.ResetView.as_view(), name="account_reset_password"),
    path("adgangskode/glemt/sendt/", registration.SentView.as_view(), name="account_reset_password_done"),
    path(
        "adgangskode/ny/<str:token>/", registration.ConfirmResetView.as_view(), name="account_reset_password_from_key"
    ),
]

_FACTORS = [
    path("", views.SecurityView.as_view(), name="mfa_index"),
    path("kode/", views.AuthenticateView.as_view(), name="mfa_authenticate"),
    path("bekraeft/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("app/", views.ActivateAppView.as_view(), name="mfa_activate_totp"),
    path("app/fjern/", views.DeactivateAppView.as_view(), name="mfa_deactivate_totp"),
    path("koder/", views.RecoveryCodesView.as_view(), name="mfa_view_recovery_codes"),
    path("koder/nye/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("koder/hent/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    # The page above lists the keys.
    path("noegler/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("noegler/ny/", views.AddPasskeyView.as_view(), name="mfa_add_webauthn"),
    path("noegler/bekraeft/", views.ReauthenticatePasskeyView.as_view(), name="mfa_reauthenticate_webauthn"),
    path("noegler/log-ind/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("noegler/<int:pk>/fjern/", views.RemovePasskeyView.as_view(), name="mfa_remove_webauthn"),
    path("noegler/<int:pk>/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
]

urlpatterns = [
    *_LOGIN,
    path("sikkerhed/", include(_FACTORS)),
    *build_provider_urlpatterns(),
]
