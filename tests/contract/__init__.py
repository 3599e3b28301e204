"""One suite for every import and export format: export → import → no change."""
