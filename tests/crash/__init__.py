"""Processes that die at a failpoint."""
