"""What may stand in one line that others read: names, labels, tags.

`str.isprintable` is no judge of that: it refuses the joiners inside Persian words and inside emoji, and every character
that is younger than the Unicode of this Python (14.0 in 3.11), this year's emoji among them.
"""

from __future__ import annotations

import unicodedata

# Controls, halves of characters, and ends of lines.
_NEVER = {"Cc", "Cs", "Zl", "Zp"}
# What turns the direction of everything around it, beyond the name itself (UAX 9, explicit directional formatting).
_TURNS = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def is_line(text: str) -> bool:
    """Whether a text can stand in one line beside others without harm to them."""
    return not any(one in _TURNS or unicodedata.category(one) in _NEVER for one in text)
