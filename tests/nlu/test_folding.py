"""One spelling for what people write in many."""

from __future__ import annotations

import pytest

from bot.nlu.folding import fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("École  Élémentaire", "ecole elementaire"),
        ("L’œuvre", "l'oeuvre"),
        ("أُرِيدُ مَدْرَسَةً", "اريد مدرسه"),
        ("می‌خواهم", "مي خواهم"),
        ("ИЩУ Ёлку", "ищу елку".replace("й", "и")),
        ("İSTANBUL'da ışık", "istanbul'da isik"),
        ("ፀሓይ", "ጸሓይ"),
        ("", ""),
    ],
)
def test_fold(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_folding_twice_changes_nothing() -> None:
    for text in ("Ünïcödé ﷺ ½ ﬁ", "ٱلسَّلَامُ عَلَيْكُمْ", "ЇжачоК", "ኣብ ኡርጃንስ"):
        assert fold(fold(text)) == fold(text)
