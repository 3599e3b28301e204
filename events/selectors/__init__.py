"""Data for the meetings' screens."""
