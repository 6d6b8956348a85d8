"""An import says first what it would do, and then does all of it or nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from data_inclusion.schema.v1 import Service as DataInclusionService
from data_inclusion.schema.v1 import Structure
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bot.settings import ROOT
from directory.editing import edit
from directory.errors import RowsRefused, StaleVersion
from directory.exporters.files import FORMS, Wanted
from directory.history import changes_of, sign, snapshot
from directory.importers import plan
from directory.importers.plan import check, run
from directory.ledger import Change
from directory.models import Service
from tests.conftest import MONDAY, wait_until

HEADINGS = "Identifiant;Nom;Thèmes;Téléphone;Horaires\n"


def sheet(tmp_path: Path, text: str, name: str = "services.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def everything(engine: Engine) -> dict[str, Any]:
    with Session(engine) as session:
        services = session.scalars(select(Service).order_by(Service.id))
        return {one.id: (snapshot(one), [snapshot(site) for site in one.sites], one.operator) for one in services}


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(own: Engine, tmp_path: Path) -> None:
    before = everything(own)
    path = sheet(
        tmp_path,
        HEADINGS + "pref44;Préfecture de la Loire-Atlantique;Titre de séjour;02 00 00 00 00;\n"
        "nouveau;Un lieu nouveau;Alimentation et vêtements;;Mo-Fr 09:00-12:00\n"
        ";Mauvais;Bonheur;;\n"
        "autre;;Asile;;\n",
    )
    report = check(own, path, MONDAY)
    assert report.counts == {"added": 1, "changed": 1, "unchanged": 0, "refused": 2, "duplicates": 0}
    changed = report.changed[0]
    assert changed.fields["Téléphone"] == ("02 40 41 20 20", "02 00 00 00 00")
    assert set(changed.fields) == {"Téléphone", "Thèmes"}
    refused = {(one.row, one.column, one.reason) for one in report.refused}
    assert refused == {(4, "Thèmes", "le thème « Bonheur » n'existe pas"), (5, "Nom", "le nom manque")}
    assert not report.written
    assert everything(own) == before


@pytest.mark.parametrize(
    ("heading", "cell", "said"),
    [
        ("Téléphone", "demander à Paul", "téléphone"),
        ("Courriel", "paul chez exemple", "courriel"),
        ("Horaires", "le lundi matin", "ne se lisent pas"),
        ("Latitude", "47° 13", "nombre"),
        ("Latitude", "147", "entre -90 et 90"),
        ("Vérifié le", "hier", "date"),
        ("SIRET", "123", "14 chiffres"),
        ("Publié", "peut-être", "oui ou non"),
        ("Confiance", "énorme", "haute ou moyenne"),
        ("Code INSEE", "44109 Nantes", "trop long"),
        ("Vérifier tous les", "5", "1 ou 3"),
    ],
)
def test_a_cell_that_cannot_be_used_is_refused_with_the_reason(
    empty: Engine, tmp_path: Path, heading: str, cell: str, said: str
) -> None:
    path = sheet(tmp_path, f"Nom;{heading}\nUn lieu;{cell}\n")
    refusal = check(empty, path, MONDAY).refused[0]
    assert (refusal.row, refusal.column) == (2, heading)
    assert said in refusal.reason


def test_all_or_nothing_unless_asked(own: Engine, tmp_path: Path) -> None:
    before = everything(own)
    path = sheet(tmp_path, HEADINGS + "a;Lieu A;Asile;;\nb;Lieu B;Bonheur;;\n")
    with pytest.raises(RowsRefused):
        run(own, path, "Camille", MONDAY)
    assert everything(own) == before
    report = run(own, path, "Camille", MONDAY, partial=True)
    assert report.written
    assert set(everything(own)) - set(before) == {"a"}


def test_an_import_is_in_the_history_and_leaves_what_it_does_not_name(own: Engine, tmp_path: Path) -> None:
    path = sheet(tmp_path, "Identifiant;Nom;Téléphone\npref44;Préfecture de la Loire-Atlantique;02 00 00 00 00\n")
    run(own, path, "Camille", MONDAY)
    with Session(own) as session:
        found = changes_of(session, "pref44")[0]
        assert (found.field, found.by, found.how) == ("phone", "Camille", "import services.csv")
        assert session.get_one(Service, "pref44").address == "6 quai Ceineray"


def test_the_same_file_twice_changes_nothing(own: Engine, tmp_path: Path) -> None:
    path = sheet(tmp_path, "Nom;Organisme;Commune;Adresse;SIRET\nUn lieu;Une asso;Nantes;1 rue d'Ici;12345678901234\n")
    run(own, path, "Camille", MONDAY)
    assert run(own, path, "Camille", MONDAY).counts["unchanged"] == 1


def test_a_row_that_comes_twice_is_refused(empty: Engine, tmp_path: Path) -> None:
    report = check(empty, sheet(tmp_path, HEADINGS + "a;Lieu;;;\na;Lieu bis;;;\n"), MONDAY)
    assert report.refused[0].reason == "« a » est déjà à la ligne 2"


def test_likely_duplicates_are_shown_with_a_score_and_why(own: Engine, tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        "Nom;Adresse;Commune;Téléphone\n"
        "Prefecture de Loire Atlantique;6, quai Ceineray;Nantes Cedex 1;0240412020\n"
        "Tout autre chose;1 rue d'Ailleurs;Nantes;0240000000\n",
    )
    found = check(own, path, MONDAY).duplicates
    assert [(one.row, one.other_id) for one in found] == [(2, "pref44")]
    assert found[0].score > 0.8
    assert {"téléphone", "adresse"} <= set(found[0].why)


def test_data_inclusion_goes_out_valid_and_comes_back_unchanged(own: Engine, tmp_path: Path) -> None:
    # The package compares with the day it is.
    path, now = tmp_path / "di.json", datetime.now(UTC)
    with Session(own) as session:
        FORMS["data-inclusion"](session, path, Wanted(now))
    told = json.loads(path.read_text())
    for one in told["services"]:
        DataInclusionService.model_validate(one, context={"ignore_warnings": False})
    for one in told["structures"]:
        Structure.model_validate(one, context={"ignore_warnings": False})
    ids = {one["id"] for one in told["structures"]}
    assert {one["structure_id"] for one in told["services"]} <= ids
    assert len(told["services"]) == 208
    report = check(own, path, now)
    assert (report.counts["unchanged"], report.changed, report.refused) == (208, [], [])
    with Session(own) as session:
        FORMS["data-inclusion-csv"](session, tmp_path / "di.csv", Wanted(now))
    report = check(own, tmp_path / "di.csv", now)
    assert (report.counts["unchanged"], report.changed, report.refused) == (208, [], [])


def test_hsds_goes_out_and_comes_back_unchanged(own: Engine, tmp_path: Path) -> None:
    with Session(own) as session:
        FORMS["hsds"](session, tmp_path / "hsds.json", Wanted(MONDAY))
    report = check(own, tmp_path / "hsds.json", MONDAY)
    # Under their UUIDs they are other records: each is recognised as one that is there.
    assert report.counts["refused"] == 0
    assert report.counts["added"] == 208
    assert report.counts["duplicates"] >= 200


def test_a_foreign_data_inclusion_file(empty: Engine, tmp_path: Path) -> None:
    structure = {"source": "dora", "id": "dora--s1", "nom": "Une structure", "date_maj": "2026-01-01"}
    service = {
        **{"source": "dora", "id": "dora--x1", "structure_id": "dora--s1", "nom": "Ateliers", "date_maj": "2026-01-01"},
        **{
            "description": "Ateliers de conversation",
            "thematiques": ["lecture-ecriture-calcul--maitriser-le-francais"],
        },
        **{"publics": ["personnes-exilees"], "nombre_semaines": 3, "frais": "gratuit"},
    }
    broken = {**service, "id": "dora--x2", "thematiques": ["bonheur"]}
    path = sheet(tmp_path, json.dumps({"structures": [structure], "services": [service, broken]}), "di.json")
    report = run(empty, path, "Camille", MONDAY, partial=True)
    assert [(one.row, one.column[:11]) for one in report.refused] == [(2, "thematiques")]
    with Session(empty) as session:
        one = session.get_one(Service, "dora--x1")
        assert (one.topics, one.audiences, one.operator) == (["french_class"], ["newcomers"], "Une structure")


def test_a_record_changed_between_reading_and_writing_stops_the_import(
    own: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sheet(tmp_path, "Identifiant;Nom\npref44;Autre nom\nnouveau;Nouveau\n")
    write = plan._write

    def late(*arguments: Any) -> None:
        with Session(own) as session, session.begin():
            sign(session, "Noé", MONDAY)
            edit(session, "pref44", 1, {"phone": "1"})
        write(*arguments)

    monkeypatch.setattr(plan, "_write", late)
    if own.dialect.name == "sqlite":
        # SQLite lets nobody else write meanwhile; the version is looked at all the same.
        monkeypatch.setattr(plan, "sign", lambda session, *rest: sign(session, *rest))
    with pytest.raises(StaleVersion):
        run(own, path, "Camille", MONDAY)
    assert "nouveau" not in everything(own)


def test_killed_in_the_middle_the_directory_is_as_before(own: Engine, tmp_path: Path) -> None:
    before = everything(own)
    with Session(own) as session:
        lines = session.scalar(select(func.count()).select_from(Change))
    path = sheet(tmp_path, "Nom;Résumé\n" + "".join(f"Lieu {n};Texte {n}\n" for n in range(20_000)))
    marker = tmp_path / "writing"
    url = own.url.render_as_string(hide_password=False)
    script = f"""
import time
from datetime import datetime, UTC
from pathlib import Path
from bot.app import open_database
from directory.importers.plan import run
def progress(step, rows):
    if step == "written" and rows >= 5000:
        Path({str(marker)!r}).touch()
        time.sleep(60)
run(open_database({url!r}), Path({str(path)!r}), "Camille", datetime.now(UTC), progress=progress)
"""
    process = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)
    wait_until(lambda: marker.exists() or process.poll() is not None, 120)
    assert process.poll() is None
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    time.sleep(0.2)
    assert everything(own) == before
    with Session(own) as session:
        assert session.scalar(select(func.count()).select_from(Change)) == lines
        sign(session, "Noé", MONDAY)
        edit(session, "pref44", 1, {"phone": "02 40 00 00 01"})
        session.commit()
