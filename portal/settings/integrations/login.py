"""Login with django-allauth: e-mail and password, second factors, and what the logins of municipalities build on.

Outside logins (OpenID Connect, SAML) have settings of their own. The views that tell a known address from an unknown
one are not allauth's but ours: see `docs/decisions/0016-login.md` and `portal/accounts/urls.py`.
"""

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my_page:front"
LOGOUT_REDIRECT_URL = "/"
AUTHENTICATION_BACKENDS = ["portal.accounts.backends.EmailBackend"]

ACCOUNT_ADAPTER = "portal.accounts.adapters.PortalAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_CHANGE_EMAIL = True
# Our own registration proves the address before there is an account, so that nothing is left to verify at login.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# The session ends with the browser, as a shared desk in citizens' service asks for.
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
# A municipality's staff comes from one address, all of them in the morning: what is counted by address must let a
# thousand colleagues in, and what is counted by account (`key`) stops who guesses.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "60/m/ip,5/300s/key",
    "signup": "60/m/ip,5/h/key",
    "reset_password": "60/m/ip,5/h/key",
    "reset_password_from_key": "60/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "5/h/user",
    "open_link": "60/m/ip",
    "own_login": "300/m/ip",
    "invitation": "60/m/ip",
    "contact_card": "60/m/ip",
    # By address as well: nobody's mailbox is to be filled by who types her address.
    "guest_sign_up": "60/m/ip,5/h/key,20/d/key",
    "news_subscribe": "60/m/ip,5/h/key",
    # What writes to the people of a sign-up: by who acts, and by address where no account is known behind it.
    "sign_up_by": "60/h/key",
    "sign_up_to": "5/h/key,20/d/key",
    # Refusals of addresses that are not the asker's to know of: what they tell is worth little at this pace.
    "sign_up_refused": "5/h/key,20/d/key",
    # The file is made of everything that the portal knows: nobody needs it often, and it costs much to make.
    "export_data": "5/h/user",
}

# Counts of tries and used codes must be known to all processes at once; what only saves work stays in each one's memory.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "KEY_FUNCTION": "portal.accounts.cache_keys.cache_key",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "renditions": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

MFA_ADAPTER = "portal.accounts.adapters.PortalMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
# A telephone's clock may be half a minute off; `portal.accounts.forms` remembers used codes for as long as they work.
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Kompetenceportalen"
# An account exists for proven addresses only (see above), but those made by a command have no row that says so.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False

ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "login": "portal.accounts.login_forms.LoginForm",
    "reauthenticate": "portal.accounts.login_forms.ReauthenticateForm",
    "change_password": "portal.accounts.login_forms.ChangePasswordForm",
    "set_password": "portal.accounts.login_forms.SetPasswordForm",
}
MFA_FORMS = {
    "authenticate": "portal.accounts.login_forms.AuthenticateForm",
    "reauthenticate": "portal.accounts.login_forms.ReauthenticateCodeForm",
    "activate_totp": "portal.accounts.login_forms.ActivateAppForm",
    "login_webauthn": "portal.accounts.login_forms.LoginPasskeyForm",
    "authenticate_webauthn": "portal.accounts.login_forms.AuthenticatePasskeyForm",
    "reauthenticate_webauthn": "portal.accounts.login_forms.ReauthenticatePasskeyForm",
    "add_webauthn": "portal.accounts.login_forms.AddPasskeyForm",
    "edit_webauthn": "portal.accounts.login_forms.EditPasskeyForm",
}
