"""What this package adds to places below it: search documents and sections."""


def register_all() -> None:
    """Register everything."""
    from learning import search_index

    search_index.register()
