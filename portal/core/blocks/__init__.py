"""The blocks of free text, a family per file."""

from portal.core.blocks.body import (
    BodyStreamBlock,
    HeadingBlock,
    ImageBlock,
    LinkListBlock,
    NoticeBlock,
    ParagraphBlock,
    QuoteBlock,
)

__all__ = [
    "BodyStreamBlock",
    "HeadingBlock",
    "ImageBlock",
    "LinkListBlock",
    "NoticeBlock",
    "ParagraphBlock",
    "QuoteBlock",
]
