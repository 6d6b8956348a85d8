"""``escale directory``: what the mission does with the directory from a terminal, in French as the mission speaks."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import httpx2
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.app import open_database
from bot.settings import SettingError, read_settings
from bot.turn import LANGUAGES
from directory import checks
from directory import geocoder as geocoding
from directory.errors import RowsRefused, StaleVersion, UnreadableFile, UnreadableSeed
from directory.exporters.files import FORMS, Wanted, template
from directory.history import sign
from directory.importers import plan
from directory.importers.files import unheard_columns
from directory.importers.plan import Report
from directory.migrations import migrate
from directory.seeding import seed

_SHOWN = 20
FilePath = click.Path(dir_okay=False, path_type=Path)
COUNTS = {
    "added": "à ajouter",
    "changed": "à changer",
    "unchanged": "sans changement",
    "refused": "refusées",
    "duplicates": "doublons probables",
}


@click.group()
def directory() -> None:
    """L'annuaire : importer, exporter, vérifier."""


@contextmanager
def database() -> Iterator[Engine]:
    """Migrated, and closed after."""
    try:
        settings = read_settings()
    except SettingError as problem:
        raise click.ClickException(str(problem)) from None
    settings.var.mkdir(parents=True, exist_ok=True)
    engine = open_database(settings.database)
    try:
        migrate(engine)
        yield engine
    finally:
        engine.dispose()


def now() -> datetime:
    return datetime.now(UTC)


@directory.command("seed")
def seed_command() -> None:
    """Charger les fichiers de départ qui ont changé."""
    with database() as engine:
        try:
            loaded = seed(engine)
        except UnreadableSeed as problem:
            raise click.ClickException(str(problem)) from None
    for file, count in loaded.items():
        click.echo(f"{file} : {count}")


@directory.command("migrate")
def migrate_command() -> None:
    """Mettre les tables à jour (fait aussi à chaque démarrage)."""
    with database() as engine:
        click.echo(f"Tables à jour : {migrate(engine)}")


@directory.command("template")
@click.argument("file", type=FilePath)
def template_command(file: Path) -> None:
    """Écrire un tableau vide à remplir (FILE.xlsx ou FILE.csv)."""
    template(file)
    click.echo(f"Modèle écrit : {file}")


@directory.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Écrire sans demander.")
@click.option("--partial", is_flag=True, help="Écrire les lignes acceptées même si d'autres sont refusées.")
@click.option("--by", default=None, help="Qui importe (votre nom, par défaut celui de la session).")
@click.option("--json", "as_json", is_flag=True, help="Dire ce qui serait fait en JSON, et ne rien écrire.")
def import_command(file: Path, yes: bool, partial: bool, by: str | None, as_json: bool) -> None:
    """Dire ce que l'import de FILE ferait, puis le faire si vous le confirmez.

    Tableau de la mission (CSV, XLSX), data·inclusion v1 (JSON, CSV), HSDS 3.1 (JSON).
    """
    with database() as engine, _told_in_french():
        report = plan.check(engine, file, now(), _progress)
        click.echo("", err=True)
        if as_json:
            click.echo(json.dumps(asdict(report), ensure_ascii=False, default=str))
            return
        _tell(report, unheard_columns(file))
        if not (report.counts["added"] or report.counts["changed"]):
            click.echo("Rien à écrire.")
            return
        if report.refused and not partial:
            raise click.ClickException("Rien n'a été écrit. Corrigez ces lignes, ou ajoutez --partial.")
        if yes or click.confirm("Écrire ?"):
            plan.run(engine, file, by or getpass.getuser(), now(), partial, _progress)
            click.echo("\nÉcrit.")


@contextmanager
def _told_in_french() -> Iterator[None]:
    try:
        yield
    except UnreadableFile as problem:
        raise click.ClickException(str(problem)) from None
    except RowsRefused:
        raise click.ClickException("Le fichier a changé depuis la vérification : rien n'a été écrit.") from None
    except StaleVersion as problem:
        said = f"Quelqu'un a changé « {problem.record_id} » pendant l'import : rien n'a été écrit. Recommencez."
        raise click.ClickException(said) from None


def _progress(step: str, rows: int) -> None:
    done = {"read": "lignes lues", "written": "fiches écrites"}[step]
    click.echo(f"\r{rows} {done}", nl=False, err=True)


