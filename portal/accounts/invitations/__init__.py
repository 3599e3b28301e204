"""Accepting an invitation: the link's door and the page behind it."""
