"""How the portal reaches Elasticsearch: addresses and credentials from the settings."""

from django.conf import settings


def configured() -> bool:
    """Tell whether there is an Elasticsearch to ask."""
    return bool(getattr(settings, "ELASTICSEARCH_URL", ""))
