"""Courses, providers and runs."""
