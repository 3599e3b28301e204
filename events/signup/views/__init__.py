"""The screens of a person's sign-up. None is kept by a browser or found by a search engine."""
