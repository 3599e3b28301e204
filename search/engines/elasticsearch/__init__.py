"""The engine of production: a mirror of the index in Elasticsearch."""
