"""`make demo`: everything embedded, nothing leaves the machine. Never for production: the key is public."""

from pathlib import Path

from portal.settings import env
from portal.settings.base import *  # noqa: F403
from portal.settings.env import BASE_DIR
from portal.settings.integrations.database import database

DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = "demo-only-and-public-never-use-this-key-for-real-people"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
(BASE_DIR / "var").mkdir(exist_ok=True)
DATABASES = {"default": database(default=f"sqlite:///{BASE_DIR / 'var' / 'demo.sqlite3'}")}
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / "var" / "static")))
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(BASE_DIR / "var" / "media")))
WAGTAILADMIN_BASE_URL = env.text("BASE_URL", "http://127.0.0.1:8000")
# The outbox keeps what it sent; the mailbox page shows it.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
DEMO = True
PAGE_CACHE = not DEBUG
PAGE_CACHE_FILE = str(BASE_DIR / "var" / "page-cache-generation")
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
