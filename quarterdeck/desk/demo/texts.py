"""The words of the demo: an invented restaurant, Harbour Kitchen, through the seasons. Made up, every word of it."""

from __future__ import annotations

import random

WORKSPACE = "Harbour Kitchen (demo)"
BRAND = "Harbour Kitchen"
PEOPLE = [
    ("Mara Lindqvist", "lead"),
    ("Jonas Weber", "author"),
    ("Dr. Ines Okafor", "approver"),
    ("Tom Hale", "observer"),
]

SEASONS = {
    "winter": (
        ["leek and potato soup", "braised beef", "celeriac pie", "blood orange cake"],
        "January light",
    ),
    "spring": (
        ["nettle soup", "new potatoes", "rhubarb tart", "asparagus with brown butter"],
        "the first warm evening",
    ),
    "summer": (
        ["tomato salad", "grilled mackerel", "cherry sorbet", "cold cucumber soup"],
        "a long evening outside",
    ),
    "autumn": (
        ["pumpkin dumplings", "mussels in cider", "pear and walnut cake", "mushroom toast"],
        "wind on the harbour",
    ),
}
FARMS = ["Lindenhof", "the Brandt family", "Two Rivers", "the fish auction", "old Mr Petersen", "Hollerbusch"]
# A post as it should have read, and as it went out.
TYPO = (
    "Reservations for the harbour evening open on Friday at nine. Eighteen tables, first come, first served.",
    "Reservations for the harbour evening open on Friday at nine. Eighteen tables, first come, first severd.",
)
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

LINES = [
    "Back on the menu from {day}: {dish}. {n} portions a day, and when they are gone they are gone.",
    "Today’s {dish}, with a story: {farm} brought the first crates at six this morning.",
    "Behind the counter: how {cook} makes {dish}, in four pictures and one mistake.",
    "We are closed on {day} for the staff trip. Open again the morning after, rested and with new {dish}.",
    "Quiz night this {day}, half past seven. Teams of up to five. The kitchen stays open until ten.",
    "A guest asked for {dish} without dairy. It can be done. Say so when you order.",
    "{Farm} and we have worked together for six years. This week we visited, and somebody fell into the pond.",
    "Lunch from {n} guests on: call before ten, and the long table by the window is yours.",
    "What we throw away, week {week}: {n} kilos. A year ago it was twice that. How we did it is in the first comment.",
    "We are looking for somebody in service, three evenings a week. Fair pay, written rota, no split shifts.",
    "{Light}, and the first table outside was taken at noon.",
    "The coffee question, answered: yes, still from the roaster two streets away, and yes, the beans are for sale.",
    "Thank you for {n}0 birthday cards. Harbour Kitchen is one year older and has a new dishwasher.",
    "Correction: the price on the board outside ({dish}) was wrong yesterday. The menu inside is right.",
    "Sunday roast needs a reservation from this week on. The reason is good: you came.",
    "Recipe of the week: {dish}, as we cook it at home, with the shortcuts we do not take here.",
    "Our oven is back, and {dish} with it. We open a little later than planned, with an apology and a biscuit.",
    "{day} is market day: whatever {farm} has too much of is on the plate by one.",
]
REASONS = [
    "The price is missing.",
    "Please say until when it is on the menu.",
    "The farm wants to be named with its full name; I have asked.",
    "That sounds like a promise. Can we say “while it lasts”?",
]
COOKS = ["Ayla", "Ben", "Chiara", "Dogan"]


def season(month: int) -> str:
    """The northern season of a month, 1 to 12."""
    return ("winter", "spring", "summer", "autumn")[(month % 12) // 3]


def post(dice: random.Random, month: int, week: int) -> str:
    """One post for that month: at most a few hundred characters, so that every network takes it."""
    dishes, light = SEASONS[season(month)]
    dish, farm = dice.choice(dishes), dice.choice(FARMS)
    text = dice.choice(LINES).format(
        dish=dish,
        Dish=_capital(dish),
        farm=farm,
        Farm=_capital(farm),
        light=light,
        Light=_capital(light),
        cook=dice.choice(COOKS),
        day=dice.choice(DAYS),
        n=dice.randint(6, 40),
        week=week,
    )
    if dice.random() < 0.3:
        text += "\n\nTable for two or for ten: reply here, or call us."
    return text


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
