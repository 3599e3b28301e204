"""Regions, the 98 municipalities, their settings, and the parties that publish; no persons."""
