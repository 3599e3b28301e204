"""How the tests read and change the page."""

from typing import Any

from django.test import Client

from portal.pages.models import StandardPage

ADDRESS = "/om/privatliv/"


def state(client: Client, address: str = ADDRESS, **headers: Any) -> str:
    response = client.get(address, headers=headers or None)
    return response.get("X-Page-Cache", "") or str(response.status_code)


def text(client: Client, address: str = ADDRESS) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def republish(page: StandardPage, lead: str) -> None:
    page = StandardPage.objects.get(pk=page.pk)
    page.lead = lead
    page.save_revision().publish()
