"""All addresses. Danish at the root, the interface in English under `/en/`; what serves machines has no language."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", include(wagtailadmin_urls)),
    path("dokumenter/", include(wagtaildocs_urls)),
    path("moeder/", include("events.urls")),
]

if settings.DEMO:
    # The mailbox shows everybody's mail: outside the demo the address does not exist.
    urlpatterns += [path("demo/", include("portal.desk.urls"))]
    # In production the web server in front serves what editors upload.
    urlpatterns += [re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT})]

urlpatterns += i18n_patterns(
    path("", include("portal.core.urls")),
    path("", include("search.urls")),
    path("konto/", include("portal.accounts.urls")),
    path("invitation/", include("portal.accounts.invitations.urls")),
    path("kontaktkort/", include("portal.contacts.urls")),
    path("arrangoer/godkend/", include("events.approvals.urls")),
    path("tilmelding/gruppe/", include("events.groups.urls")),
    path("tilmelding/", include("events.signup.urls")),
    path("nyt-om-moeder/", include("events.news.urls")),
    path("arrangoer/", include("events.running.urls")),
    path("doer/", include("events.running.door_urls")),
    path("efter-moedet/", include("events.pulse.urls")),
    path("min-side/", include("portal.desk.my_page.urls")),
    path("min-kommune/", include("portal.desk.coordination.urls")),
    path("", include("portal.desk.people.urls")),
    path("", include("profilecatalog.assessment.urls")),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
