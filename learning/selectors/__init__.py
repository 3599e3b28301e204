"""Data for the courses' screens."""
