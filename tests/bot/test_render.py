"""Facts become messages of the contract: every field from its record, every sentence in the language asked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.i18n.catalogues import words
from bot.replies import render
from bot.replies.cards import card, dialable, hours_text
from bot.replies.render import MOST_CHOICES
from bot.replies.titles import TOPICS as TITLES
from bot.turn import LANGUAGES, TOPICS, Say
from directory.hours import PARIS, hours_at
from directory.models import Service
from directory.search import published_service
from tests.conftest import MONDAY


def told(directory: Session, *say: Say, locale: str = "fr") -> Any:
    return render(say, locale, directory, MONDAY)


def test_titles_name_the_thirty_topics() -> None:
    assert set(TITLES) == set(TOPICS)


def test_a_card_says_what_its_record_says(directory: Session) -> None:
    service = published_service(directory, "maj-seligmann")
    shown = card(service, words("fr"), MONDAY)
    assert shown["name"] == service.name
    assert shown["address"] == "4 rue Francisco-Ferrer, 44000 Nantes"
    assert shown["phone"] == "+33240292100"
    assert shown["source_date"] == service.source_date
    assert "checked_on" not in shown
    assert shown["freshness"] == "to_confirm"
    assert shown["confirm"] == "À confirmer : appelez d'abord."


def test_nothing_empty_is_shown(directory: Session) -> None:
    shown = card(published_service(directory, "ftda-spada-nantes"), words("fr"), MONDAY)
    assert not {"address", "phone", "website", "lat", "distance_m"} & set(shown)
    assert "" not in shown.values()


def test_a_checked_record_is_not_to_confirm(directory: Session) -> None:
    service = published_service(directory, "maj-seligmann")
    service.verified_on = date(2026, 11, 2)
    with directory.no_autoflush:
        shown = card(service, words("fr"), MONDAY)
    directory.expunge(service)
    assert (shown["checked_on"], shown["freshness"], "confirm" in shown) == ("2026-11-02", "fresh", False)


@pytest.mark.parametrize(
    ("phone", "dialled"),
    [("02 40 41 20 20", "+33240412020"), ("36 46", "3646"), ("115", "115"), ("", ""), ("+33 2 40", "33240")],
)
def test_a_phone_can_be_dialled(phone: str, dialled: str) -> None:
    assert dialable(phone) == dialled


@pytest.mark.parametrize(
    ("expression", "now", "said"),
    [
        ("Mo-Fr 09:00-17:00", datetime(2026, 11, 23, 10), "Ouvert jusqu'à 17:00"),
        ("Mo-Fr 09:00-17:00", datetime(2026, 11, 23, 8), "Fermé. Ouvre aujourd'hui à 09:00"),
        ("Mo-Fr 09:00-17:00", datetime(2026, 11, 23, 18), "Fermé. Ouvre demain à 09:00"),
        ("Mo-Fr 09:00-17:00", datetime(2026, 11, 27, 18), "Fermé. Ouvre lundi à 09:00"),
        ("Dec 24 10:00-12:00", datetime(2026, 11, 27, 18), "Fermé. Ouvre le 24 décembre 2026 à 10:00"),
        ("24/7", datetime(2026, 11, 27, 18), "Ouvert jour et nuit"),
        ("", datetime(2026, 11, 27, 18), "Horaires inconnus : appelez d'abord"),
    ],
)
def test_hours_are_told(expression: str, now: datetime, said: str) -> None:
    now = now.replace(tzinfo=PARIS)
    assert hours_text(hours_at(expression, now), words("fr"), now, can_call=True) == said


def test_the_menu_shows_all_topics_over_its_pages(directory: Session) -> None:
    seen: list[str] = []
    page = "0"
    for _ in range(10):
        offered = [choice for _, choice in told(directory, Say("menu", {"page": page})).choices]
        assert len(offered) <= MOST_CHOICES
        seen += [choice.intent for choice in offered[:-1]]
        page = offered[-1].about["page"]
        if page == "0":
            break
    assert seen == list(TITLES)


SAYS = [
    Say("greet"),
    Say("menu"),
    Say("services", {"services": ["maj-seligmann", "pref44"], "place": "bellevue", "more": True}),
    Say("services", {"services": [], "place": None, "more": False}),
    Say("emergency", {"numbers": ["112", "15"]}),
    Say("opening", {"services": ["maj-seligmann", "logis-saint-jean"]}),
    Say("detail", {"about": "ask_cost", "services": ["pref44"]}),
    Say("detail", {"about": "ask_contact", "services": []}),
    Say("place_known", {"place": "bellevue"}),
    Say("did_you_mean", {"topics": ["ask_food", "ask_health"]}),
    Say("languages"),
    Say("human", {"services": ["mairie-nantes"]}),
]


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("say", SAYS, ids=lambda say: say.key)
def test_everything_can_be_told_in_every_language(directory: Session, say: Say, locale: str) -> None:
    reply = told(directory, say, locale=locale)
    assert reply.messages
    assert len(reply.choices) <= MOST_CHOICES
    for message in reply.messages:
        assert message["lang"] in (locale, "fr")
        assert "{" not in message.get("text", "")


def test_a_service_withdrawn_meanwhile_is_left_out(directory: Session) -> None:
    reply = told(directory, Say("services", {"services": ["gone", "pref44"], "place": None, "more": False}))
    assert [shown["id"] for shown in reply.messages[-1]["services"]] == ["pref44"]


def test_the_week_is_told_day_by_day(directory: Session) -> None:
    reply = told(directory, Say("opening", {"services": ["maj-seligmann"]}))
    assert "lundi 10:00–12:00" in "\n".join(message["text"] for message in reply.messages)


def test_the_services_message_says_that_records_are_french(directory: Session) -> None:
    reply = told(directory, Say("services", {"services": ["pref44"], "place": None, "more": False}), locale="ar")
    (message,) = reply.messages
    assert message["lang"] == "fr"
    assert message["services"][0]["hours"]["text"] == words("ar").say("Sur rendez-vous")


def test_an_unpublished_lead_is_never_rendered(directory: Session) -> None:
    assert directory.get_one(Service, "ofii-nantes")
    reply = told(directory, Say("detail", {"about": "ask_contact", "services": ["ofii-nantes"]}))
    assert "ofii" not in str(reply.messages).lower()
