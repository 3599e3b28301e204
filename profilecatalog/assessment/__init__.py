"""Self-assessment: rounds, anonymous answers and published totals."""
