"""What the catalogue adds to places below it: search documents and the editors' dashboard."""


def register_all() -> None:
    """Register everything."""
