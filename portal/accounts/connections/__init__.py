"""A municipality's own login: what is configured, who is let in, and what a person gets by it."""
