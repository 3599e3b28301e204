"""The audit trail outlives its object and its actor."""

import pytest
from django.contrib.auth import get_user_model

from portal.core import audit
from portal.core.models import AuditEntry
from portal.organisations.models import Party

pytestmark = pytest.mark.django_db


def test_an_entry_names_actor_object_and_change_and_outlives_both() -> None:
    user = get_user_model().objects.create_user("redaktoer@hk.example", first_name="Redaktør", last_name="Eksempel")
    party = Party.objects.get(key="hk")
    audit.record(actor=user, action="party.rename", obj=party, before={"name": "HK"}, after={"name": "HK Kommunal"})
    user.delete()
    party.delete()
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.actor_label) == (None, "Redaktør Eksempel")
    assert (entry.object_type, entry.object_label) == ("organisations.party", "HK Kommunal")
    assert (entry.before, entry.after) == ({"name": "HK"}, {"name": "HK Kommunal"})


def test_the_worker_acts_as_the_system() -> None:
    entry = audit.record(actor=None, action="party.import", obj=Party.objects.get(key="kl"), on_behalf_of="KL")
    assert (entry.actor_label, entry.on_behalf_of) == ("system", "KL")
