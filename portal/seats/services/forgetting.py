"""Take the names off what is long over: how many came from where stays, who they were does not."""

from django.db.models import F

from portal.core.models.audit import AuditEntry
from portal.core.personal_data import nobody
from portal.seats.locking import seats_locked
from portal.seats.models import Offering, Participant, PlaceChange, SignUp


def people_forget(*, offering: Offering) -> int:
    """Take names, addresses and accounts off all places and sign-ups, and off the steps; return how many places that were.

    In the log of acts those stay who acted for others; who signed herself up stands there no longer.
    """
    with seats_locked(offering.pk):
        mine = SignUp.objects.filter(offering=offering)
        own = SignUp.objects.filter(offering=offering, participants__user=F("actor"))
        keys = [str(uuid) for uuid in own.values_list("uuid", flat=True)]
        acts = AuditEntry.objects.filter(object_type=SignUp._meta.label_lower, object_key__in=keys)
        acts.update(actor=None, actor_label=nobody())
        PlaceChange.objects.filter(participant__offering=offering).update(actor=None)
        # Without the fingerprint, which is made of names too, the form's word opens and repeats nothing.
        mine.update(actor=None, contact_name="", contact_email="", fingerprint="")
        named = Participant.objects.filter(offering=offering).exclude(pk__in=_nameless(offering))
        return named.update(user=None, email=None, name=nobody())


def _nameless(offering: Offering) -> list[int]:
    return list(Participant.objects.filter(offering=offering).unnamed().values_list("pk", flat=True))
