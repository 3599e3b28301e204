"""One seam for searching, whatever engine answers; it imports no content model."""
