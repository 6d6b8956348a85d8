"""One short function per key of Say; the table at the end names them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.i18n.catalogues import OWN_NAMES, SOURCE, Words, _, words
from bot.replies.cards import address, card, dialable, hours, map_link, week
from bot.replies.titles import FIRST_STEPS, FOLLOW_UPS, NUMBERS, TOPICS
from bot.turn import Choice, Reply, Say
from directory.errors import DirectoryError
from directory.geo import place, point_of
from directory.hours import ALWAYS
from directory.models import Service
from directory.search import emergency_numbers, published_service

Message = dict[str, Any]
Values = Mapping[str, Any]

# Telegram's and a thumb's limit alike.
MOST_CHOICES = 8
TOPICS_PER_PAGE = MOST_CHOICES - 1


@dataclass(frozen=True)
class Telling:
    """What a function needs to tell a fact: language, directory, time."""

    words: Words
    directory: Session
    now: datetime

    def text(self, sentence: str, **values: Any) -> Message:
        return {"kind": "text", "text": self.words.say(sentence, **values), "lang": self.words.language}

    def button(self, title: str, intent: str, **about: str) -> tuple[str, Choice]:
        return self.words.say(title), Choice(intent, about)


@dataclass(frozen=True)
class Told:
    messages: list[Message] = field(default_factory=list)
    choices: list[tuple[str, Choice]] = field(default_factory=list)


def render(say: Iterable[Say], locale: str, directory: Session, now: datetime) -> Reply:
    telling = Telling(words(locale), directory, now)
    told = [TELL[one.key](telling, one.values) for one in say]
    messages = tuple(message for part in told for message in part.messages)
    offered = {choice_key(choice): (label, choice) for part in told for label, choice in part.choices}
    return Reply(locale, messages, tuple(offered.values())[:MOST_CHOICES])


def choice_key(choice: Choice) -> tuple[str, tuple[tuple[str, str], ...]]:
    return choice.intent, tuple(sorted(choice.about.items()))


def sentence(french: str) -> Callable[[Telling, Values], Told]:
    """A key that is one sentence and nothing else."""
    return lambda telling, values: Told([telling.text(french)])


def menu(telling: Telling, values: Values) -> Told:
    page = int(values.get("page", 0))
    intents = list(TOPICS)[page * TOPICS_PER_PAGE : (page + 1) * TOPICS_PER_PAGE]
    last = (page + 1) * TOPICS_PER_PAGE >= len(TOPICS)
    choices = [telling.button(TOPICS[intent], intent) for intent in intents]
    more = telling.button(_("Autres sujets"), "show_menu", page="0" if last else str(page + 1))
    return Told([telling.text(_("Choisissez un sujet, ou écrivez votre question."))], [*choices, more])


def services(telling: Telling, values: Values) -> Told:
    near = point_of(telling.directory, values.get("place"))
    cards = [card(service, telling.words, telling.now, near) for service in _known(telling, values["services"])]
    if not cards:
        return no_service(telling, values)
    intro = [telling.text(_("Près de {place} :"), place=place(telling.directory, values["place"]).name)] if near else []
    follow_ups = [name for name in FOLLOW_UPS if name != "ask_more_results" or values.get("more")]
    # The texts of the records exist only in French: the message says so, each card says which are not.
    message = {"kind": "services", "services": cards, "lang": SOURCE}
    return Told([*intro, message], [telling.button(FOLLOW_UPS[name], name) for name in follow_ups])


def _known(telling: Telling, ids: Iterable[str]) -> list[Service]:
    """A record withdrawn between search and rendering is left out: nobody is sent to it."""
    found = []
    for service_id in ids:
        try:
            found.append(published_service(telling.directory, service_id))
        except DirectoryError:
            continue
    return found


def no_service(telling: Telling, values: Values) -> Told:
    told = telling.text(_("Nous ne connaissons pas encore de lieu pour cela. Une personne peut vous aider."))
    return Told([told], [telling.button(FOLLOW_UPS[name], name) for name in ("ask_human", "show_menu")])


def no_more(telling: Telling, values: Values) -> Told:
    told = telling.text(_("Nous ne connaissons pas d'autre lieu pour cela."))
    return Told([told], [telling.button(FOLLOW_UPS[name], name) for name in ("ask_human", "show_menu")])


def first_steps(telling: Telling, values: Values) -> Told:
    return Told([telling.text(FIRST_STEPS[values["need"]])])


def emergency(telling: Telling, values: Values) -> Told:
    known = emergency_numbers(telling.directory, values["numbers"])
    numbers = [{"number": row.number, "label": telling.words.say(NUMBERS[row.number])} for row in known]
    return Told([{"kind": "emergency", "numbers": numbers, "lang": telling.words.language}])


def danger(telling: Telling, values: Values) -> Told:
    told = telling.text(_("Si quelqu'un est en danger, appelez tout de suite. C'est gratuit."))
    return Told([told, *emergency(telling, values).messages], [telling.button(FOLLOW_UPS["show_menu"], "show_menu")])


def ask_place(telling: Telling, values: Values) -> Told:
    asked = telling.words.say(_("Où êtes-vous ? Écrivez votre quartier, votre ville ou un arrêt de tram."))
    anywhere = telling.button(_("N'importe où à Nantes"), "give_location", place="nantes")
    return Told([{"kind": "ask_location", "text": asked, "lang": telling.words.language}], [anywhere])


def place_known(telling: Telling, values: Values) -> Told:
    name = place(telling.directory, values["place"]).name
    return Told([telling.text(_("D'accord : {place}. Que cherchez-vous ?"), place=name)], menu(telling, {}).choices)


def place_unknown(telling: Telling, values: Values) -> Told:
    told = telling.text(_("Nous ne connaissons pas ce lieu. Écrivez un quartier, une ville ou un arrêt de tram."))
    return Told([told], ask_place(telling, {}).choices)


def far_away(telling: Telling, values: Values) -> Told:
    return Told([telling.text(_("Escale connaît seulement Nantes et les communes autour."))])


def opening(telling: Telling, values: Values) -> Told:
    told = []
    for service in _known(telling, values["services"]):
        said = hours(service, telling.words, telling.now)
        told.append(telling.text(_("{name} : {fact}"), name=service.name, fact=said["text"]))
        days = week(service, telling.words, telling.now) if service.current_hours != ALWAYS else ""
        if days:
            told.append({"kind": "text", "text": days, "lang": telling.words.language})
        if "note" in said:
            told.append({"kind": "text", "text": said["note"], "lang": SOURCE})
    return Told(told or nothing_shown(telling, {}).messages, _after_detail(telling))


def detail(telling: Telling, values: Values) -> Told:
    told = [_fact(telling, service, values["about"]) for service in _known(telling, values["services"])]
    return Told(told or nothing_shown(telling, {}).messages, _after_detail(telling))


def _fact(telling: Telling, service: Service, about: str) -> Message:
    said = FACTS[about](service, telling.words)
    if not said:
        phone = dialable(service.phone)
        if not phone:
            return telling.text(_("{name} : nous ne le savons pas. Demandez sur place."), name=service.name)
        unknown = _("{name} : nous ne le savons pas. Demandez au {phone}.")
        return telling.text(unknown, name=service.name, phone=phone)
    return telling.text(_("{name} : {fact}"), name=service.name, fact=said)


def _contact(service: Service, words: Words) -> str:
    return ", ".join(part for part in (dialable(service.phone), service.email, service.website) if part)


def _directions(service: Service, words: Words) -> str:
    return " · ".join(part for part in (address(service), map_link(service) or "") if part)


def _cost(service: Service, words: Words) -> str:
    return words.say(_("gratuit")) if service.cost == "gratuit" else service.cost


FACTS: dict[str, Callable[[Service, Words], str]] = {
    "ask_contact": _contact,
    "ask_directions": _directions,
    "ask_cost": _cost,
    "ask_languages_spoken": lambda service, words: (
        service.languages or ", ".join(map(words.language_name, service.spoken))
    ),
    "ask_documents": lambda service, words: ", ".join(service.papers),
}


def _after_detail(telling: Telling) -> list[tuple[str, Choice]]:
    return [telling.button(FOLLOW_UPS[name], name) for name in ("ask_more_results", "ask_human", "show_menu")]


def nothing_shown(telling: Telling, values: Values) -> Told:
    return Told([telling.text(_("De quel lieu parlez-vous ? Dites-nous d'abord ce que vous cherchez."))])


def wrong_info(telling: Telling, values: Values) -> Told:
    told = telling.text(_("Merci de nous le dire. Nous regrettons. Appelez avant d'aller ailleurs."))
    return Told([told], _after_detail(telling))


def human(telling: Telling, values: Values) -> Told:
    told = telling.text(_("Voici où parler à une personne :"))
    shown = services(telling, values)
    return Told([told, *shown.messages], [telling.button(FOLLOW_UPS["show_menu"], "show_menu")])


def languages(telling: Telling, values: Values) -> Told:
    choices = [(name, Choice("change_language", {"language": code})) for code, name in OWN_NAMES.items()]
    page = int(values.get("page", 0))
    shown = choices[page * TOPICS_PER_PAGE : (page + 1) * TOPICS_PER_PAGE]
    more = ("…", Choice("change_language", {"page": "0" if page else "1"}))
    return Told([telling.text(_("Dans quelle langue voulez-vous continuer ?"))], [*shown, more])


def did_you_mean(telling: Telling, values: Values) -> Told:
    choices = [telling.button(TOPICS[name], name) for name in values["topics"]]
    return Told([telling.text(_("Je n'ai pas bien compris. Parlez-vous de :"))], [*choices, *_ways_out(telling)])


def _ways_out(telling: Telling) -> list[tuple[str, Choice]]:
    return [telling.button(FOLLOW_UPS[name], name) for name in ("show_menu", "ask_human")]


TELL: dict[str, Callable[[Telling, Values], Told]] = {
    "greet": sentence(
        _("Bonjour ! Escale vous aide à trouver le bon lieu à Nantes, pour vous ou pour une autre personne.")
    ),
    "thank": sentence(_("Avec plaisir.")),
    "goodbye": sentence(_("Au revoir et bon courage.")),
    "identity": sentence(
        _("Je suis Escale, un programme, pas une personne. Je donne des adresses à Nantes, tirées d'un annuaire.")
    ),
    "privacy": sentence(
        _(
            "Personne ne vous demande votre nom. Vos messages sont lus par un programme et ne sont pas gardés. "
            "Écrivez « oublie-moi » : le reste est effacé aussi."
        )
    ),
    "forgotten": sentence(_("C'est fait : tout est effacé.")),
    "out_of_scope": sentence(_("Je ne sais pas répondre à cela. Je connais les lieux utiles à Nantes.")),
    "not_understood": sentence(_("Je n'ai pas bien compris.")),
    "degraded": sentence(_("Je comprends mal les phrases en ce moment. Utilisez les boutons.")),
    "cut": sentence(_("Votre message est très long : seul le début a été lu.")),
    "language_kept": sentence(_("D'accord, nous parlons français.")),
    "menu": menu,
    "services": services,
    "no_service": no_service,
    "no_more": no_more,
    "first_steps": first_steps,
    "emergency": emergency,
    "danger": danger,
    "ask_place": ask_place,
    "place_known": place_known,
    "place_unknown": place_unknown,
    "far_away": far_away,
    "opening": opening,
    "detail": detail,
    "nothing_shown": nothing_shown,
    "wrong_info": wrong_info,
    "human": human,
    "languages": languages,
    "did_you_mean": did_you_mean,
}
