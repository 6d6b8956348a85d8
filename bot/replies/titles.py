"""Short names that people read on buttons: topics, emergency numbers, follow-ups."""

from __future__ import annotations

from bot.i18n.catalogues import _

# In the order of the menu: what people ask most stands first.
TOPICS = {
    "ask_french_class": _("Apprendre le français"),
    "ask_emergency_shelter": _("Dormir ce soir, être à l'abri"),
    "ask_health": _("Santé, médecin"),
    "ask_food": _("Manger, s'habiller"),
    "ask_asylum": _("Demander l'asile"),
    "ask_residence_permit": _("Titre de séjour, préfecture"),
    "ask_schooling": _("École des enfants"),
    "ask_social_housing": _("Logement, loyer"),
    "ask_employment": _("Travail, formation"),
    "ask_social_benefits": _("Aides, CAF"),
    "ask_legal_aid": _("Avocat, défendre ses droits"),
    "ask_domiciliation": _("Avoir une adresse pour le courrier"),
    "ask_women_violence": _("Violences, droits des femmes"),
    "ask_mental_health": _("Se sentir mal, parler à un psychologue"),
    "ask_unaccompanied_minor": _("Moins de 18 ans et seul"),
    "ask_early_childhood": _("Bébé, crèche, moins de 3 ans"),
    "ask_interpreting": _("Interprète, traduction"),
    "ask_family_reunification": _("Faire venir sa famille"),
    "ask_qualification_recognition": _("Diplômes étrangers"),
    "ask_banking": _("Compte en banque"),
    "ask_transport": _("Tram, bus, permis de conduire"),
    "ask_naturalisation": _("Devenir français"),
    "ask_disability": _("Handicap"),
    "ask_elderly": _("Personnes âgées, retraite"),
    "ask_discrimination": _("Racisme, discrimination"),
    "ask_lgbt": _("Personnes LGBT"),
    "ask_culture_sport": _("Culture, sport, vacances"),
    "ask_participation": _("Participer à la vie de la ville"),
    "ask_travellers": _("Gens du voyage"),
    "ask_volunteering": _("Aider, être bénévole"),
}

# What each number is for, in one line; the directory says which of them exist.
NUMBERS = {
    "112": _("Toutes les urgences, partout en Europe"),
    "15": _("Samu : urgence médicale"),
    "17": _("Police secours : danger, violences"),
    "18": _("Pompiers : feu, accident"),
    "114": _("Urgence par SMS, si vous ne pouvez pas parler"),
    "115": _("Dormir à l'abri ce soir, gratuit, jour et nuit"),
    "116117": _("Médecin de garde, quand les cabinets sont fermés"),
    "119": _("Enfant en danger"),
    "191": _("Accident d'avion"),
    "196": _("Danger en mer"),
    "3039": _("Accès au droit : un point-justice près de vous"),
    "3114": _("Idées de suicide : parler à un soignant"),
    "3230": _("CAF"),
    "3919": _("Femmes victimes de violences : écoute"),
    "3928": _("Discriminations : écoute et conseil"),
    "0240415151": _("Citad'elles, à Nantes : femmes victimes de violences"),
}

# What to do first, only where a source says it: docs/facts.md names it for each sentence.
FIRST_STEPS = {
    "ask_asylum": _(
        "La demande d'asile commence à la structure de premier accueil, appelée SPADA. "
        "La SPADA prend pour vous le rendez-vous à la préfecture."
    ),
    "ask_french_class": _(
        "À Nantes, des permanences gratuites évaluent votre niveau de français et vous proposent un cours. "
        "On s'inscrit à l'accueil de la maison de quartier."
    ),
    "ask_schooling": _(
        "L'école est obligatoire de 3 à 16 ans pour tous les enfants, français ou étrangers. "
        "Pour la maternelle et l'élémentaire, on commence par la mairie."
    ),
    "ask_social_housing": _(
        "Une seule demande de logement social suffit pour tout le département. Elle est gratuite. "
        "Il faut être français ou avoir un titre de séjour valable."
    ),
    "ask_emergency_shelter": _(
        "Pour dormir ce soir, appelez le 115. C'est gratuit, jour et nuit, avec ou sans papiers."
    ),
    "ask_health": _(
        "Sans couverture santé, allez à la PASS de l'hôpital : le médecin et les médicaments y sont gratuits."
    ),
}

FOLLOW_UPS = {
    "ask_more_results": _("D'autres adresses"),
    "ask_opening_hours": _("Horaires"),
    "ask_contact": _("Téléphone, contact"),
    "ask_directions": _("Comment y aller"),
    "ask_human": _("Parler à une personne"),
    "show_menu": _("Autre sujet"),
}
