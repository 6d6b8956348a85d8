"""The words of all services in tantivy, in memory: built from the database, brought up to date record by record.

Nothing is on disk, so nothing can differ from the database after a crash. Field names are those of a search result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tantivy import Document, FieldType, Index, Occur, Query, SchemaBuilder, Searcher

from directory.words import ANALYZER, analyzer, stem_set

# How much a word weighs where it stands, when the best candidates are picked; the ranking itself is in search.py.
TEXTS = {"acronym": 12.0, "name": 8.0, "organisation": 4.0, "where": 3.0, "summary": 1.0}
FACETS = ("topic", "audience", "city", "language", "cost", "appointment")
ROW, KEY, LAT, LON = "row", "key", "lat", "lon"
MEANING = 5.0
_HEAP = 15_000_000

Values = Mapping[str, Any]
Stems = tuple[frozenset[str], ...]


class TextIndex:
    def __init__(self) -> None:
        schema = SchemaBuilder().add_unsigned_field(ROW, stored=False, indexed=True, fast=True)
        schema.add_text_field(KEY, tokenizer_name="raw", index_option="basic")
        for name in TEXTS:
            schema.add_text_field(name, stored=True, tokenizer_name=ANALYZER, index_option="freq")
        for name in FACETS:
            schema.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
        for name in (LAT, LON):
            schema.add_float_field(name, indexed=True, fast=True)
        self._index = Index(schema.build())
        self._index.register_tokenizer(ANALYZER, analyzer())

    def write(self, records: Iterable[Values], gone: Sequence[str] = ()) -> Searcher:
        """Adds ``records`` (each with "row" and "key"), takes ``gone`` keys out first; returns a searcher of now."""
        writer = self._index.writer(_HEAP, 1)
        for key in gone:
            writer.delete_documents_by_term(KEY, key)
        for record in records:
            said = {name: value for name, value in record.items() if value not in (None, "")}
            writer.add_document(Document.from_dict(said, self._index.schema))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        return self._index.searcher()

    @property
    def schema(self) -> Any:
        return self._index.schema


def words_query(schema: Any, alternatives: Sequence[Sequence[str]], topics: Sequence[str]) -> Query:
    """Any of the alternatives, each all of its words, in whichever text is best; or what the topic means."""
    found = [_all_words(schema, words) for words in alternatives]
    found += [Query.const_score_query(Query.term_query(schema, "topic", topic), MEANING) for topic in topics]
    return Query.disjunction_max_query(found)


def _all_words(schema: Any, words: Sequence[str]) -> Query:
    return Query.boolean_query([(Occur.Must, _word(schema, word)) for word in words])


def _word(schema: Any, word: str) -> Query:
    fields = [Query.boost_query(Query.term_query(schema, name, word), boost) for name, boost in TEXTS.items()]
    return Query.disjunction_max_query(fields)


def together(queries: Sequence[Query], occur: Any, filters: Sequence[Query] = ()) -> Query:
    wanted = Query.boolean_query([(occur, query) for query in queries]) if queries else Query.all_query()
    return Query.boolean_query([(Occur.Must, one) for one in (wanted, *filters)]) if filters else wanted


def having(schema: Any, field: str, values: Sequence[str]) -> Query:
    return Query.const_score_query(Query.term_set_query(schema, field, list(values)), 0.0)


def around(schema: Any, lat: float, lon: float, degrees: float) -> Query:
    """A box: a degree of longitude is shorter than one of latitude here, so the box is a little wide."""
    return Query.const_score_query(
        Query.boolean_query(
            [
                (Occur.Must, Query.range_query(schema, LAT, FieldType.Float, lat - degrees, lat + degrees)),
                (Occur.Must, Query.range_query(schema, LON, FieldType.Float, lon - degrees, lon + degrees)),
            ]
        ),
        0.0,
    )


def best_rows(searcher: Searcher, query: Query, limit: int) -> list[int]:
    return _rows(searcher, [address for _, address in searcher.search(query, limit, count=False).hits])


def best(searcher: Searcher, query: Query, limit: int, found: dict[int, Stems]) -> None:
    """Adds rows to ``found``, and for each of its texts, in the order of TEXTS, the words that stand there."""
    addresses = [address for _, address in searcher.search(query, limit, count=False).hits]
    for row, address in zip(_rows(searcher, addresses), addresses, strict=True):
        if row not in found:
            document = searcher.doc(address)
            found[row] = tuple(stem_set(document.get_first(name) or "") for name in TEXTS)


def _rows(searcher: Searcher, addresses: list[Any]) -> list[int]:
    # Every document has a row; the type allows for fields that some have not.
    return [int(row) for row in searcher.fast_field_values(ROW, addresses) if row is not None]


def counts(searcher: Searcher, query: Query, most: int) -> tuple[int, dict[str, dict[str, int]]]:
    """How many fit, and for each facet how many have which value."""
    terms = {name: {"terms": {"field": name, "size": most}} for name in FACETS}
    said = searcher.aggregate(query, {**terms, "all": {"value_count": {"field": ROW}}})
    facets = {name: {one["key"]: one["doc_count"] for one in said[name]["buckets"]} for name in FACETS}
    return int(said["all"]["value"]), facets


def known_words(searcher: Searcher) -> list[str]:
    return sorted({word for name in TEXTS for word, _ in searcher.terms_with_prefix(name, "")})
