"""The addresses of login and account, one by one.

Not `allauth.urls` as a whole: an address that is not listed cannot tell a known e-mail from an unknown one. The names are
allauth's, since its own code asks for them.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import urls as outside
from allauth.urls import build_provider_urlpatterns
from django.urls import include, path

from portal.accounts.connections import views as own_login

urlpatterns = [
    path("log-ind/", account.login, name="account_login"),
    path("log-ud/", account.logout, name="account_logout"),
    path("lukket/", account.account_inactive, name="account_inactive"),
    path("opret/", account.signup, name="account_signup"),
    path("bekraeft-dig/", account.reauthenticate, name="account_reauthenticate"),
    path("email/", account.email, name="account_email"),
    path("adgangskode/", account.password_change, name="account_change_password"),
    path("adgangskode/vaelg/", account.password_set, name="account_set_password"),
    path("adgangskode/glemt/", account.password_reset, name="account_reset_password"),
    path("sikkerhed/", mfa.index, name="mfa_index"),
    path("sikkerhed/kode/", mfa.authenticate, name="mfa_authenticate"),
    path("sikkerhed/bekraeft/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("sikkerhed/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("sikkerhed/app/fjern/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("sikkerhed/koder/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("sikkerhed/koder/nye/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("sikkerhed/koder/hent/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("sikkerhed/noegler/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("sikkerhed/noegler/ny/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("sikkerhed/noegler/bekraeft/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("sikkerhed/noegler/log-ind/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("sikkerhed/noegler/<int:pk>/fjern/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("sikkerhed/noegler/<int:pk>/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("kommune/", own_login.choose, name="own_login"),
    path("andre/", include(outside)),
    *build_provider_urlpatterns(),
]
