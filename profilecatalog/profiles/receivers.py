"""Where Wagtail's publishing meets ours."""


def connect() -> None:
    """Connect the receivers."""
