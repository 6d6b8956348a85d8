"""`escale directory` speaks French, shows before it writes, and stops with a reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("ESCALE_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("ESCALE_DATABASE_URL", raising=False)

    def invoke(*words: str, answer: str | None = None) -> Result:
        return CliRunner().invoke(main, ["directory", *words], input=answer, catch_exceptions=False)

    assert invoke("seed").exit_code == 0
    return invoke


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "services.csv"
    path.write_text("Identifiant;Nom;Téléphone;Humeur\npref44;Préfecture;02 00 00 00 00;bonne\nx;Un lieu;;\n")
    return path


def test_import_shows_asks_and_writes(run: Run, sheet: Path) -> None:
    shown = run("import", str(sheet), answer="n\n")
    assert "Humeur" in shown.output
    assert "Téléphone : 02 40 41 20 20 → 02 00 00 00 00" in shown.output
    assert "Écrit." not in shown.output
    assert "Écrit." in run("import", str(sheet), "--by", "Camille", answer="o\ny\n").output
    assert "Rien à écrire." in run("import", str(sheet)).output


def test_a_refused_row_stops_the_import_with_its_reason(run: Run, sheet: Path) -> None:
    sheet.write_text("Nom;Téléphone\nA;appeler Paul\nB;\n")
    stopped = run("import", str(sheet), "--yes")
    assert stopped.exit_code == 1
    assert "ligne 2, Téléphone : « appeler Paul » n'est pas un numéro de téléphone" in stopped.output
    assert "--partial" in stopped.output
    assert "Écrit." in run("import", str(sheet), "--yes", "--partial").output


def test_a_file_that_cannot_be_read_is_named(run: Run, sheet: Path) -> None:
    sheet.write_text("")
    assert "Le fichier est vide." in run("import", str(sheet)).output


def test_import_as_json_writes_nothing(run: Run, sheet: Path) -> None:
    said = json.loads(run("import", str(sheet), "--json").stdout)
    assert said["counts"]["changed"] == 1
    assert said["written"] is False


@pytest.mark.parametrize("form", ["csv", "xlsx", "hsds", "geojson", "data-inclusion", "data-inclusion-csv"])
def test_every_form_is_exported(run: Run, tmp_path: Path, form: str) -> None:
    path = tmp_path / "out"
    assert run("export", form, str(path)).exit_code == 0
    assert path.stat().st_size > 10_000


def test_geojson_holds_points_of_what_can_be_placed(run: Run, tmp_path: Path) -> None:
    run("export", "geojson", str(tmp_path / "x.geojson"))
    said = json.loads((tmp_path / "x.geojson").read_text())
    assert said["type"] == "FeatureCollection"
    assert all(-2.5 < one["geometry"]["coordinates"][0] < 3 for one in said["features"])


def test_check_says_what_is_old_and_how_good_it_is(run: Run) -> None:
    said = run("check", "--language", "ar").output
    assert "Fiches anciennes ou peu sûres :" in said
    assert "Traductions qui manquent" in said
    assert "Qualité data·inclusion : 0." in said
    found = json.loads(run("check", "--json").output)
    kinds = {one["kind"] for one in found["problems"]}
    assert "stale" in kinds
    assert "data_inclusion" not in kinds
    assert "hours" not in kinds


def test_stats_count(run: Run) -> None:
    said = json.loads(run("stats", "--json").output)
    assert (said["services"], said["leads"], said["organisations"]) == (208, 91, 93)
    assert "Services publiés : 208" in run("stats").output


def test_the_template_and_migrate(run: Run, tmp_path: Path) -> None:
    assert run("template", str(tmp_path / "modele.xlsx")).exit_code == 0
    assert (tmp_path / "modele.xlsx").exists()
    assert "0002" in run("migrate").output
