"""Django apps of other packages: installing a package that names one is enough, here as in production and in the demo."""

from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec

from django.core.exceptions import ImproperlyConfigured

GROUP = "kompetenceportalen.apps"


def with_extensions(own: list[str]) -> list[str]:
    """Return the apps with those of installed packages before them, in the order of their names.

    Before ours, so that a package may override a template; the names of what it registers it must still find free.

    Raises:
        ImproperlyConfigured: an app is not there, or is there twice. The message names the package that wants it.
    """
    found: list[str] = []
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        if point.value in [*own, *found]:
            raise ImproperlyConfigured(
                f"The app {point.value!r} of the extension {_words(point)} is installed already."
            )
        if problem := _problem(point.value):
            raise ImproperlyConfigured(
                f"The app {point.value!r} of the extension {_words(point)} cannot start: {problem}"
            )
        found.append(point.value)
    return [*found, *own]


def _problem(module: str) -> str:
    """Return why there is no such module: importing its parents may fail in any way."""
    try:
        return "" if find_spec(module) is not None else f"there is no module {module!r}"
    except Exception as error:
        return str(error)


def _words(point: EntryPoint) -> str:
    return f"{point.name!r} ({point.dist.name} {point.dist.version})" if point.dist else repr(point.name)
