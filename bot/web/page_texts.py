"""The fixed words of the page in one language."""

from __future__ import annotations

from bot.i18n.catalogues import Words, _

TEXTS = {
    "tagline": _("Trouver le bon lieu à Nantes"),
    "welcome": _("Bonjour ! Dites-nous ce que vous cherchez, avec vos mots, dans votre langue."),
    "placeholder": _("Écrivez ici"),
    "send": _("Envoyer"),
    "language": _("Langue"),
    "topics": _("Sujets"),
    "other_topics": _("Autres sujets"),
    "here": _("Je suis ici"),
    "call": _("Appeler"),
    "map": _("Voir sur la carte"),
    "website": _("Site internet"),
    "free": _("Gratuit"),
    "checked": _("Vérifié le {date}"),
    "never_checked": _("Pas encore vérifié par la Ville"),
    "source": _("source de {date}"),
    "offline": _("Pas de réseau. Votre message n'est pas parti."),
    "again": _("Réessayer"),
    "too_long": _("Ce message est trop long."),
    "too_fast": _("Un instant, puis réessayez."),
    "you": _("Vous"),
    "urgent": _("En danger ? Appelez le 112."),
    "on_foot": _("à {minutes} min à pied"),
    "note": _("Horaires notés par la source :"),
}


def page_texts(words: Words) -> dict[str, str]:
    """Placeholders stay as they are: the page fills them."""
    return {name: words.raw(sentence) for name, sentence in TEXTS.items()}
