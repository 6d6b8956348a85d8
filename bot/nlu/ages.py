"""Ages in a message: "my son is 6", "bébé de 8 mois", "sitt lix jir", but not "in France for 6 years"."""

from __future__ import annotations

import re
from typing import Iterator, List, Optional

# Concepts of data/concepts that decide what a number counts.
YEARS, MONTHS, SINCE, TENS = "UNIT_YEARS", "UNIT_MONTHS", "SINCE", "NUMBER_TENS"
CHILDREN = {"CHILD", "SON", "DAUGHTER", "BABY", "BROTHER_SISTER", "TEENAGER"}
PERSON = CHILDREN | {"AGE_YEARS", "MOTHER", "FATHER", "GRANDPARENT"}
DURATION = {SINCE, "YEARS_OF_RESIDENCE", "WAIT_RESPONSE", "WORK", "RESIDENCE_PERMIT", "CARD", "PERMIT_KINDS"}
LONGEST_LIFE = 110
OLDEST_CHILD = 25
_NUMBER = re.compile(r"\d{1,3}(?!\d)")
_COUNT = re.compile(r"NUMBER_\d+")
# What decides housing, school, protection or a pension: an age belongs to one of these.
_BANDS = (
    (3, "AGE_UNDER_3"),
    (6, "AGE_3_TO_5"),
    (12, "AGE_6_TO_11"),
    (18, "AGE_12_TO_17"),
    (26, "AGE_18_TO_25"),
    (60, "AGE_26_TO_59"),
)
OLDEST_BAND = "AGE_60_AND_MORE"


def ages(words: List[str], marks: List[List[str]]) -> List[int]:
    """Whole years, in the order of the message; ``marks`` are the concepts at each word (Lexicon.marks)."""
    return list(dict.fromkeys(age for place in range(len(words)) if (age := _age(words, marks, place)) is not None))


def bands(said: List[int]) -> List[str]:
    """Concepts of ages, the same in every language."""
    return list(dict.fromkeys(next((band for end, band in _BANDS if age < end), OLDEST_BAND) for age in said))


def _age(words: List[str], marks: List[List[str]], place: int) -> Optional[int]:
    number = _number(words[place], marks[place])
    if number is not None and not words[place][0].isdigit() and _is_part(marks, place):
        return None
    if number is None or any(DURATION & set(here) for here in _near(marks, place, 3, 0)):
        return None
    if any(SINCE in here for here in _near(marks, place, 0, 3)):  # "3 years ago"
        return None
    # "dix sept ans": the number that begins here takes two words.
    reach = 2 if place + 1 < len(marks) and _counts(marks[place + 1]) else 1
    beside = {concept for here in (marks[place], *_near(marks, place, 1, reach)) for concept in here}
    if MONTHS in beside and YEARS not in beside:
        return number // 12 if number <= 36 and _of_a_person(marks, place, 4, 3) else None
    if YEARS in beside:
        return number if number <= LONGEST_LIFE else None
    bare = not marks[place + 1] if place + 1 < len(marks) else True
    return number if bare and number <= OLDEST_CHILD and _of_a_person(marks, place, 3, 0) else None


def _number(word: str, here: List[str]) -> Optional[int]:
    """In digits of any script ("6", "6ans", "٦"; "3andou" is a word), or as a word (NUMBER_2 to NUMBER_18)."""
    digits = _NUMBER.match(word)
    if digits:
        rest = word[len(digits[0]) :]
        return int(digits[0]) if not rest or {YEARS, MONTHS} & set(here) else None
    said = [int(concept[len("NUMBER_") :]) for concept in here if _COUNT.fullmatch(concept)]
    return max(said, default=None)


def _is_part(marks: List[List[str]], place: int) -> bool:
    """The second word of "dix sept", or beside "vingt": a part of a number is no age."""
    tens = any(TENS in here for here in (marks[place], *_near(marks, place, 1, 1)))
    return tens or (place > 0 and _counts(marks[place - 1]))


def _counts(here: List[str]) -> bool:
    return any(_COUNT.fullmatch(concept) for concept in here)


def _of_a_person(marks: List[List[str]], place: int, before: int, after: int) -> bool:
    return any(PERSON & set(here) for here in _near(marks, place, before, after))


def _near(marks: List[List[str]], place: int, before: int, after: int) -> Iterator[List[str]]:
    yield from marks[max(0, place - before) : place]
    yield from marks[place + 1 : place + 1 + after]
