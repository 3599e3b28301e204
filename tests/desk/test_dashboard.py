"""The editors' dashboard: what waits for me, and not what waits for somebody else."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from portal.core import outbox
from portal.core.models import OutboxMessage, PageGovernance
from portal.core.models.outbox import OutboxState
from portal.core.roles import Role
from tests.factories import pages as make
from tests.factories.accounts import administrator, editor, holder, user

pytestmark = pytest.mark.django_db
YESTERDAY = localdate() - dt.timedelta(days=1)


def home(client: Client) -> str:
    response = client.get(reverse("wagtailadmin_home"))
    assert response.status_code == 200
    return response.content.decode()


def waiting(client: Client) -> str:
    html = home(client)
    start = html.index('id="waiting')
    return html[start : html.index("</section>", start)]


def dead_message() -> OutboxMessage:
    from django.db import transaction

    with transaction.atomic():
        message = outbox.enqueue("mail", {"to": "a@b.example", "subject": "Hej", "text": "Hej"})
    OutboxMessage.objects.filter(pk=message.pk).update(state=OutboxState.DEAD, attempts=10, last_error="Nej")
    message.refresh_from_db()
    return message


def test_nothing_waits(client: Client) -> None:
    client.force_login(editor())
    panel = waiting(client)
    assert "Det, der venter på mig" in panel
    assert "Intet venter på dig." in panel


def test_pages_to_read_again_are_mine_or_nobodys_and_due(client: Client) -> None:
    me, colleague, gone = editor(), editor("kollega@hk.example"), user("gaaet@hk.example", is_active=False)
    cases = {"Min": me, "Ingens": None, "Gået kollegas": gone, "Kollegas": colleague}
    for title, responsible in cases.items():
        page = make.standard_page(title)
        PageGovernance.objects.create(page=page.page_ptr, responsible=responsible, review_on=YESTERDAY)
    later = make.standard_page("Senere")
    tomorrow = localdate() + dt.timedelta(days=1)
    PageGovernance.objects.create(page=later.page_ptr, responsible=me, review_on=tomorrow)
    client.force_login(me)
    panel = waiting(client)
    for title in ("Min", "Ingens", "Gået kollegas"):
        assert f">{title}</a>" in panel
    for title in ("Kollegas", "Senere"):
        assert f">{title}</a>" not in panel


def test_a_page_that_i_may_not_edit_is_not_mine_to_read(client: Client) -> None:
    page = make.standard_page("Fremmed")
    PageGovernance.objects.create(page=page.page_ptr, review_on=YESTERDAY)
    client.force_login(holder(Role.PROVIDER, provider="skolen"))
    assert "Fremmed" not in waiting(client)


def test_my_drafts_are_those_that_i_saved_last(client: Client) -> None:
    me, colleague = editor(), editor("kollega@hk.example")
    for title, writer in (("Min kladde", me), ("Kollegas kladde", colleague)):
        page = make.standard_page(title, published=False)
        page.save_revision(user=writer)
    published = make.standard_page("Udgivet")
    published.save_revision(user=me).publish()
    client.force_login(me)
    panel = waiting(client)
    assert "Min kladde" in panel
    assert "Kollegas kladde" not in panel
    assert "Udgivet" not in panel


def test_a_long_list_says_that_it_goes_on(client: Client) -> None:
    me = editor()
    for number in range(12):
        make.standard_page(f"Kladde {number:02}", published=False).save_revision(user=me)
    client.force_login(me)
    panel = waiting(client)
    assert panel.count("Kladde ") == 10
    assert "Der er flere, end listen viser." in panel


def test_messages_that_gave_up_wait_for_administrators_only(client: Client) -> None:
    dead_message()
    client.force_login(editor())
    assert "kunne ikke sendes" not in home(client)
    client.force_login(administrator())
    panel = waiting(client)
    assert "1 besked kunne ikke sendes" in panel
    assert f"{reverse('outbox:index')}?state=dead" in panel
