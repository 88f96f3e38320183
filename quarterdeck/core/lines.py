"""What may stand in one line that others read (names, labels, tags), and words of several lines as they are kept.

`str.isprintable` is no judge of that: it refuses the joiners inside Persian words and inside emoji, and every character
that is younger than the Unicode of this Python (14.0 in 3.11), this year's emoji among them.
"""

from __future__ import annotations

import unicodedata

from quarterdeck.core.problems import Invalid

# Controls, halves of characters, and ends of lines.
_NEVER = {"Cc", "Cs", "Zl", "Zp"}
# What turns the direction of everything around it, beyond the name itself (UAX 9, explicit directional formatting).
_TURNS = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def is_line(text: str) -> bool:
    """Whether a text can stand in one line beside others without harm to them."""
    return not any(one in _TURNS or unicodedata.category(one) in _NEVER for one in text)


NOT_KEPT = "Nothing was saved; what you wrote is still in the page."


def kept(given: str, name: str, most: int, *, not_done: str = NOT_KEPT) -> str:
    """Words of several lines as they are kept: line ends alike, no NUL, nothing around them.

    Raises Invalid about the field `name`, with `not_done`, for more than `most` characters or half a character.
    """
    clean = given.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    if len(clean) > most:
        raise Invalid(
            f"That is longer than {most:,} characters.",
            not_done=not_done,
            fields={name: f"Please shorten it to {most:,} characters."},
        )
    try:
        clean.encode()
    except UnicodeEncodeError:
        raise Invalid(
            "The text holds half a character, as some programs leave behind.",
            not_done=not_done,
            fields={name: "Please remove the broken character, often part of an emoji."},
        ) from None
    return clean


def kept_line(given: str, name: str, most: int, *, not_done: str = NOT_KEPT) -> str:
    """Words in one line. Invalid as `kept`, and for what would harm the line it stands in."""
    clean = " ".join(kept(given, name, most, not_done=not_done).split())
    if not is_line(clean):
        raise Invalid(
            "The text holds a character that cannot stand in a line.",
            not_done=not_done,
            fields={name: "Please type it again, without what was pasted."},
        )
    return clean


def needed(given: str, name: str, most: int, words: str, *, several: bool = False) -> str:
    """As `kept_line`, or as `kept` for `several` lines; Invalid with `words` where nothing was written."""
    clean = kept(given, name, most) if several else kept_line(given, name, most)
    if not clean:
        raise Invalid("Something is missing.", not_done=NOT_KEPT, fields={name: words})
    return clean
