"""What the rest of the meetings may use of their mails."""

from events.letters.again import NotSentAgainError, letter_send_again
from events.letters.changes import open_deadlines, tell_back_on, tell_called_off, tell_changed, tell_deadlines
from events.letters.guests import afterwards, guest_confirm, guest_key
from events.letters.reminders import reminder_at
from events.letters.selectors import LetterRow, LetterState, letters_of

__all__ = [
    "LetterRow",
    "LetterState",
    "NotSentAgainError",
    "afterwards",
    "guest_confirm",
    "guest_key",
    "letter_send_again",
    "letters_of",
    "open_deadlines",
    "reminder_at",
    "tell_back_on",
    "tell_called_off",
    "tell_changed",
    "tell_deadlines",
]
