"""The tokens keep WCAG's contrast in both themes: 4.5 for words, 3 for the edges of controls and the focus ring."""

from __future__ import annotations

import pytest

from quarterdeck.shell import specimens

GROUNDS = ["paper", "surface", "sunken"]
WORDS = (
    [(ink, ground) for ink in ("ink", "muted", "accent", "coral", "amber") for ground in GROUNDS]
    + [(tone, f"{tone}-soft") for tone in ("accent", "coral", "amber")]
    + [(ink, f"{tone}-soft") for ink in ("ink", "muted") for tone in ("accent", "coral", "amber")]
    + [("paper", filled) for filled in ("accent", "coral", "ink")]
)
EDGES = [(edge, ground) for edge in ("line", "accent", "coral") for ground in ("paper", "surface")]
AS_AGREED = {
    "paper": ("#FAF7F1", "#141917"),
    "surface": ("#FFFFFF", "#1C2320"),
    "ink": ("#1E2522", "#EDEBE4"),
    "muted": ("#5A645F", "#A3ADA7"),
    "accent": ("#0E6B5C", "#5FC9B3"),
    "coral": ("#B93A22", "#FF8A70"),
    "amber": ("#8A5A00", "#E8B454"),
    "line": ("#838B86", "#66716B"),
}


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2) of "#RRGGBB"."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_wcag_does():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(WORDS, 4.5), (EDGES, 3)], ids=["words", "edges"])
def test_every_pair_can_be_read(pairs, least, theme):
    tokens = specimens.tokens()
    short = {
        f"{a} on {b}": round(ratio, 2)
        for a, b in pairs
        if (ratio := contrast(tokens[a][theme], tokens[b][theme])) < least
    }
    assert short == {}


def test_the_tokens_are_those_agreed_on():
    assert AS_AGREED.items() <= specimens.tokens().items()
