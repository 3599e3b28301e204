"""Tell every editor of every party that somebody published past the policy: one mail each, in the same transaction."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal.core.mail import queue_mail
from portal.editorial.models import ExceptionalPublication
from portal.editorial.tasks.approvals import editors
from portal.organisations.api import Party


def tell_everybody(exception: ExceptionalPublication) -> None:
    """Queue the mails; in Danish, since they are one text to all."""
    parties = Party.objects.order_by("key").values_list("key", flat=True)
    base = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
    with translation.override(settings.LANGUAGE_CODE):
        title = exception.page.get_admin_display_title()
        subject = _("Published in an emergency: %(title)s") % {"title": title}
        link = base + reverse("wagtailadmin_pages:edit", args=[exception.page_id])
        context = {"exception": exception, "title": title, "link": link}
        text = render_to_string("editorial/mails/emergency.txt", context)
        html = render_to_string("editorial/mails/emergency.html", {**context, "language": settings.LANGUAGE_CODE})
        for user in editors(parties):
            if user.email:
                key = f"editorial.emergency:{exception.pk}:{user.uuid}"
                queue_mail(to=user.email, subject=subject, text=text, html=html, key=key)
