"""Answering for sign-ups that await an approval: the organiser's answer, or the municipality's."""
