"""The tables are those of the models, whoever made the database."""

from __future__ import annotations

from datetime import datetime

from alembic.autogenerate import compare_metadata
from alembic.command import upgrade
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from directory.migrations import HERE, migrate
from directory.models import Base, Service
from directory.seeding import seed

FIRST_SERVICE = {
    **dict.fromkeys(("summary", "audience", "website", "opening_hours", "opening_hours_text", "languages"), ""),
    **dict.fromkeys(("cost", "appointment", "notes", "source_url", "acronym", "postcode", "insee", "email"), ""),
    **{"id": "edited", "name": "Corrigé à la main", "operator": "Une association", "address": "1 rue d'Ici"},
    **{"city": "Nantes", "lat": 47.2, "lon": -1.5, "precision": "street", "phone": "02 40 00 00 00"},
    **{"published": True, "source_date": "2026", "confidence": "high", "verified_on": None, "verified_by": ""},
    **{"check_every": 6, "edited_at": datetime(2026, 11, 1)},
}


def test_models_and_migrations_agree(blank: Engine) -> None:
    migrate(blank)
    with blank.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_twice_changes_nothing(blank: Engine) -> None:
    assert migrate(blank) == migrate(blank) == "0002"


def test_what_was_edited_in_the_first_version_is_kept(blank: Engine) -> None:
    _first_version(blank)
    names = ", ".join(f'"{name}"' for name in FIRST_SERVICE)
    values = ", ".join(f":{name}" for name in FIRST_SERVICE)
    with blank.begin() as connection:
        connection.execute(text(f"INSERT INTO services ({names}) VALUES ({values})"), FIRST_SERVICE)
        connection.execute(text("INSERT INTO service_topics VALUES ('edited', 'food', 0, false)"))
        connection.execute(text("DROP TABLE alembic_version"))
    seed(blank)
    with Session(blank) as session:
        service = session.get_one(Service, "edited")
        assert (service.phone, service.address, service.operator) == (
            "02 40 00 00 00",
            "1 rue d'Ici",
            "Une association",
        )
        assert (service.topics, service.edited_at, service.published) == (["food"], datetime(2026, 11, 1), True)
        assert session.query(Service).count() == 300


def _first_version(engine: Engine) -> None:
    with engine.connect() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(HERE))
        upgrade(config, "0001")
        connection.commit()
