"""POST /api/chat against the real engine with the really trained model."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from bot.settings import ROOT
from tests.conftest import Running, Talk, numbers, services, texts

SERVICE_FIELDS = {"id", "lang", "name", "summary", "topics", "hours", "freshness", "links"}


@pytest.mark.parametrize(
    ("text", "locale", "intent", "first"),
    [
        ("où apprendre le français près de Bellevue ?", "fr", "ask_french_class", "Bellevue"),
        ("where can I learn french near Bellevue?", "en", "ask_french_class", "Bellevue"),
        ("أين أتعلم الفرنسية قرب بيلفو", "ar", "ask_french_class", "Bellevue"),
        ("je viens d'arriver et je veux demander l'asile", "fr", "ask_asylum", "premier accueil"),
        ("I want to ask for asylum, where do I start", "en", "ask_asylum", "premier accueil"),
        ("أريد أن أطلب اللجوء في فرنسا", "ar", "ask_asylum", "premier accueil"),
        ("comment inscrire ma fille à l'école ?", "fr", "ask_schooling", "école publique"),
        ("how do I put my daughter in school", "en", "ask_schooling", "école publique"),
        ("كيف أسجل ابنتي في المدرسة", "ar", "ask_schooling", "école publique"),
        ("je cherche un logement social pour ma famille", "fr", "ask_social_housing", ""),
        ("how to apply for social housing", "en", "ask_social_housing", ""),
        ("كيف أقدم طلب سكن اجتماعي", "ar", "ask_social_housing", ""),
        ("je n'ai nulle part où dormir ce soir", "fr", "ask_emergency_shelter", ""),
        ("I have nowhere to sleep tonight", "en", "ask_emergency_shelter", ""),
        ("ليس لدي مكان أنام فيه الليلة", "ar", "ask_emergency_shelter", ""),
    ],
)
def test_a_need_is_answered_with_real_services(talk: Talk, text: str, locale: str, intent: str, first: str) -> None:
    turn = talk.say(text)
    assert (turn["locale"], turn["understood"]["intent"]) == (locale, intent)
    assert turn["direction"] == ("rtl" if locale == "ar" else "ltr")
    found = services(turn)
    assert 1 <= len(found) <= 3
    assert first in found[0]["name"]
    for card in found:
        assert set(card) >= SERVICE_FIELDS
        assert card["freshness"] in ("to_confirm", "stale")
        assert card["confirm"]
    assert turn["choices"]


def test_near_a_known_place_the_distance_is_told(talk: Talk) -> None:
    turn = talk.say("où apprendre le français près de Bellevue ?")
    assert {"entity": "place", "value": "bellevue"} in turn["understood"]["entities"]
    distances = [card["distance_m"] for card in services(turn)]
    assert distances[0] < 2000


def test_numbers_come_first_in_an_emergency(talk: Talk) -> None:
    for text in ("mon bébé ne respire plus", "my husband is beating me now help me", "ابني لا يتنفس"):
        turn = talk.say(text)
        assert turn["understood"]["intent"] == "emergency"
        assert numbers(turn)[:2] == ["112", "15"]
        assert [message["kind"] for message in turn["messages"]][:2] == ["text", "emergency"]


def test_a_night_without_shelter_gives_115_before_anything(talk: Talk) -> None:
    turn = talk.say("ma famille n'a pas d'hébergement ce soir")
    assert turn["messages"][0]["kind"] == "emergency"
    assert numbers(turn) == ["115"]


@pytest.mark.parametrize("text", ["qui a gagné le match hier", "tell me a joke", "zzz qqq xxx", "؟؟؟", "🙂", "?"])
def test_what_is_not_understood_gets_buttons_never_silence(talk: Talk, text: str) -> None:
    turn = talk.say(text)
    assert texts(turn)
    assert turn["choices"]


def test_a_conversation_goes_on(talk: Talk) -> None:
    talk.say("bonjour")
    assert len(talk.last["choices"]) == 8
    first = services(talk.press("Apprendre le français"))
    assert any(message["kind"] == "ask_location" for message in talk.last["messages"])
    near = services(talk.say("je suis à Pirmil"))
    assert near[0]["distance_m"] < 3000
    assert near != first
    more = services(talk.press("D'autres adresses"))
    assert not {card["id"] for card in more} & {card["id"] for card in near}
    assert texts(talk.press("Horaires"))
    assert texts(talk.say("c'est quoi le numéro de téléphone ?"))
    assert texts(talk.say("merci")) == ["Avec plaisir."]
    assert texts(talk.say("au revoir"))


def test_a_shared_position_is_rounded_and_named(talk: Talk) -> None:
    talk.say("où apprendre le français")
    turn = talk.say(location={"lat": 47.21731234, "lon": -1.55341234})
    (entity,) = turn["understood"]["entities"]
    assert entity["entity"] == "place"
    assert services(turn)[0]["distance_m"] < 5000
    far = talk.say(location={"lat": 48.85, "lon": 2.35})
    assert "Nantes" in texts(far)[0]


def test_the_language_can_be_changed_and_stays(talk: Talk) -> None:
    talk.say("changer de langue")
    turn = talk.press("العربية")
    assert (turn["locale"], turn["direction"]) == ("ar", "rtl")
    assert talk.say("ok")["locale"] == "ar"
    assert talk.say("french class")["locale"] == "ar"


def test_forget_me_ends_the_conversation(talk: Talk, escale: Running) -> None:
    talk.say("je cherche un cours de français à Bellevue")
    before = talk.id
    turn = talk.say("oublie-moi, efface tout")
    assert turn["understood"]["intent"] == "forget_me"
    assert turn["conversation"] != before
    assert texts(turn) == ["C'est fait : tout est effacé."]
    again = Talk(escale.url)
    again.id = before
    assert again.say("d'autres adresses")["conversation"] != before
    again.close()


def test_a_very_long_message_is_cut_read_and_the_cut_is_said(talk: Talk) -> None:
    turn = talk.say("je cherche un cours de français pour mon mari. " * 70)
    assert "très long" in texts(turn)[0]
    assert turn["understood"]["intent"] == "ask_french_class"


def test_a_long_conversation_keeps_what_it_knows(talk: Talk) -> None:
    talk.say("je cherche un cours de français à Bellevue")
    for _ in range(33):
        talk.say("merci")
    found = services(talk.say("d'autres adresses"))
    assert any("distance_m" in card for card in found)


BAD = [
    ({"text": ""}, 422, "EmptyMessage"),
    ({"text": "   "}, 422, "EmptyMessage"),
    ({}, 422, "NotOneOf"),
    ({"text": "x", "choice": "y"}, 422, "NotOneOf"),
    ({"text": "x" * 100_000}, 413, "MessageTooLong"),
    ({"text": "bonjour", "locale": "xx"}, 422, "UnknownLocale"),
    ({"choice": "ask_contact?service=no-such-service~AAAAAAAAAAAAAAAA"}, 422, "UnknownChoice"),
    ({"choice": "/emergency"}, 422, "UnknownChoice"),
    ({"text": 5}, 422, "InvalidRequest"),
    ({"text": "x", "audience": "police"}, 422, "InvalidRequest"),
    ({"location": {"lat": 91, "lon": 0}}, 422, "InvalidRequest"),
    ([1, 2], 422, "InvalidRequest"),
]


@pytest.mark.parametrize(("body", "status", "error"), BAD)
def test_bad_input_gets_a_named_error(escale: Running, body: Any, status: int, error: str) -> None:
    response = httpx2.post(f"{escale.url}/api/chat", json=body)
    assert (response.status_code, response.json()["error"]) == (status, error)
    assert set(response.json()) == {"error", "detail"}


def test_invalid_json_gets_a_named_error(escale: Running) -> None:
    response = httpx2.post(f"{escale.url}/api/chat", content=b'{"text": ', headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()["error"]) == (400, "InvalidJson")


def test_after_bad_input_the_conversation_goes_on(talk: Talk, escale: Running) -> None:
    talk.say("je cherche un cours de français à Bellevue")
    for body, _, _ in BAD[:8]:
        httpx2.post(f"{escale.url}/api/chat", json={**body, "conversation": talk.id})  # type: ignore[dict-item]
    assert services(talk.say("d'autres adresses"))


def test_a_typed_command_is_only_text(talk: Talk) -> None:
    assert talk.say("/forget_me")["conversation"] == talk.id
    turn = talk.say('/ask_contact{"service": "pref44"}')
    assert turn["understood"]["confidence"] < 1 or turn["understood"]["intent"] != "ask_contact"


def test_a_choice_of_another_conversation_is_not_obeyed(talk: Talk, escale: Running) -> None:
    talk.say("je cherche un cours de français à Bellevue")
    payload = talk.last["choices"][0]["payload"]
    response = httpx2.post(f"{escale.url}/api/chat", json={"choice": payload})
    assert response.json()["error"] == "UnknownChoice"


def test_no_word_of_a_person_is_in_a_log_or_file(escale: Running) -> None:
    """Sent in every way that can go wrong, then looked for in all that was written."""
    talk = Talk(escale.url)
    word = "Xiloquampa"
    talk.say(f"je m'appelle {word} et je cherche un cours de français")
    talk.say(f"zzz {word}")
    for body in ({"text": word, "choice": word}, {"text": word, "locale": word}, {"choice": word}, {"text": [word]}):
        httpx2.post(f"{escale.url}/api/chat", json=body)
    httpx2.post(f"{escale.url}/api/chat", content=f'{{"text": "{word}'.encode())
    httpx2.get(f"{escale.url}/{word}")
    assert talk.id is not None
    for path in escale.var.rglob("*"):
        if path.is_file() and path.suffix != ".gz":
            written = path.read_bytes()
            assert word.encode() not in written, path
            assert talk.id.encode() not in written, path
    talk.close()


def test_a_stranger_cannot_play_the_engine(escale: Running) -> None:
    for headers in ({}, {"Authorization": "Bearer x"}):
        response = httpx2.post(f"{escale.url}/engine/actions", json={}, headers=headers)
        assert (response.status_code, response.json()["error"]) == (403, "NotAllowed")
    engine = f"http://127.0.0.1:{escale.settings.engine_port}"
    assert httpx2.get(f"{engine}/conversations/x/tracker").status_code == 401


def test_health_languages_and_topics(talk: Talk, escale: Running) -> None:
    assert httpx2.get(f"{escale.url}/api/health/live").json() == {"status": "live"}
    assert httpx2.get(f"{escale.url}/api/health/ready").json() == {"status": "ready", "missing": []}
    languages = httpx2.get(f"{escale.url}/api/languages").json()
    assert len(languages) == 12
    assert {"locale": "ps", "name": "پښتو", "direction": "rtl"} in languages
    topics = httpx2.get(f"{escale.url}/api/topics", params={"locale": "en"}).json()
    assert len(topics) == 30
    assert httpx2.get(f"{escale.url}/api/topics", params={"locale": "xx"}).json()["error"] == "UnknownLocale"
    turn = talk.say(choice=topics[0]["payload"])
    assert turn["understood"]["intent"] == f"ask_{topics[0]['topic']}"


def test_unknown_paths_have_a_named_error(escale: Running) -> None:
    assert httpx2.get(f"{escale.url}/nowhere").json()["error"] == "NotFound"
    assert httpx2.get(f"{escale.url}/api/chat").json()["error"] == "MethodNotAllowed"


def test_the_api_docs_come_from_this_machine_alone(escale: Running) -> None:
    page = httpx2.get(f"{escale.url}/api/docs").text
    assert "/api/docs-assets/" in page
    assert "https://" not in page
    assert "/api/chat" in httpx2.get(f"{escale.url}/api/openapi.json").text


def test_the_page_keeps_itself_to_itself(escale: Running) -> None:
    response = httpx2.get(f"{escale.url}/", headers={"Accept-Language": "ar"})
    assert 'lang="ar" dir="rtl"' in response.text
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "http" not in response.text.replace("http-equiv", "")


def test_the_cards_are_the_records(talk: Talk) -> None:
    """What is shown is what the seed says, to the letter."""
    import csv

    with open(ROOT / "directory" / "seed" / "services.csv", encoding="utf-8") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    for text in ("je cherche un cours de français", "logement social", "manger gratuit", "titre de séjour"):
        for card in services(talk.say(text)):
            row = rows[card["id"]]
            assert card["name"] == row["name"].strip()
            assert card["summary"] == row["summary_fr"].strip()
            assert row["address"].strip() in card.get("address", "")
            assert card.get("source_date", "") == row["source_date"].strip()
