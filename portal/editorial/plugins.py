"""Third-party packages: each entry point of the group names a function that takes the registry and adds to it."""

from portal.editorial.registry import GROUP, EditorialRegistry
from portal.workflows.api import load_extensions


def load(registry: EditorialRegistry) -> list[str]:
    """Let every installed package register, in the order of their names, and return these.

    Raises:
        ImproperlyConfigured: one of them fails. A portal that starts without it would hold back its pages one by one later.
    """
    return load_extensions(registry, GROUP)
