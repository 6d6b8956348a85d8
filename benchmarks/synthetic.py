"""A directory the size of France, made up: the same every time, and like ours in words, hours and places."""

from __future__ import annotations

import csv
import random
from pathlib import Path

from directory.seeding import SEED
from directory.tables import topics

HEADINGS = (
    *("Identifiant", "Nom", "Sigle", "Organisme", "Thèmes", "Résumé", "Publics (précisions)", "Adresse", "Code postal"),
    *("Commune", "Code INSEE", "Latitude", "Longitude", "Précision", "Téléphone", "Courriel", "Horaires", "Coût"),
    *("Rendez-vous", "Langues parlées", "Source", "Date de la source", "Confiance", "Vérifié le"),
)
HOURS = ("Mo-Fr {0:02}:00-12:30,13:30-{1}:00", "Mo,We,Fr {0:02}:15-{1}:30", "Tu,Th {0:02}:30-12:00; Sa 10:00-12:00", "")
TOWNS = 5_000


def write(path: Path, count: int) -> None:
    chance = random.Random(44109)
    towns = _towns(chance)
    with open(SEED / "services.csv", encoding="utf-8", newline="") as file:
        real = list(csv.DictReader(file))
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADINGS)
        for number in range(count):
            writer.writerow(_row(chance, number, real, towns))


def _towns(chance: random.Random) -> list[tuple[str, str, float, float]]:
    """Name, INSEE code, latitude, longitude; 96 departments, and Nantes as it is."""
    sounds = (
        "val",
        "mont",
        "roche",
        "ville",
        "court",
        "gny",
        "bourg",
        "nac",
        "lieu",
        "champ",
        "font",
        "ay",
        "mer",
        "ier",
    )
    made = []
    for number in range(TOWNS):
        name = "".join(chance.choices(sounds, k=chance.choice((2, 3)))).capitalize()
        made.append((name, f"{number % 95 + 1:02}{number // 95:03}", chance.uniform(43, 50), chance.uniform(-1.8, 7)))
    return [("Nantes", "44109", 47.2173, -1.5534), *made]


def _row(
    chance: random.Random, number: int, real: list[dict[str, str]], towns: list[tuple[str, str, float, float]]
) -> list[str]:
    like = chance.choice(real)
    town, insee, lat, lon = towns[0] if number % 100 == 0 else chance.choice(towns)
    about = chance.sample(list(topics()), chance.choice((1, 1, 2, 3)))
    hours = chance.choice(HOURS).format(chance.randint(8, 10), chance.randint(16, 19))
    texts = " ".join(part["summary_fr"] for part in chance.sample(real, 2))
    return [
        *(f"s{number}", f"{like['name'].split(' – ')[0]} – {town} {number % 7}", like["acronym"]),
        *(f"{like['operator'] or 'Association'} {insee[:2]}", ";".join(about), texts, like["audience"]),
        *(f"{chance.randint(1, 200)} rue {chance.choice(towns)[0]}", f"{insee[:2]}{number % 1000:03}", town, insee),
        *(f"{lat + chance.gauss(0, 0.03):.5f}", f"{lon + chance.gauss(0, 0.04):.5f}", "street"),
        *(f"0{chance.randint(1, 9)} {number:08}"[:14], "", hours, chance.choice(("gratuit", "", "payant"))),
        *(chance.choice(("oui", "non", "")), chance.choice(("", "fr", "fr;ar", "fr;en;ru")), "https://exemple.fr"),
        *("2026", chance.choice(("high", "medium", "low")), chance.choice(("", "2026-10-01", "2025-01-01"))),
    ]
