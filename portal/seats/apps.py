"""The app of scarce places."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SeatsConfig(AppConfig):
    """Scarce places: one kernel for meetings and course runs."""

    name = "portal.seats"
    label = "seats"
    verbose_name = _("Places")

    def ready(self) -> None:
        from portal.core import page_cache, periodic, personal_data
        from portal.seats import approval
        from portal.seats.models import Offer, Participant, PlaceChange, SignUp
        from portal.seats.personal_data import SEATS
        from portal.seats.services import names_expire, offers_expire
        from portal.workflows.api import registry

        approval.register(registry)
        # Written often. A page that shows how many seats are left asks for itself, outside the cached part.
        page_cache.ignore(SignUp, Participant, Offer, PlaceChange)
        personal_data.register(*SEATS)
        periodic.register("seats.offers_expire", timedelta(minutes=1), offers_expire)
        periodic.register("seats.names_expire", timedelta(minutes=10), names_expire)
