"""The engine is told how organisations and services are called."""

from __future__ import annotations

from sqlalchemy.orm import Session

from directory.names import known_names


def test_names_and_acronyms_lead_to_records(directory: Session) -> None:
    names = known_names(directory)
    assert names["SPADA"] == "service/ftda-spada-nantes"
    assert names["La Cimade"].startswith("organisation/")
    assert len(names) > 150


def test_a_name_that_several_bear_means_each_of_them(directory: Session) -> None:
    assert len(known_names(directory)["CPAM"].split()) == 4


def test_what_stands_after_the_dash_is_no_name(directory: Session) -> None:
    assert "Restos du cœur" in known_names(directory)
    assert not [name for name in known_names(directory) if name.startswith("Restos du cœur – bus")]
