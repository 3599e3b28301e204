"""Tests of the editorial workflows."""
