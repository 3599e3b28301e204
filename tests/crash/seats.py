"""What the dying children of the seats do. An effect stands for the mails that the packages above write."""

from portal.core.mail import queue_mail
from portal.seats import effects
from portal.seats.api import Notice, Offering, Person, SignUp, places_cancel, sign_up_one


def write(notice: Notice) -> None:
    """Write as an upper package would."""
    queue_mail(to="kontakt@kommune.example", subject=notice.reason.value, text="Hej.", key=notice.key)


def cancel_first() -> None:
    """Give up the first sign-up, for which somebody waits."""
    effects.register("tests", write)
    places_cancel(actor=None, sign_up=SignUp.objects.order_by("pk")[0])


def sign_up() -> None:
    """Take the seat that there is."""
    effects.register("tests", write)
    seats = Offering.objects.get()
    sign_up_one(actor=None, offering=seats, person=Person("Maria", "maria@kommune.example"), key="form")
