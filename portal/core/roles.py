"""The roles of the field. A role is always held somewhere: in a unit, a municipality, a region, for a party or provider."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is to the portal; one person may hold several, in several places."""

    EMPLOYEE = "employee", _("employee")
    MANAGER = "manager", _("manager")
    COORDINATOR = "coordinator", _("coordinator")
    FACILITATOR = "facilitator", _("facilitator")
    PROVIDER = "provider", _("course provider")
    ORGANISER = "organiser", _("regional organiser")
    EDITOR = "editor", _("editor")
    ADMINISTRATOR = "administrator", _("administrator")


# Held only by a session that has shown a second factor: what they reach is other people's data, or what everybody reads.
PRIVILEGED = frozenset({Role.EDITOR, Role.COORDINATOR, Role.ORGANISER, Role.ADMINISTRATOR})
