"""Blocks that only the general pages use."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from portal.core.blocks import BodyStreamBlock
from portal.core.blocks.body import LinkItemBlock

# Icons of the design system that suit a way into the portal; the words are for the editor.
WAY_ICONS = [
    ("contact-card", _("Card")),
    ("checklist", _("Check list")),
    ("groups", _("Group of people")),
    ("school", _("Learning")),
    ("map", _("Map")),
    ("search", _("Magnifying glass")),
]


class WayBlock(blocks.StructBlock):
    """One of the ways into the portal on the home page."""

    icon = blocks.ChoiceBlock(choices=WAY_ICONS, default="contact-card", label=_("Icon"))
    title = blocks.CharBlock(max_length=60, label=_("Heading"))
    text = blocks.TextBlock(max_length=240, label=_("Text"), help_text=_("One or two sentences."))
    page = blocks.PageChooserBlock(label=_("Page"), help_text=_("Where the reader goes from here."))

    class Meta:
        icon = "arrow-right"
        label = _("Way in")


class WaysStreamBlock(blocks.StreamBlock):
    """The ways into the portal; three stand well beside each other."""

    way = WayBlock()

    class Meta:
        required = False
        max_num = 6


class FooterColumnBlock(blocks.StructBlock):
    """A column of links at the foot of every page."""

    heading = blocks.CharBlock(max_length=60, label=_("Heading"))
    links = blocks.ListBlock(LinkItemBlock(), label=_("Links"), min_num=1)

    class Meta:
        icon = "list-ul"
        label = _("Column")


class FooterStreamBlock(blocks.StreamBlock):
    """The columns of the footer; more than three do not fit beside the portal's own."""

    column = FooterColumnBlock()

    class Meta:
        required = False
        max_num = 3


class ContactCardsBlock(blocks.StructBlock):
    """Chosen contact cards in the middle of a text."""

    heading = blocks.CharBlock(required=False, max_length=80, label=_("Heading"))
    cards = blocks.ListBlock(SnippetChooserBlock("contacts.ContactCard"), label=_("Contact cards"), min_num=1)

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Leave out cards that have been taken off the portal since they were chosen."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["cards"] = [card for card in value["cards"] if card is not None and card.active]
        return context

    class Meta:
        icon = "user"
        label = _("Contact cards")
        template = "pages/blocks/contact_cards.html"


class PageStreamBlock(BodyStreamBlock):
    """The free text of a general page: what every page has, and contact cards."""

    contacts = ContactCardsBlock()
