"""What the dying children do."""

import os

from django.conf import settings

from portal.core import outbox


def send_mails() -> None:
    """Work as a worker would, with the mail server that the parent listens as."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(os.environ["TEST_SMTP_PORT"])
    outbox.drain()
