"""Where Elasticsearch is and how the portal shows who it is; without an address the database answers alone."""

from portal.settings import env

ELASTICSEARCH_URL = env.text("ELASTICSEARCH_URL", "")
ELASTICSEARCH_USERNAME = env.text("ELASTICSEARCH_USERNAME", "")
ELASTICSEARCH_PASSWORD = env.text("ELASTICSEARCH_PASSWORD", "")
ELASTICSEARCH_API_KEY = env.text("ELASTICSEARCH_API_KEY", "")
ELASTICSEARCH_CA_CERTS = env.text("ELASTICSEARCH_CA_CERTS", "")
ELASTICSEARCH_VERIFY = env.flag("ELASTICSEARCH_VERIFY", default=True)
ELASTICSEARCH_INDEX_PREFIX = env.text("ELASTICSEARCH_INDEX_PREFIX", "kompetenceportalen")
# Seconds for one question; a search that takes longer is answered by the database within the same request.
ELASTICSEARCH_TIMEOUT = env.seconds("ELASTICSEARCH_TIMEOUT", 0.5)
# Seconds for one batch of documents, which nobody waits for.
ELASTICSEARCH_INDEX_TIMEOUT = env.seconds("ELASTICSEARCH_INDEX_TIMEOUT", 30)
ELASTICSEARCH_SHARDS = env.number("ELASTICSEARCH_SHARDS", 1)
ELASTICSEARCH_REPLICAS = env.number("ELASTICSEARCH_REPLICAS", 0)
