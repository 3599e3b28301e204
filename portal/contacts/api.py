"""What other packages may use of the contact cards."""

from portal.contacts.models import ContactCard
from portal.contacts.review import review_begin
from portal.contacts.selectors import ContactDirectory, ContactGroup, contact_directory, contacts_for

__all__ = ["ContactCard", "ContactDirectory", "ContactGroup", "contact_directory", "contacts_for", "review_begin"]
