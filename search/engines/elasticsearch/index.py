"""What the index in Elasticsearch looks like, as code; its fingerprint tells an index that other code made.

Names: "<prefix>-<fingerprint>-<time>" is an index, "<prefix>-<fingerprint>" the alias that searches go to. Code that
expects other fields asks another alias, so that old and new processes run side by side during a release, each on its own
index, and new code without an index yet is answered by the database. "<index>-write" is where the mirror writes: a missing
index is then an error, and not made up by the server with fields of its own guess.
"""

import hashlib
import json
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from typing import Any, Final

from django.conf import settings
from elasticsearch.dsl import Boolean, Date, Integer, Keyword, Mapping, Nested, Text, analyzer

from search.danish import TOKENS_VERSION, parts, rank_tokens, tokens
from search.engines.elasticsearch import documents

# What Elasticsearch gives of a ranked list at most, by its default, which hosted clusters keep.
MAX_RESULT_WINDOW: Final = 10_000
# Words whose tokens stand for the way in which words are made: another splitter or stemmer is seen in them.
_SAMPLE: Final = (
    "borgerkontakt sagsbehandling ældrepleje arbejdsmiljørepræsentant jobcenter kommunekontorer personaleudvikling "
    "pædagogmedhjælperne skolesekretærens lønsamtaler hjemmehjælp dagpengesager borgerservicemedarbejder digital post "
    "økonomistyring ejendomsskat sundhedsplejerske byggesagsbehandler journalisering fyraftensmøde kompetenceudvikling "
    "ledelsessekretær aktindsigt forvaltningsloven offentlighedsloven databeskyttelse specialkonsulenter mødebooking"
)
_MANY_NAMES: Final = "many_names"
_SIMILARITIES: Final = {_MANY_NAMES: {"type": "BM25", "k1": 1.2, "b": 0.3}}
_WHITESPACE = analyzer("portal_tokens", tokenizer="whitespace")


def _tokens(**options: Any) -> Text:
    # Which words and how often: nobody asks for their places, and the database has the text.
    return Text(analyzer=_WHITESPACE, index_options="freqs", **options)


def mapping() -> Mapping:
    """Return the fields."""
    fields = Mapping()
    fields.meta("dynamic", "strict")
    fields.meta("_source", enabled=False)
    fields.field("key", Keyword())
    fields.field("removed", Boolean())
    fields.field("refused", Boolean())
    fields.field("removed_at", Date())
    fields.field("kind", Keyword())
    fields.field("starts_at", Date())
    fields.field("audiences", Keyword())
    fields.field("facets", Keyword())
    fields.field("facet_labels", Keyword())
    for name in ("title", "summary", "body", "labels"):
        fields.field(name, _tokens(copy_to="text"))
    # Everything in one: a document may have one word in its title and the other in its text.
    fields.field("text", _tokens(norms=False))
    # All names together: whoever has many of them is hardly worse off for it.
    fields.field("name_pieces", _tokens(similarity=_MANY_NAMES))
    fields.field("name_grams", _tokens(similarity=_MANY_NAMES))
    fields.field("names", Nested(properties=_name_fields()))
    return fields


def _name_fields() -> dict[str, Any]:
    return {
        "key": Keyword(),
        "length": Integer(index=False),
        "pieces": _tokens(),
        "grams": _tokens(),
        "words": _tokens(norms=False),
        "starts": _tokens(norms=False),
    }


@cache
def fingerprint() -> str:
    """Return what the fields and tokens are made by, in eight characters."""
    made_of = {
        "mapping": mapping().to_dict(),
        "similarities": _SIMILARITIES,
        "documents": documents.VERSION,
        "tokens": [tokens(word, 1) for word in _SAMPLE.split()],
        "parts": [parts(word) for word in _SAMPLE.split()],
        "ranks": [repr(rank_tokens(_SAMPLE))],
        "version of the tokens": TOKENS_VERSION,
        "word list": version("wordfreq"),
    }
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()[:8]


def prefix() -> str:
    """Return what the names of the portal's indexes begin with: several portals may share a cluster."""
    name: str = settings.ELASTICSEARCH_INDEX_PREFIX
    return name


def alias() -> str:
    """Return where this code's searches go."""
    return f"{prefix()}-{fingerprint()}"


def new_name() -> str:
    """Return the name of an index that is about to be made."""
    return f"{alias()}-{datetime.now(UTC):%Y%m%d%H%M%S%f}"


def write_alias(name: str) -> str:
    """Return where the mirror writes for an index."""
    return f"{name}-write"


def is_ours(name: str) -> bool:
    """Tell whether a name is that of an index of this portal, whatever code made it."""
    made_by, _, time = name.removeprefix(f"{prefix()}-").partition("-")
    return name.startswith(f"{prefix()}-") and len(made_by) == len(fingerprint()) and time.isdigit()


def body() -> dict[str, Any]:
    """Return what an index is created with; it becomes searchable by explicit refreshes until it is switched to."""
    fields = mapping()
    return {
        "settings": {
            "number_of_shards": settings.ELASTICSEARCH_SHARDS,
            "number_of_replicas": settings.ELASTICSEARCH_REPLICAS,
            "refresh_interval": "-1",
            "max_result_window": MAX_RESULT_WINDOW,
            "analysis": fields._collect_analysis(),
            "similarity": _SIMILARITIES,
        },
        "mappings": {**fields.to_dict(), "_meta": {"fingerprint": fingerprint()}},
    }
