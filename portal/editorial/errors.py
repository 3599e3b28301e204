"""What is refused, in words for the person who tried."""

from django.utils.translation import gettext as _

from portal.core.errors import RefusedError


class NotApprovedError(RefusedError):
    """The page may not go live: an approval that a policy demands is missing for exactly this content."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or _("The page is not published: it lacks an approval of exactly this content."))


class WrongDoorError(RefusedError):
    """An answer came by another way than the submission's own screen."""

    def __init__(self) -> None:
        super().__init__(_("Open what was sent in and answer there, where you can see what you answer to."))


class NoPolicyError(RefusedError):
    """No policy applies to the page, or another one than when it was sent in."""


class NotYoursError(RefusedError):
    """She may not answer: it is not her seat, she wrote or sent in the text, or she has answered already."""


class StaleReadingError(RefusedError):
    """The content has changed since she opened it."""

    def __init__(self) -> None:
        super().__init__(_("The text has changed since you opened it. Read it again, then answer."))
