"""Abbreviations of the field and what they stand for: each finds the other, unless an editors' rule is about it.

Only those that mean one thing to the people who search here; "SU" is the grant and not the committee, "AMU" the courses.
Left out are those that are words themselves ("MED", "AT", "BAR").
"""

from typing import Final

ABBREVIATIONS: Final[tuple[tuple[str, str], ...]] = (
    # Talks and surveys at work.
    ("MUS", "medarbejderudviklingssamtale"),
    ("GRUS", "gruppeudviklingssamtale"),
    ("LUS", "lederudviklingssamtale"),
    ("TUS", "teamudviklingssamtale"),
    ("MTU", "medarbejdertrivselsundersøgelse"),
    ("APV", "arbejdspladsvurdering"),
    # People elected by colleagues, and where they meet.
    ("TR", "tillidsrepræsentant"),
    ("AMR", "arbejdsmiljørepræsentant"),
    ("AMO", "arbejdsmiljøorganisation"),
    # Parties and authorities.
    ("HK", "Handels- og Kontorfunktionærernes Forbund"),
    ("KL", "Kommunernes Landsforening"),
    ("KKR", "kommunekontaktråd"),
    ("COK", "Center for Offentlig Kompetenceudvikling"),
    ("3F", "Fagligt Fælles Forbund"),
    ("DA", "Dansk Arbejdsgiverforening"),
    ("DLF", "Danmarks Lærerforening"),
    ("DJØF", "Danmarks Jurist- og Økonomforbund"),
    ("BUPL", "Børne- og Ungdomspædagogernes Landsforbund"),
    ("ATP", "Arbejdsmarkedets Tillægspension"),
    ("CPR", "Det Centrale Personregister"),
    # Education.
    ("AMU", "arbejdsmarkedsuddannelse"),
    ("AUB", "Arbejdsgivernes Uddannelsesbidrag"),
    ("AVU", "almen voksenuddannelse"),
    ("DOL", "Den Offentlige Lederuddannelse"),
    ("EGU", "erhvervsgrunduddannelse"),
    ("EUD", "erhvervsuddannelse"),
    ("FKB", "fælles kompetencebeskrivelse"),
    ("FVU", "forberedende voksenundervisning"),
    ("GVU", "grundlæggende voksenuddannelse"),
    ("IKV", "individuel kompetencevurdering"),
    ("KVU", "kort videregående uddannelse"),
    ("LVU", "lang videregående uddannelse"),
    ("MVU", "mellemlang videregående uddannelse"),
    ("PAU", "pædagogisk assistentuddannelse"),
    ("RKV", "realkompetencevurdering"),
    ("SU", "Statens Uddannelsesstøtte"),
    ("SVU", "Statens Voksenuddannelsesstøtte"),
    ("VEU", "voksen- og efteruddannelse"),
    ("VVU", "videregående voksenuddannelse"),
    # Posts and services.
    ("PPR", "pædagogisk-psykologisk rådgivning"),
    ("SOSU", "social og sundhed"),
    ("SSA", "social- og sundhedsassistent"),
    ("SSH", "social- og sundhedshjælper"),
)
