"""Competences, scales, profiles and their releases."""
