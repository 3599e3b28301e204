"""What the courses add to places below them: search documents and sections."""


def register_all() -> None:
    """Register everything."""
    from learning import search_index, sections

    search_index.register()
    sections.register_sections()
