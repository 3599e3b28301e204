"""The task types that the portal brings."""
