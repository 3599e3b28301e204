"""Model fields of the ground."""

from typing import Any

from wagtail.fields import StreamField

from portal.core.blocks import BodyStreamBlock


class BodyField(StreamField):
    """A StreamField whose block definitions stay out of migrations.

    Otherwise each changed label of a block is a migration. The price: a historical model in a data migration sees
    raw values only, so such a migration works on the JSON.
    """

    def __init__(self, block_types: Any = None, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("blank", True)
        # Wagtail builds the stub StreamBlock of a historical model from an empty list.
        super().__init__(BodyStreamBlock() if block_types is None else block_types, *args, **kwargs)

    def deconstruct(self) -> Any:
        """Leave the block definitions out."""
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        kwargs.pop("block_types", None)
        return name, path, [[]], kwargs
