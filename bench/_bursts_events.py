"""Dated events of 8 December 2012 to 31 January 2013 against which burst rules are compared.

The list was written down before any rule was run on the stream, and was not changed after. Onset: UTC, when the
news first became public, to about an hour; words: any of them (whole words, in order) in an alert's term or in
one of its exemplars makes it a hit. Source: the English Wikipedia article named, or its "Portal:Current events"
page of that day. Some of these may not be in the stream at all: no rule can reach every one of them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple


class Event(NamedTuple):
    onset: str
    words: tuple[str, ...]
    source: str

    @property
    def time(self) -> float:
        return datetime.fromisoformat(self.onset).replace(tzinfo=UTC).timestamp()


EVENTS = [
    Event("2012-12-09 05:00", ("pacquiao", "marquez"), "Manny Pacquiao vs. Juan Manuel Marquez IV"),
    Event("2012-12-09 19:00", ("jenni rivera",), "Death of Jenni Rivera"),
    Event("2012-12-11 19:00", ("right to work",), "Portal:Current events/2012 December 11 (Michigan)"),
    Event("2012-12-11 23:30", ("clackamas", "mall shooting"), "Clackamas Town Center shooting"),
    Event("2012-12-12 01:00", ("north korea", "north korean"), "Kwangmyongsong-3 Unit 2"),
    Event("2012-12-12 03:00", ("ravi shankar",), "Ravi Shankar"),
    Event("2012-12-13 04:00", ("google maps",), "Google Maps for iOS, 13 December 2012"),
    Event("2012-12-13 18:30", ("josh hamilton", "hamilton"), "Josh Hamilton, signing of 13 December 2012"),
    Event(
        "2012-12-14 15:00", ("sandy hook", "newtown", "connecticut"), "Sandy Hook Elementary School shooting"
    ),
    Event("2012-12-16 02:00", ("westboro",), "Westboro Baptist Church, December 2012"),
    Event("2012-12-17 17:00", ("dickey",), "R. A. Dickey, trade of 17 December 2012"),
    Event("2012-12-17 21:00", ("instagram",), "Instagram, terms of 17 December 2012"),
    Event("2012-12-17 22:30", ("inouye",), "Daniel Inouye"),
    Event("2012-12-20 18:00", ("steam sale", "winter sale", "steam winter"), "Steam, winter sale of 2012"),
    Event("2012-12-21 16:00", ("nra", "lapierre"), "NRA press conference, 21 December 2012"),
    Event("2012-12-24 12:00", ("firefighters", "webster"), "2012 Webster shooting"),
    Event("2012-12-24 22:00", ("klugman", "durning"), "Jack Klugman; Charles Durning"),
    Event("2012-12-28 00:30", ("schwarzkopf",), "Norman Schwarzkopf Jr."),
    Event("2012-12-28 21:00", ("gang rape", "delhi", "rape victim"), "2012 Delhi gang rape and murder"),
    Event("2012-12-31 00:30", ("hillary clinton", "blood clot"), "Portal:Current events/2012 December 30"),
    Event("2012-12-31 14:00", ("lovie smith", "andy reid", "fired"), "2012 NFL season, coaching changes"),
    Event("2013-01-01 07:00", ("fiscal cliff",), "United States fiscal cliff"),
    Event("2013-01-02 18:00", ("ubuntu phone", "ubuntu"), "Ubuntu Touch"),
    Event("2013-01-02 23:00", ("steubenville",), "Steubenville High School rape case"),
    Event("2013-01-03 00:00", ("al jazeera", "current tv"), "Current TV"),
    Event("2013-01-06 10:30", ("lockout", "nhl"), "2012-13 NHL lockout"),
    Event("2013-01-07 04:00", ("project shield", "nvidia"), "Nvidia Shield Portable"),
    Event("2013-01-08 01:30", ("alabama", "notre dame"), "2013 BCS National Championship Game"),
    Event("2013-01-08 02:00", ("alex jones", "piers morgan"), "Alex Jones, interview of 7 January 2013"),
    Event(
        "2013-01-10 13:40", ("oscar", "oscars", "academy award", "oscar nominations"), "85th Academy Awards"
    ),
    Event("2013-01-10 20:00", ("java",), "Portal:Current events/2013 January 11 (Java flaw)"),
    Event("2013-01-11 18:00", ("mali",), "Operation Serval"),
    Event("2013-01-12 00:00", ("death star",), "We the People (petitioning system)"),
    Event("2013-01-12 08:00", ("swartz",), "Aaron Swartz"),
    Event("2013-01-15 18:00", ("graph search", "facebook graph"), "Facebook Graph Search"),
    Event("2013-01-16 12:00", ("algeria", "algerian", "hostages"), "In Amenas hostage crisis"),
    Event("2013-01-16 14:00", ("guardiola",), "Pep Guardiola"),
    Event("2013-01-16 15:30", ("chip kelly",), "Chip Kelly"),
    Event(
        "2013-01-16 17:00",
        ("executive orders", "executive actions", "gun control"),
        "Gun policy, 16 January 2013",
    ),
    Event("2013-01-16 21:15", ("te'o", "teo", "manti"), "Manti Te'o girlfriend hoax"),
    Event("2013-01-17 00:00", ("787", "dreamliner"), "2013 Boeing 787 Dreamliner grounding"),
    Event("2013-01-18 02:00", ("armstrong",), "Lance Armstrong doping case"),
    Event("2013-01-19 18:00", ("mega", "kim dotcom", "dotcom"), "Mega (service)"),
    Event("2013-01-20 01:00", ("musial",), "Stan Musial"),
    Event("2013-01-20 23:00", ("falcons", "49ers", "niners"), "2012-13 NFL playoffs"),
    Event("2013-01-21 17:00", ("inauguration", "inaugural"), "Second inauguration of Barack Obama"),
    Event("2013-01-22 18:45", ("lone star",), "2013 Lone Star College shooting"),
    Event("2013-01-23 20:30", ("women in combat", "combat"), "Women in the United States Army"),
    Event("2013-01-23 21:30", ("hazard", "ball boy", "ballboy"), "Eden Hazard, 23 January 2013"),
    Event("2013-01-24 22:00", ("abrams",), "Star Wars: The Force Awakens, director"),
    Event("2013-01-27 09:00", ("nightclub", "brazil"), "Kiss nightclub fire"),
    Event("2013-01-28 01:30", ("royal rumble", "rumble"), "Royal Rumble (2013)"),
    Event("2013-01-28 12:00", ("monkey",), "Portal:Current events/2013 January 28 (Iran)"),
    Event("2013-01-30 15:00", ("blackberry", "blackberry 10"), "BlackBerry 10"),
    Event("2013-01-29 20:00", ("balotelli",), "Mario Balotelli"),
]
