"""Screens that gather from everybody; no rules of their own."""
