"""A question as Elasticsearch's own: terms, beginnings and ranges of ours. Nothing that people type is read as a language.

`match` queries are avoided: they would put an analyser between our tokens and the index, and several tokens at one place
become one word there and lose up to a quarter of the hits. Each token is a `term` query that scores for itself.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from elasticsearch.dsl import A, Search
from elasticsearch.dsl.aggs import Agg
from elasticsearch.dsl.function import FieldValueFactor
from elasticsearch.dsl.query import (
    Bool,
    ConstantScore,
    DisMax,
    FunctionScore,
    Fuzzy,
    Nested,
    Prefix,
    Query,
    Range,
)
from elasticsearch.dsl.query import Term as TermQuery
from elasticsearch.dsl.query import Terms as TermsQuery

from search.danish import Term, Way
from search.engines.base import DATE, DateBucket, EngineRequest, Match
from search.engines.elasticsearch.documents import SEPARATOR

# Added to the score of what is called exactly so, and taken off again from what is handed on: more than words ever give.
EXACT: Final = 1000.0
KIND: Final = "kind"
# More values than any filter has; what is beyond is not shown.
MOST_VALUES: Final = 1000

_GRAMS, _ALL_PIECES, _ALL_GRAMS = 0.6, 0.8, 0.2
# What a word tells in each text, beside what the names tell.
_TEXTS: Final = {"title": 0.15, "labels": 0.1, "summary": 0.08, "body": 0.03}
# Ways of one word that are scored; the others find, and rank by the names.
_SCORED_WAYS = 6
_SLIPS = 200
# Of equal scores always the same one first.
_BEST_FIRST: Final[tuple[dict[str, dict[str, str]], ...]] = ({"_score": {"order": "desc"}}, {"key": {"order": "asc"}})


def search(request: EngineRequest, *, offset: int) -> Search:
    """Return the whole question: hits, and unless only they are wanted, the counts of every filter."""
    narrowing = _narrowing(request)
    asked = Search().query(_scored(request, narrowing if not request.counted else {}))
    asked = asked.sort(*_BEST_FIRST)[offset : offset + request.limit]
    if not request.counted:
        return asked.extra(track_total_hits=False)
    if narrowing:
        asked = asked.post_filter(Bool(filter=list(narrowing.values())))
    for name, aggregation in _counts(request, narrowing).items():
        asked.aggs.bucket(name, aggregation)
    return asked.extra(track_total_hits=True)


def suggestions(
    beginnings: Sequence[str], audiences: Iterable[str], kinds: Sequence[str], without: Iterable[str], *, slips: bool
) -> Search:
    """Return the question for names that go on as somebody began; with `slips`, one letter may be another."""
    last = _slipped(beginnings[-1]) if slips else _names_prefix("words", beginnings[-1])
    others = [_term("names.words", word) for word in beginnings[:-1]]
    begins = ConstantScore(filter=_names_prefix("key", " ".join(beginnings)), boost=10.0)
    named = FunctionScore(
        query=Bool(filter=[last, *others], should=[begins]),
        functions=[FieldValueFactor(field="names.length", modifier="reciprocal", missing=255)],
        score_mode="sum",
        boost_mode="sum",
    )
    conditions = [_seen_by(audiences)]
    if kinds:
        conditions.append(TermsQuery(kind=list(kinds)))
    query = Bool(
        must=[Nested(path="names", score_mode="max", query=named)], filter=conditions, must_not=_hidden(without)
    )
    return Search().query(query).sort(*_BEST_FIRST).extra(track_total_hits=False)


def _names_prefix(field: str, beginning: str) -> Query:
    return Prefix(**{f"names.{field}": {"value": beginning}})


def _slipped(beginning: str) -> Query:
    value = {"value": beginning[:15], "fuzziness": 1, "prefix_length": 1, "max_expansions": _SLIPS}
    return Fuzzy(**{"names.starts": value})


def _scored(request: EngineRequest, narrowing: dict[str, Query]) -> Query:
    conditions = [_seen_by(request.audiences), *narrowing.values()]
    hidden = _hidden(request.without)
    names = _names(request)
    if request.match is Match.NEAR:
        return Bool(must=[names], should=_all_names(request), filter=conditions, must_not=hidden)
    has = [_has(term) for term in request.terms]
    found = Bool(filter=has) if request.match is Match.ALL else Bool(should=has, minimum_should_match=1)
    told = [_told(term) for term in request.terms]
    return Bool(
        filter=[Bool(filter=[found]), *conditions], should=[names, *_all_names(request), *told], must_not=hidden
    )


def _names(request: EngineRequest) -> Query:
    """Score each name alone; the best one counts, so that many names are no advantage."""
    tokens = [
        *(_term("names.pieces", token, weight) for token, weight in request.rank.pieces),
        *(_term("names.grams", token, weight * _GRAMS) for token, weight in request.rank.grams),
    ]
    if request.title_key:
        tokens.append(ConstantScore(filter=_term("names.key", request.title_key[:255]), boost=EXACT))
    return Nested(path="names", score_mode="max", query=Bool(should=tokens, minimum_should_match=1))


def _all_names(request: EngineRequest) -> list[Query]:
    return [
        *(_term("name_pieces", token, weight * _ALL_PIECES) for token, weight in request.rank.pieces),
        *(_term("name_grams", token, weight * _ALL_GRAMS) for token, weight in request.rank.grams),
    ]


def _has(term: Term) -> Query:
    """Return the condition that the document has the word in one of its ways, wherever."""
    return Bool(should=[_way(way, "text") for way in term.ways], minimum_should_match=1)


def _told(term: Term) -> Query:
    """Score the word in each text, in its best way there."""
    ways = [way for way in term.ways[:_SCORED_WAYS] if way.tokens]
    in_texts = [
        DisMax(queries=[_way(way, field, way.weight * weight) for way in ways]) for field, weight in _TEXTS.items()
    ]
    return Bool(should=in_texts)


def _way(way: Way, field: str, boost: float = 1.0) -> Query:
    if way.prefix and len(way.tokens) == 1:
        return Prefix(**{field: {"value": way.tokens[0], "boost": boost}})
    tokens = [_term(field, token, boost / len(way.tokens)) for token in way.tokens]
    return tokens[0] if len(tokens) == 1 else Bool(must=tokens)


def _term(field: str, token: str, boost: float = 1.0) -> Query:
    return TermQuery(**{field: {"value": token, "boost": boost}})


def _seen_by(audiences: Iterable[str]) -> Query:
    # A tombstone has no audience, so nobody sees it.
    return TermsQuery(audiences=sorted(audiences))


def _hidden(keys: Iterable[str]) -> list[Query]:
    listed = sorted(keys)
    return [TermsQuery(key=listed)] if listed else []


def _narrowing(request: EngineRequest) -> dict[str, Query]:
    """Return the condition of each filter by its name, so that its own counts can leave it aside."""
    narrowing: dict[str, Query] = {}
    if request.kinds:
        narrowing[KIND] = TermsQuery(kind=list(request.kinds))
    for name, values in (request.filters or {}).items():
        narrowing[name] = TermsQuery(facets=[SEPARATOR.join((name, value)) for value in values])
    if chosen := [bucket for bucket in request.buckets if bucket.value in request.dates]:
        narrowing[DATE] = Bool(should=[_within(bucket) for bucket in chosen], minimum_should_match=1)
    return narrowing


def _within(bucket: DateBucket) -> Query:
    limits = {"gte": _time(bucket.start), "lt": _time(bucket.end)}
    return Range(starts_at={name: limit for name, limit in limits.items() if limit})


def _time(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _counts(request: EngineRequest, narrowing: dict[str, Query]) -> dict[str, Agg[Any]]:
    """Return what is counted, by name: KIND, DATE, "chosen:<filter>" for those in use and "others" for the rest."""

    def but(name: str, counted: Agg[Any]) -> Agg[Any]:
        others = [condition for about, condition in narrowing.items() if about != name]
        aggregation = A("filter", Bool(filter=others))
        aggregation.bucket("counted", counted)
        return aggregation

    labels = A("terms", field="facet_labels", size=MOST_VALUES)
    counts = {KIND: but(KIND, A("terms", field="kind", size=MOST_VALUES)), "others": but("", labels)}
    counts |= {f"chosen:{name}": but(name, labels) for name in request.filters or {}}
    if request.buckets:
        named = {str(place): _within(bucket) for place, bucket in enumerate(request.buckets)}
        counts[DATE] = but(DATE, A("filters", filters=named))
    return counts
