"""The page, as a person with a phone has it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.conftest import Running


def ask(page: Page, text: str) -> None:
    page.fill("#text", text)
    page.press("#text", "Enter")


def test_a_question_is_answered_with_cards_that_can_be_called(page: Page, escale: Running) -> None:
    page.goto(f"{escale.url}/?lang=fr")
    ask(page, "où apprendre le français près de Bellevue ?")
    cards = page.locator(".card")
    expect(cards).to_have_count(3)
    expect(cards.first).to_contain_text("Bellevue")
    expect(cards.first).to_contain_text("À confirmer")
    assert page.locator("a.call").first.get_attribute("href", timeout=2000).startswith("tel:+33")  # type: ignore[union-attr]


def test_arabic_is_right_to_left_and_french_names_keep_their_order(page: Page, escale: Running) -> None:
    page.goto(f"{escale.url}/?lang=ar")
    ask(page, "أين أتعلم الفرنسية قرب بيلفو")
    expect(page.locator(".card")).to_have_count(3)
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator(".card h2 bdi").first.get_attribute("lang") == "fr"
    mine, answer = page.locator(".person").first.bounding_box(), page.locator(".escale").first.bounding_box()
    assert mine
    assert answer
    assert mine["x"] < answer["x"]


def test_writing_in_another_language_turns_the_page_to_it(page: Page, escale: Running) -> None:
    page.goto(f"{escale.url}/?lang=fr")
    ask(page, "where can I learn french near Bellevue?")
    expect(page).to_have_url(re.compile("lang=en"))
    expect(page.locator("#text")).to_have_attribute("placeholder", "Write here")
    # What was said is still there.
    expect(page.locator(".card")).to_have_count(3)
    expect(page.locator(".person")).to_have_text("where can I learn french near Bellevue?")


def test_the_chosen_language_wins(page: Page, escale: Running) -> None:
    page.goto(f"{escale.url}/?lang=fr")
    page.select_option("#language", "ti")
    expect(page.locator("html")).to_have_attribute("lang", "ti")
    ask(page, "hello I am looking for a school")
    expect(page.locator(".card").first).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "ti")


def test_everything_can_be_done_by_buttons_and_keyboard(page: Page, escale: Running) -> None:
    page.goto(f"{escale.url}/?lang=fr")
    page.get_by_role("button", name="Manger").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".card")).to_have_count(3)
    page.get_by_role("button", name="D'autres adresses").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".card")).to_have_count(6)
    page.get_by_role("button", name="Autre sujet").click()
    page.get_by_role("button", name="Autres sujets").click()
    expect(page.get_by_role("button", name="Travail, formation")).to_be_visible()


def test_emergency_numbers_are_buttons_as_wide_as_the_screen(page: Page, escale: Running) -> None:
    page.goto(f"{escale.url}/?lang=fr")
    ask(page, "mon bébé ne respire plus")
    first = page.locator(".emergency a").first
    expect(first).to_have_attribute("href", "tel:112")
    box = first.bounding_box()
    assert box
    assert box["width"] > 330
    assert box["height"] >= 44


def test_a_position_leaves_the_phone_rounded(page: Page, escale: Running) -> None:
    page.context.set_geolocation({"latitude": 47.2173456, "longitude": -1.5534567})
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    page.goto(f"{escale.url}/?lang=fr")
    page.get_by_role("button", name="Apprendre le français").click()
    expect(page.locator(".card").first).to_be_visible()
    page.click("#here")
    expect(page.locator(".card").nth(3)).to_contain_text("min à pied")
    assert '"lat":47.217,"lon":-1.553' in "".join(sent)


def test_without_network_the_message_can_be_sent_again(page: Page, escale: Running) -> None:
    page.goto(f"{escale.url}/?lang=fr")
    page.expected_problems = 1  # type: ignore[attr-defined]
    page.route("**/api/chat", lambda route: route.abort())
    ask(page, "où apprendre le français ?")
    expect(page.locator("#status")).to_contain_text("Pas de réseau")
    page.unroute("**/api/chat")
    page.get_by_role("button", name="Réessayer").click()
    expect(page.locator(".card").first).to_be_visible()
    expect(page.locator(".person")).to_have_count(1)


@pytest.mark.parametrize("language", ["fr", "ar", "ti"])
def test_no_other_host_is_called_and_nothing_is_cut_off(page: Page, escale: Running, language: str) -> None:
    others: list[str] = []

    def look(route: Route) -> None:
        if not route.request.url.startswith(escale.url):
            others.append(route.request.url)
        route.continue_()

    page.route("**/*", look)
    page.goto(f"{escale.url}/?lang={language}")
    page.locator("#choices button").first.click()
    expect(page.locator(".card").first).to_be_visible()
    assert others == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_markup_in_a_message_is_only_text(page: Page, escale: Running) -> None:
    page.goto(f"{escale.url}/?lang=fr")
    ask(page, "<img src=x onerror=alert(1)> <b>cours</b>")
    expect(page.locator(".person")).to_contain_text("<img src=x")
    assert page.locator(".person img, .person b").count() == 0
