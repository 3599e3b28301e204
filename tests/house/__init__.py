"""Checks of the house rules, and the tests that each of them can fail."""
