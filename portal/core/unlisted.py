"""Pages behind the links of mails: for whoever has the link, and for nobody else to find."""

from django.http import HttpResponse


def unlisted(response: HttpResponse) -> HttpResponse:
    """Keep a page out of search engines, and its address out of other sites' logs.

    Not "no-referrer": under it a browser sends `Origin: null` with the page's own form, and the form is refused as forged.
    """
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
