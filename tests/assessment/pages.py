"""What several tests of the widget do: draw the form, fill it in, send it."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from profilecatalog.assessment.models import Answer, EmbedKey, Response, ResponseRelease, UsedToken
from profilecatalog.assessment.tokens import sign_embed_key
from profilecatalog.profiles.api import ProfilePage, ProfileRelease

_TOKEN = re.compile(r'name="token" value="([^"]+)"')


def public_url(page: ProfilePage) -> str:
    return reverse("assessment:assess", args=[page.slug])


def embed_url(page: ProfilePage, key: EmbedKey) -> str:
    return reverse("assessment:embed", args=[sign_embed_key(key.public_id), page.slug])


def token_in(response: Any) -> str:
    match = _TOKEN.search(response.content.decode())
    assert match
    return match[1]


def draw(url: str, client: Client | None = None) -> str:
    """Open the form and return its token."""
    response = (client or Client()).get(url)
    assert response.status_code == 200, response.content.decode()
    return token_in(response)


def filled(release: ProfileRelease, *values: str, **more: str) -> dict[str, str]:
    """Return what the browser sends; the last value is repeated for the rest."""
    needs = release.document.needs
    chosen = [*values, *([values[-1]] * len(needs))][: len(needs)]
    return {f"c-{need.item.competence_uuid}": value for need, value in zip(needs, chosen, strict=True)} | more


def rows() -> dict[str, int]:
    """Return how many rows the answer tables hold."""
    return {model.__name__: model.objects.count() for model in (Response, ResponseRelease, Answer, UsedToken)}


NO_ROWS = {"Response": 0, "ResponseRelease": 0, "Answer": 0, "UsedToken": 0}
