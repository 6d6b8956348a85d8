"""The tables of the first version, which made them without migrations."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_TEXTS = ("summary", "audience", "website", "opening_hours", "opening_hours_text", "languages", "cost")


def upgrade() -> None:
    op.create_table(
        "services",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("name", sa.String(250), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in (*_TEXTS, "appointment", "notes", "source_url")),
        sa.Column("acronym", sa.String(80), nullable=False),
        sa.Column("operator", sa.String(250), nullable=False),
        sa.Column("address", sa.String(250), nullable=False),
        sa.Column("postcode", sa.String(10), nullable=False),
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("insee", sa.String(5), nullable=False),
        sa.Column("lat", sa.Float),
        sa.Column("lon", sa.Float),
        sa.Column("precision", sa.String(20), nullable=False),
        sa.Column("phone", sa.String(60), nullable=False),
        sa.Column("email", sa.String(120), nullable=False),
        sa.Column("published", sa.Boolean, nullable=False),
        sa.Column("source_date", sa.String(20), nullable=False),
        sa.Column("confidence", sa.String(10), nullable=False),
        sa.Column("verified_on", sa.Date),
        sa.Column("verified_by", sa.String(120), nullable=False),
        sa.Column("check_every", sa.Integer, nullable=False),
        sa.Column("edited_at", sa.DateTime),
    )
    op.create_table(
        "service_topics",
        sa.Column("service_id", sa.String(80), sa.ForeignKey("services.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("topic", sa.String(40), primary_key=True),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("first_door", sa.Boolean, nullable=False),
    )
    op.create_index("ix_service_topics_topic", "service_topics", ["topic"])
    op.create_table(
        "places",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("insee", sa.String(40), nullable=False),
        sa.Column("lat", sa.Float, nullable=False),
        sa.Column("lon", sa.Float, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
    )
    op.create_table(
        "emergency_numbers",
        sa.Column("number", sa.String(20), primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("purpose", "available", "source_url")),
    )
    op.create_table(
        "seeded",
        sa.Column("file", sa.String(40), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
    )


def downgrade() -> None:
    for table in ("service_topics", "services", "places", "emergency_numbers", "seeded"):
        op.drop_table(table)
