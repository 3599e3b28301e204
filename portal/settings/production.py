"""Production: everything from the environment; a missing value stops the start instead of opening a door."""

from pathlib import Path

from portal.settings import env
from portal.settings.base import *  # noqa: F403
from portal.settings.integrations.database import database

DEBUG = False
SECRET_KEY = env.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS", "")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
DATABASES = {"default": database()}
WAGTAILADMIN_BASE_URL = env.text("BASE_URL")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", "")
EMAIL_HOST = env.text("EMAIL_HOST")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("DEFAULT_FROM_EMAIL")
# Elsewhere the database answers searches; in production that is for the minutes in which Elasticsearch does not.
ELASTICSEARCH_URL = env.text("ELASTICSEARCH_URL")
MEDIA_ROOT = Path(env.text("MEDIA_ROOT"))
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(STATIC_ROOT)))  # noqa: F405
PAGE_CACHE = env.flag("PAGE_CACHE", default=True)
LINK_CHECK = env.flag("LINK_CHECK", default=True)
LINK_CHECK_ALLOWED_NETWORKS = tuple(env.words("LINK_CHECK_ALLOWED_NETWORKS", ""))

SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
if env.flag("BEHIND_PROXY", default=True):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Limits count by the visitor's address: behind a proxy the last one in X-Forwarded-For, which the visitor cannot choose.
    ALLAUTH_TRUSTED_PROXY_COUNT = env.number("PROXY_COUNT", 1)
SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
}
