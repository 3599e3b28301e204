"""Errors that every floor may raise and the ground knows how to tell an editor."""


class RefusedError(Exception):
    """A rule refuses the act and nothing has been written; the text is for the person who tried."""
