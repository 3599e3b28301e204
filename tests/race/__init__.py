"""Real threads at one row."""