def _tell(report: Report, unheard: list[str]) -> None:
    if unheard:
        click.echo(f"Colonnes que l'annuaire ne connaît pas : {', '.join(unheard)}")
    for kind, said in COUNTS.items():
        click.echo(f"{report.counts[kind]:>8}  {said}")
    for row, key, name in report.added[:_SHOWN]:
        click.echo(f"  + ligne {row} : {name} ({key})")
    for changed in report.changed[:_SHOWN]:
        click.echo(f"  ~ ligne {changed.row} : {changed.name} ({changed.id})")
        for heading, (before, after) in changed.fields.items():
            click.echo(f"      {heading} : {before!s:.80} → {after!s:.80}")
    for refused in report.refused[:_SHOWN]:
        click.echo(f"  ! ligne {refused.row}, {refused.column} : {refused.reason}")
    for one in report.duplicates[:_SHOWN]:
        why = ", ".join(one.why)
        click.echo(
            f"  = ligne {one.row} : {one.name} ressemble à {one.other_name} ({one.other_id}) {one.score:.0%}, {why}"
        )
    if any(count > _SHOWN for count in report.counts.values()):
        click.echo(f"  … {_SHOWN} lignes de chaque sorte sont montrées ; --json en donne {plan.SHOWN}.")


@directory.command("export")
@click.argument("form", type=click.Choice(list(FORMS)))
@click.argument("file", type=FilePath)
@click.option("--private", is_flag=True, help="Pour la mission seule : avec pistes, notes et contacts professionnels.")
def export_command(form: str, file: Path, private: bool) -> None:
    """Écrire l'annuaire publié dans FILE."""
    with database() as engine, Session(engine) as session:
        FORMS[form](session, file, Wanted(now(), private))
    click.echo(f"Écrit : {file}")


@directory.command("check")
@click.option("--language", "languages", multiple=True, type=click.Choice(LANGUAGES[1:]), help="Dire ce qui manque.")
@click.option("--json", "as_json", is_flag=True)
def check_command(languages: tuple[str, ...], as_json: bool) -> None:
    """Dire ce qui est ancien, illisible ou manque, et le score de qualité data·inclusion."""
    with database() as engine, Session(engine) as session:
        found = list(checks.problems(session, now(), languages))
        quality = checks.stats(session, now()).quality
    if as_json:
        click.echo(json.dumps({"problems": [asdict(one) for one in found], "quality": quality}, ensure_ascii=False))
        return
    for kind, title in checks.KINDS.items():
        of_kind = [one for one in found if one.kind == kind]
        click.echo(f"\n{title} : {len(of_kind)}")
        for one in of_kind[:_SHOWN]:
            click.echo(f"  {one.service_id} · {one.name} · {one.said}")
        if len(of_kind) > _SHOWN:
            click.echo(f"  … et {len(of_kind) - _SHOWN} autres (--json les donne toutes)")
    _tell_quality(quality)


def _tell_quality(quality: dict[str, float]) -> None:
    click.echo(f"\nQualité data·inclusion : {quality.get('score', 0):.2f} sur 1")
    for name, value in sorted(quality.items(), key=lambda one: one[1]):
        if name != "score":
            click.echo(f"  {value:.2f}  {name.replace('_', ' ')}")


@directory.command("locate")
@click.option("--by", default=None, help="Qui le fait (votre nom, par défaut celui de la session).")
def locate_command(by: str | None) -> None:
    """Demander les coordonnées qui manquent au géocodeur réglé par ESCALE_GEOCODER_URL."""
    url = read_settings().geocoder_url
    if not url:
        raise click.ClickException("Aucun géocodeur n'est réglé : voir ESCALE_GEOCODER_URL dans .env.example.")
    with database() as engine, Session(engine) as session, httpx2.Client(base_url=url) as geocoder:
        sign(session, by or getpass.getuser(), now(), "geocoder")
        found = list(geocoding.missing(session, geocoder))
        for site, located in found:
            site.lat, site.lon = located.point.lat, located.point.lon
            site.precision, site.position_source = located.precision, located.source
            click.echo(f"{site.service_id} · {site.address} : {site.lat}, {site.lon} ({site.precision})")
        session.commit()
    click.echo(f"Lieux situés : {len(found)}")


@directory.command("stats")
@click.option("--json", "as_json", is_flag=True)
def stats_command(as_json: bool) -> None:
    """Compter ce que l'annuaire contient."""
    with database() as engine, Session(engine) as session:
        found: dict[str, Any] = asdict(checks.stats(session, now()))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for name, said in STATS.items():
        value = found[name]
        if isinstance(value, dict):
            click.echo(f"{said} :")
            click.echo("".join(f"{count:>8}  {key}\n" for key, count in value.items()), nl=False)
        else:
            click.echo(f"{said} : {value}")


STATS = {
    "services": "Services publiés",
    "leads": "Pistes à vérifier",
    "organisations": "Organismes",
    "changes": "Changements dans l'historique",
    "freshness": "Fraîcheur",
    "filled": "Champs remplis",
    "topics": "Thèmes",
}
