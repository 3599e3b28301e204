"""Case workflows: states, transitions and deadlines for things that are not pages, pluggable and kept as data."""
