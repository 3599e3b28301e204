"""What a check says when it cannot tell yet."""


class NotYetError(Exception):
    """A job is under way whose result the check needs: the step waits, and the clock asks again."""
