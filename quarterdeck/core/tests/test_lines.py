"""What may stand in one line."""

from __future__ import annotations

import pytest

from quarterdeck.core.lines import is_line

CHEF = "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{COOKING}"
PERSIAN = "می\N{ZERO WIDTH NON-JOINER}خواهم"
YOUNG = "\U0001faea"  # distorted face, Unicode 17.0, which this Python does not know


@pytest.mark.parametrize("text", ["", "Soup", CHEF, PERSIAN, YOUNG, "مرق القراص", "e\u0301"])
def test_what_people_write(text):
    assert is_line(text)


@pytest.mark.parametrize("code", [0, 9, 10, 13, 0x85, 0x2028, 0x2029, 0x202E, 0x2066, 0xD83E])
def test_what_harms_the_line(code):
    assert not is_line(f"So{chr(code)}up")
