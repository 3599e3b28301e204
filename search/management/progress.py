"""How far a long command is, for whoever waits for it."""

from time import monotonic

from django.core.management.base import OutputWrapper

# Seconds between two lines where nobody looks at a terminal.
_LINE_EVERY = 10.0
_BAR = 30


class Progress:
    """A bar on a terminal; a line now and then where the output is kept."""

    def __init__(self, out: OutputWrapper, things: str) -> None:
        self._out = out
        self._things = things
        self._began = self._told = monotonic()
        self._first: int | None = None

    def __call__(self, done: int, total: int) -> None:
        now = monotonic()
        if self._first is None:
            self._first = done
        rate = (done - self._first) / (now - self._began) if now > self._began else 0.0
        left = f"{(total - done) / rate:.0f} s left" if rate else "…"
        text = f"{done}/{total} {self._things}, {rate:.0f} a second, {left}"
        if self._out.isatty():
            full = _BAR * done // total if total else _BAR
            self._out.write(f"\r[{'#' * full}{'.' * (_BAR - full)}] {text}  ", ending="")
        elif now - self._told >= _LINE_EVERY or done >= total:
            self._out.write(text)
            self._told = now

    def end(self) -> None:
        """Leave the bar's line."""
        if self._out.isatty():
            self._out.write("")
