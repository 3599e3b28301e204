"""Contact cards in Wagtail's admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from portal.contacts.models import ContactCard


class ContactCardViewSet(SnippetViewSet):
    """The cards, filtered by whom they serve."""

    model = ContactCard
    icon = "mail"
    menu_label = _("Contact cards")
    menu_order = 450
    add_to_admin_menu = True
    list_display = ["function", "organisation", "municipality", "region", BooleanColumn("active", label=_("Shown"))]
    list_filter = ["active", "party", "region", "municipality"]
    list_per_page = 50
    # The database's own comparison: the cards are few, and any text is safe.
    search_backend_name = None
    search_fields = ["function", "organisation", "about", "email"]


register_snippet(ContactCardViewSet)
