"""The suite's settings: fast and closed. `DATABASE_URL` chooses another engine than the embedded one."""

from portal.settings.base import *  # noqa: F403
from portal.settings.env import BASE_DIR
from portal.settings.integrations.database import database

DEBUG = False
SECRET_KEY = "for-tests-only-and-long-enough-to-pass-the-deployment-check-00000"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
DATABASES = {"default": database(default=f"sqlite:///{BASE_DIR / 'var' / 'test.sqlite3'}")}
WAGTAILADMIN_BASE_URL = "http://testserver"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    # The manifest storage needs collected files and breaks the admin's tests.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
WHITENOISE_AUTOREFRESH = True
# Rules that a test makes are in force at once, and nothing is written behind a test's back.
SEARCH_WORDS_MAX_AGE = 0
SEARCH_USAGE_INTERVAL = 0
# Whatever the environment says: a test asks for a server by its fixture.
ELASTICSEARCH_URL = ELASTICSEARCH_USERNAME = ELASTICSEARCH_PASSWORD = ELASTICSEARCH_API_KEY = ""
ELASTICSEARCH_CA_CERTS = ""
