"""The askers of the matrix."""

from enum import StrEnum


class Asker(StrEnum):
    """Who asks. All of them belong to municipality A, where a role needs a municipality."""

    ANONYMOUS = "anonymous"
    NOBODY = "signed-in-nobody"
    EMPLOYEE = "employee"
    MANAGER = "manager"
    COORDINATOR = "coordinator"
    WEAK_COORDINATOR = "coordinator-without-second-factor"
    WEAK_EDITOR = "editor-without-second-factor"
    FACILITATOR = "facilitator"
    PROVIDER = "course-provider"
    ORGANISER = "regional-organiser"
    EDITOR_HK = "editor-hk"
    EDITOR_KL = "editor-kl"
    ADMINISTRATOR = "administrator"
    SUPERUSER = "superuser"


EVERYBODY = frozenset(Asker)
SIGNED_IN = EVERYBODY - {Asker.ANONYMOUS}
ANONYMOUS_ONLY = frozenset({Asker.ANONYMOUS})
# Who gets through the door of Wagtail's admin, and who does what behind it.
ADMINS = frozenset({Asker.ADMINISTRATOR, Asker.SUPERUSER})
EDITORS = ADMINS | {Asker.EDITOR_HK, Asker.EDITOR_KL}
DOOR = EDITORS | {Asker.PROVIDER, Asker.ORGANISER}
ROOT = frozenset({Asker.SUPERUSER})
COORDINATORS = ADMINS | {Asker.COORDINATOR}
LEADERS = COORDINATORS | {Asker.MANAGER}
NO_ONE: frozenset[Asker] = frozenset()
