"""French words as a search sees them: without accents and endings, so that « préfectures » meets « prefecture »."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

ANALYZER = "french"
# Words that stand in every second record and tell nothing.
STOP_WORDS = (
    *("au", "aux", "avec", "ce", "ces", "cette", "comment", "dans", "de", "des", "du", "en", "est", "et", "il", "elle"),
    *("je", "l", "d", "la", "le", "les", "leur", "leurs", "ma", "mon", "mes", "ne", "nous", "on", "ou", "où", "par"),
    *("pas", "plus", "pour", "pres", "près", "que", "qui", "quel", "quelle", "sa", "ses", "son", "sur", "un", "une"),
    *(
        "vous",
        "y",
        "a",
        "à",
        "qu",
        "s",
        "n",
        "c",
        "j",
        "se",
        "sont",
        "cherche",
        "trouver",
        "veut",
        "voudrait",
        "besoin",
    ),
    *(
        "monsieur",
        "madame",
        "personne",
        "personnes",
        "usager",
        "usagere",
        "faire",
        "peut",
        "chez",
        "cote",
        "vers",
        "tres",
        "fois",
        "mois",
    ),
)


def analyzer() -> TextAnalyzer:
    """Letters and digits, lower case, accents off, stop words out, French endings off (Snowball)."""
    steps = (
        TextAnalyzerBuilder(Tokenizer.regex(r"[\p{L}\p{N}]+")).filter(Filter.lowercase()).filter(Filter.ascii_fold())
    )
    steps = steps.filter(Filter.custom_stopword([folded(word) for word in STOP_WORDS]))
    # Twice: once off its plural, « déjeuners » has an ending more to lose, and meets « déjeuner ».
    return steps.filter(Filter.stemmer("french")).filter(Filter.stemmer("french")).build()


@lru_cache
def _analyzer() -> TextAnalyzer:
    return analyzer()


@lru_cache(maxsize=50_000)
def stems(text: str) -> tuple[str, ...]:
    return tuple(_analyzer().analyze(text))


@lru_cache(maxsize=50_000)
def stem_set(text: str) -> frozenset[str]:
    return frozenset(_analyzer().analyze(text))


@lru_cache(maxsize=50_000)
def folded(text: str) -> str:
    """Lower case, accents off, typographic apostrophes made plain."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").replace("œ", "oe").lower())
    return "".join(char for char in plain if not unicodedata.combining(char))


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", folded(text)).strip("-")
