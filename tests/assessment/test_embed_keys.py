"""Keys of municipalities: changed without a gap, closed for good, looked after by their own, tried out without a trace."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client
from django.utils import timezone

from portal.accounts.api import principal_of
from portal.core.errors import RefusedError
from portal.core.models import AuditEntry
from portal.core.principal import ANONYMOUS
from profilecatalog.assessment.api import (
    EmbedKey,
    KeyState,
    Response,
    create_embed_key,
    embed_key_for,
    embeddable,
    findings,
    revoke_embed_key,
    rotate_embed_key,
    trial_path,
)
from profilecatalog.assessment.models import UsedToken
from tests.assessment.pages import draw, embed_url, filled
from tests.assessment.test_headers import ancestors
from tests.factories.accounts import administrator, coordinator, manager
from tests.factories.assessment import AARHUS, embed_key, municipality, profile, release_of
from tests.factories.organisations import unit

pytestmark = pytest.mark.django_db


def status(page: Any, key: EmbedKey) -> int:
    return Client().get(embed_url(page, key)).status_code


def test_a_changed_key_works_on_for_a_while_beside_its_successor() -> None:
    page, old = profile(), embed_key(municipality())
    new = rotate_embed_key(key=old, actor=None)
    assert new.public_id != old.public_id
    assert (status(page, old), status(page, new)) == (200, 200)
    old.refresh_from_db()
    assert old.state == KeyState.ENDING
    assert dt.timedelta(days=13) < old.ends_at - timezone.now() <= dt.timedelta(days=14)
    EmbedKey.objects.filter(pk=old.pk).update(ends_at=timezone.now())
    assert (status(page, old), status(page, new)) == (404, 200)
    assert EmbedKey.objects.get(pk=old.pk).state == KeyState.ENDED
    acts = AuditEntry.objects.filter(object_key=str(old.uuid)).values_list("action", flat=True)
    assert set(acts) == {"assessment.embed_key_created", "assessment.embed_key_ends"}


def test_changed_at_once_the_old_one_is_closed() -> None:
    page, old = profile(), embed_key(municipality())
    new = rotate_embed_key(key=old, actor=None, overlap=dt.timedelta())
    assert (status(page, old), status(page, new)) == (404, 200)


def test_a_form_that_is_open_under_the_old_key_can_be_sent_while_it_works() -> None:
    page, old = profile(), embed_key(municipality())
    url = embed_url(page, old)
    token = draw(url)
    rotate_embed_key(key=old, actor=None)
    assert Client().post(url, filled(release_of(page), "2", token=token)).status_code == 200
    assert Response.objects.count() == 1


def test_asked_twice_there_is_one_successor_and_a_dead_key_has_none() -> None:
    key = embed_key(municipality())
    assert rotate_embed_key(key=key, actor=None) == rotate_embed_key(key=key, actor=None)
    dead = embed_key(municipality())
    revoke_embed_key(key=dead, actor=None)
    with pytest.raises(RefusedError):
        rotate_embed_key(key=dead, actor=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        EmbedKey.objects.create(municipality=municipality(), public_id="x", replaces=key)


def test_two_keys_of_one_name_are_one_too_many() -> None:
    create_embed_key(municipality=municipality(), actor=None, label="Intranet")
    create_embed_key(municipality=municipality(AARHUS), actor=None, label="Intranet")
    with pytest.raises(RefusedError):
        create_embed_key(municipality=municipality(), actor=None, label="Intranet")
    assert EmbedKey.objects.filter(label="Intranet").count() == 2


def test_a_key_is_found_by_those_who_look_after_its_municipality() -> None:
    here = municipality()
    key, foreign = embed_key(here), embed_key(municipality(AARHUS))
    boss = principal_of(coordinator(here), strong=True)
    assert embed_key_for(boss, key.uuid) == key
    assert list(EmbedKey.objects.visible_to(boss)) == [key]
    with pytest.raises(Http404):
        embed_key_for(boss, foreign.uuid)
    assert embed_key_for(principal_of(administrator(), strong=True), foreign.uuid) == foreign
    for other in (ANONYMOUS, principal_of(manager(unit(municipality=here)), strong=True)):
        assert not EmbedKey.objects.visible_to(other).exists()


def test_the_test_page_s_address_may_be_framed_by_our_own_pages_and_no_other_address_may() -> None:
    page, key = profile(), embed_key(municipality(embed_origins="https://intranet.odense.dk"))
    other = embed_key(municipality(AARHUS))
    trial = trial_path(key, page.slug)
    assert ancestors(Client().get(trial)) == {"'self'", "https://intranet.odense.dk"}
    strange = [f"{embed_url(page, other)}?{trial.partition('?')[2]}", f"{embed_url(page, other)}?proeve=x"]
    for url in strange:
        assert ancestors(Client().get(url)) == {"'none'"}


def test_what_is_sent_on_the_test_page_leaves_nothing() -> None:
    page, key = profile(), embed_key(municipality())
    url = trial_path(key, page.slug)
    form = Client().get(url).content.decode()
    assert "Det her er en prøve" in form
    result = Client().post(f"{url}&send", filled(release_of(page), "2", token=draw(url))).content.decode()
    assert "Dit resultat" in result
    assert "Det var en prøve." in result
    assert (Response.objects.count(), UsedToken.objects.count()) == (0, 0)


def test_a_trial_that_is_too_old_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    page, key = profile(), embed_key(municipality())
    trial = trial_path(key, page.slug)
    monkeypatch.setattr("profilecatalog.assessment.tokens.TRIAL_AGE", dt.timedelta(seconds=-1))
    assert ancestors(Client().get(trial)) == {"'none'"}


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://intranet.odense.dk/hr/kompetencer?x=1", ""),
        ("https://INTRANET.odense.dk", ""),
        ("http://intranet.odense.dk", "Siden åbnes med http://"),
        ("https://www.intranet.odense.dk", "Siden står ikke på listen"),
        ("https://intranet.odense.dk:8443/", "Siden står ikke på listen"),
        ("intranet.odense.dk", "Vi kan ikke læse sidens adresse"),
        ("https://[", "Vi kan ikke læse sidens adresse"),
        ("javascript:alert(1)", "Vi kan ikke læse sidens adresse"),
    ],
)
def test_the_usual_mistakes_are_found(address: str, said: str) -> None:
    key = embed_key(municipality(embed_origins="https://intranet.odense.dk"))
    wrong = [str(finding.title) for finding in findings(key, page=address) if not finding.ok]
    assert wrong == ([said] if said else [])


def test_what_the_settings_say_is_checked_as_well() -> None:
    key = embed_key(municipality(standing_round_open=False))
    revoke_embed_key(key=key, actor=None)
    key.refresh_from_db()
    wrong = [str(finding.title) for finding in findings(key) if not finding.ok]
    assert wrong == [
        "Nøglen virker ikke mere",
        "Din kommune samler ikke svar lige nu",
        "Ingen side må vise selvvurderingen endnu",
    ]


def test_only_published_profiles_that_ask_something_are_offered() -> None:
    page = profile()
    assert [release.profile_id for release in embeddable()] == [page.pk]
