"""Find every column that can lead to a person: links to the user, addresses, and JSON in which an address may stand."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models


def links() -> dict[str, str]:
    """Return the columns of all installed models that can lead to a person, as "app.Model.field", each with its kind."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy or not model._meta.managed:
            continue
        for field in _columns(model):
            if kind := _kind(field):
                found[f"{model._meta.label}.{field.name}"] = kind
    return found


def _columns(model: type[models.Model]) -> Iterator[Any]:
    """Yield the model's own columns; inherited ones stand in the parent's table and are found there."""
    yield from model._meta.local_fields
    yield from model._meta.local_many_to_many
    # A generic link may point to a person as to anything else.
    yield from (field for field in model._meta.private_fields if field.model is model)


def _kind(field: Any) -> str:
    if getattr(field, "related_model", None) is get_user_model():
        return "person"
    if isinstance(field, models.EmailField):
        return "address"
    if isinstance(field, models.CharField | models.TextField) and "mail" in field.name:
        return "address"
    if isinstance(field, models.JSONField):
        return "json"
    return ""
