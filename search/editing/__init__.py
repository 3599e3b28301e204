"""Search for editors: synonyms, promoted results, and what people looked for."""
