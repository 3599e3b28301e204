"""Nothing leads from an answer to a person: no cookie, no session, no log, no time, no order."""

import logging
import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import connection, models
from django.test import Client

from portal.core.models import AuditEntry, OutboxMessage
from profilecatalog.assessment.models import Answer, Response, ResponseRelease, Round, UsedToken
from profilecatalog.assessment.services.scatter import scatter
from tests.assessment.pages import draw, embed_url, filled, public_url
from tests.factories.assessment import answers, embed_key, level, municipality, profile, release_of, respond

ANSWER_TABLES = (Response, ResponseRelease, Answer, UsedToken)


def signed_in() -> Client:
    user = get_user_model().objects.create_user(email="ada@example.test", password="en lang adgangskode")
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.django_db
def test_no_cookie_is_set_and_none_is_read() -> None:
    page = profile()
    release = release_of(page)
    for url in (public_url(page), embed_url(page, embed_key(municipality()))):
        for client in (Client(), signed_in() if url.startswith("/selv") else Client()):
            got = client.get(url)
            sent = client.post(url, filled(release, "2", token=draw(url, client)))
            assert (got.status_code, sent.status_code) == (200, 200)
            for response in (got, sent):
                assert not response.cookies
                assert not response.wsgi_request.session.accessed
                assert "Cookie" not in response.get("Vary", "")


@pytest.mark.django_db
def test_a_signed_in_person_leaves_no_trace() -> None:
    page = profile()
    url = public_url(page)
    client = signed_in()
    before = [model.objects.count() for model in (AuditEntry, OutboxMessage, Session)]
    client.post(url, filled(release_of(page), "2", token=draw(url, client), municipality="0461"))
    assert Response.objects.count() == 1
    assert [model.objects.count() for model in (AuditEntry, OutboxMessage, Session)] == before
    assert "ada@example.test" not in client.get(url).content.decode()


@pytest.mark.django_db
def test_the_answer_tables_hold_no_time_no_counter_and_no_person() -> None:
    people = {get_user_model(), Session}
    for model in ANSWER_TABLES:
        for field in model._meta.get_fields():
            assert not isinstance(field, models.DateTimeField | models.TimeField | models.AutoField), field
            assert not isinstance(field, models.GenericIPAddressField), field
            assert not (isinstance(field, models.ForeignKey) and field.related_model in people), field
        assert not isinstance(model._meta.pk, models.AutoField)
        assert model._meta.ordering in (["id"], ["digest"])
    dates = {
        (m.__name__, f.name) for m in ANSWER_TABLES for f in m._meta.get_fields() if isinstance(f, models.DateField)
    }
    assert dates == {("UsedToken", "expires_on")}
    assert not {f for f in UsedToken._meta.get_fields() if f.is_relation}


@pytest.mark.django_db
def test_a_response_knows_its_week_and_a_finer_time_is_refused_by_the_database() -> None:
    from django.db import IntegrityError, transaction

    page = profile()
    (stored,) = respond(release_of(page), [answers(release_of(page), level(2))])
    assert re.fullmatch(r"\d{4}-W\d\d", stored.week)
    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.filter(pk=stored.pk).update(week="20261121")


@pytest.mark.django_db
def test_addresses_do_not_reach_the_logs(caplog: Any) -> None:
    page = profile()
    url = embed_url(page, embed_key(municipality()))
    with caplog.at_level(logging.DEBUG):
        Client().get(url)
        Client().post(url, filled(release_of(page), "2", token=draw(url)))
        Client().post(url, {"token": "x"})
        Client().post(url, {})
        Client().get("/indlejret/forkert/profil/")
        Client().get("/findes-slet-ikke/")
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("django.request")]
    # The negative control: any other address does leave a line.
    assert any("findes-slet-ikke" in line for line in lines)
    assert not any("indlejret" in line or page.slug in line for line in lines)


@pytest.mark.django_db(transaction=True)
@pytest.mark.every_database
def test_scattering_wipes_the_order_of_arrival() -> None:
    page = profile(competences=1)
    release = release_of(page)
    stored = respond(release, [answers(release, level(1 + number % 4)) for number in range(30)])
    arrived = [str(response.pk) for response in stored]
    places_of = {
        "postgresql": "SELECT id FROM assessment_response ORDER BY ctid",
        "sqlite": "SELECT id FROM assessment_response ORDER BY rowid",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(places_of)
        # The negative control: before, the place tells the order.
        assert [_uuid(row[0]) for row in cursor.fetchall()] == arrived
        scatter()
        cursor.execute(places_of)
        places = [_uuid(row[0]) for row in cursor.fetchall()]
        assert sorted(places) == sorted(arrived)
        assert places != arrived
        if connection.vendor == "postgresql":
            cursor.execute("SELECT count(DISTINCT xmin::text) FROM assessment_response")
            assert cursor.fetchone() == (1,)
    assert Answer.objects.filter(response__in=stored).count() == 30
    assert Round.objects.count() == 1


def _uuid(value: Any) -> str:
    import uuid

    return str(uuid.UUID(str(value)))
