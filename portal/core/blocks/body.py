"""The blocks that the free text of any page is made of."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

PARAGRAPH_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]


class HeadingBlock(blocks.CharBlock):
    """A heading of the second level; the page's title is the only one of the first."""

    class Meta:
        icon = "title"
        label = _("Heading")
        template = "core/blocks/heading.html"
        preview_value = "Sådan foregår det"


class ParagraphBlock(blocks.RichTextBlock):
    """Running text; headings are blocks of their own, so that their order can be checked."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("features", PARAGRAPH_FEATURES)
        super().__init__(**kwargs)

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "core/blocks/paragraph.html"
        preview_value = "<p>En kort tekst i almindeligt sprog.</p>"


class ImageBlock(blocks.StructBlock):
    """A picture with a text for those who cannot see it."""

    image = ImageChooserBlock(label=_("Picture"))
    alt_text = blocks.CharBlock(
        required=False,
        label=_("Text alternative"),
        help_text=_("Say what the picture shows. Leave empty only if the picture is pure decoration."),
    )
    caption = blocks.CharBlock(required=False, label=_("Caption"))

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "core/blocks/image.html"


class QuoteBlock(blocks.StructBlock):
    """Somebody's words, told by function and never by name."""

    quote = blocks.TextBlock(label=_("Quote"))
    who = blocks.CharBlock(
        label=_("Who says it"), help_text=_("A function, never a person's name: “Employee, citizen service”.")
    )

    class Meta:
        icon = "openquote"
        label = _("Quote")
        template = "core/blocks/quote.html"
        preview_value = {"quote": "Vi taler om holdet i stedet for om den enkelte.", "who": "Teamleder, borgerservice"}


class NoticeBlock(blocks.StructBlock):
    """Something the reader must not miss."""

    heading = blocks.CharBlock(label=_("Heading"))
    text = ParagraphBlock(label=_("Text"))

    class Meta:
        icon = "warning"
        label = _("Notice")
        template = "core/blocks/notice.html"
        preview_value = {"heading": "Godt at vide", "text": "<p>Du kan altid rette dit svar, før du sender.</p>"}


class LinkItemBlock(blocks.StructBlock):
    """A link to a page of the site or to an address outside, exactly one of the two."""

    text = blocks.CharBlock(label=_("Link text"))
    page = blocks.PageChooserBlock(required=False, label=_("Page"))
    url = blocks.URLBlock(required=False, label=_("Address outside the portal"))

    def clean(self, value: Any) -> Any:
        """Refuse a link without a target or with two, at the field that is wrong."""
        cleaned = super().clean(value)
        if bool(cleaned.get("page")) == bool(cleaned.get("url")):
            error = ValidationError(_("Choose a page or write an address, one of the two."))
            raise blocks.StructBlockValidationError(block_errors={"page": error})
        return cleaned

    class Meta:
        icon = "link"
        label = _("Link")


class LinkListBlock(blocks.StructBlock):
    """A short list of ways on."""

    heading = blocks.CharBlock(required=False, label=_("Heading"))
    links = blocks.ListBlock(LinkItemBlock(), label=_("Links"), min_num=1)

    class Meta:
        icon = "list-ul"
        label = _("Links")
        template = "core/blocks/link_list.html"


class BodyStreamBlock(blocks.StreamBlock):
    """The free text of a page."""

    heading = HeadingBlock()
    paragraph = ParagraphBlock()
    image = ImageBlock()
    quote = QuoteBlock()
    notice = NoticeBlock()
    links = LinkListBlock()

    class Meta:
        required = False
        template = "core/blocks/body.html"
