"""Scarce places: one kernel for meetings and course runs."""
