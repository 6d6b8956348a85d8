"""The figures say what they are said to say."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from bot.evaluation import Judged, UnreadableFile, as_table, figures, macro_f1, read_rows, write_errors


def judged(intent: str, guess: str, lang: str = "fr", difficulty: str = "plain", heard: str = "fr") -> Judged:
    ranking = ((guess, 0.6), (intent, 0.3)) if guess != intent else ((guess, 0.9),)
    return Judged(lang, f"{intent} said as {guess}", intent, difficulty, heard, ranking, 4.0)


ROWS = [
    judged("ask_food", "ask_food"),
    judged("ask_food", "ask_health", difficulty="hard"),
    judged("emergency", "emergency", lang="ar", heard="ar"),
    judged("out_of_scope", "ask_food", lang="ar"),
    judged("ask_health", "out_of_scope"),
]


def test_figures_per_language_and_difficulty() -> None:
    found = figures(ROWS)
    assert list(found)[0] == "all"
    assert found["all"]["rows"] == 5
    assert found["all"]["accuracy"] == 0.4
    assert found["all"]["among_first_three"] == 1.0
    assert found["fr hard"]["accuracy"] == 0
    assert found["ar"]["emergency_recall"] == 1
    assert found["all"]["topic_accuracy"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["all"]["out_of_scope_precision"] == 0
    assert found["all"]["out_of_scope_recall"] == 0
    assert found["ar"]["language_heard"] == 0.5
    assert "emergency_recall" not in found["fr"]


def test_macro_f1_counts_every_intent_the_same() -> None:
    rows = [judged("a", "a"), judged("a", "a"), judged("a", "a"), judged("b", "a")]
    assert macro_f1(rows) == pytest.approx((2 * 3 / (3 + 4) + 0) / 2)


def test_the_table_is_for_people() -> None:
    table = as_table(figures(ROWS))
    assert "accuracy" in table
    assert "fr hard" in table


def test_misread_rows_are_written_with_their_guesses(tmp_path: Path) -> None:
    write_errors(tmp_path / "errors.csv", ROWS)
    rows = list(csv.DictReader((tmp_path / "errors.csv").read_text("utf-8").splitlines()))
    assert [row["intent"] for row in rows] == ["ask_food", "out_of_scope", "ask_health"]
    assert rows[0]["guess_1"] == "ask_health 0.60"


def test_a_file_without_its_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(UnreadableFile, match="lang, text, intent"):
        read_rows(tmp_path / "x.csv")


def test_more_columns_and_excels_mark_are_no_matter(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("\ufefflang,text,intent,extra\nfr,bonjour,greet,1\n", "utf-8")
    assert read_rows(tmp_path / "x.csv")[0]["text"] == "bonjour"
