"""What the columns of a sheet mean: where the headings stand, a first guess, and the mark by which the same kind of
file is known again. Pure.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quarterdeck.exchange import days, shapes
from quarterdeck.exchange.reading import Line

# The meanings a column can have, in the order in which people are asked, with the words they are asked in.
MEANINGS = {
    "text": "Text of the post",
    "date": "Day, or day and time",
    "time": "Time of day",
    "channels": "Channels",
    "labels": "Labels",
    "link": "Link",
    "image": "Picture (its address)",
    "alt": "Description of the picture",
    "brand": "Brand",
    "language": "Language",
    "note": "Note for the team",
}
MANY = {"link", "image", "note", "labels", "channels"}  # several columns of a file may mean these

# Headings as people and programs write them, without signs and in small letters.
_WORDS = {
    "text": "text post posttext postcontent content copy caption message body tweet update status description"
    " posttextcaption captiontext messagetext textcontent beitrag beitragstext inhalt nachricht texte contenu"
    " legende texto contenido mensaje copytext socialcopy postcopy maincopy",
    "date": "date day datetime when dateandtime datetime postingtime postingdate publishdate publishdatetime publishat"
    " publishedat scheduled scheduledat scheduledate scheduledtime scheduleddate scheduledpostdate scheduletime golive"
    " golivedate due duedate postdate sentat timestamp datum tag termin fecha jour postatspecifictime dateutc"
    " datumzeit datumuhrzeit veroffentlichung senddate",
    "time": "time timeofday hour posttime clock uhrzeit zeit heure hora publishtime golivetime",
    "channels": "channel channels platform platforms network networks socialnetwork socialnetworks profile profiles"
    " account accounts platformname platformaccount integration integrationname socialprofile kanal kanale plattform"
    " netzwerk canal canaux reseau reseaux red redes where outlet channelname",
    "labels": "label labels tag tags category categories campaign pillar theme topic kategorie etikett etiquette"
    " etiqueta contentpillar hashtaggroup bucket type posttype",
    "link": "link links url linkurl website weblink landingpage destination articleurl enlace lien linktopost"
    " postlink ogmetaurl",
    "image": "image images imageurl imageurls picture pictures photo photos media mediaurl mediaurls mediafile visual"
    " asset assets creative bild bilder bildurl imagen foto featuredimagefilename file attachment imagelink videourl"
    " videourls video",
    "alt": "alt alttext imagealt imagealttext alternativetext imagedescription bildbeschreibung alternativtext"
    " textealternatif",
    "brand": "brand marke marque marca client company",
    "language": "language lang locale sprache langue idioma",
    "note": "note notes comment comments remark remarks internal internalnote notiz notizen bemerkung kommentar"
    " remarque nota briefing instructions",
}
_KNOWN = {word: meaning for meaning, words in _WORDS.items() for word in words.split()}
_LOOKED_AT = 15  # rows in which headings are looked for
_SAMPLE = 200  # rows by which a column without a known heading is judged
_URL = re.compile(r"https?://\S+\Z", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|heic|mp4|mov)(?:[?#]\S*)?\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Guess:
    """Where the headings stand (an index into the lines, None: there are none), what each column seems to mean (""
    for what is left out), and the name of the program whose export this is, when it is known."""

    header: int | None
    meanings: list[str]
    shape: str = ""


def guess(lines: Sequence[Line], channel_names: set[str]) -> Guess:
    """A first guess at the whole sheet. `channel_names`: every name of a channel here, in small letters."""
    header = find_header(lines)
    return Guess(header, *meanings(lines, header, channel_names))


def find_header(lines: Sequence[Line]) -> int | None:
    """The row with the headings: the one that names most known columns; without any, a first full row of short words
    above rows that are unlike it. A title above the table has one cell only."""
    width = max(len(line.cells) for line in lines)
    best, most = None, 0
    for index, line in enumerate(lines[:_LOOKED_AT]):
        named = [plain(cell) for cell in line.cells if cell.strip()]
        known = len({_KNOWN[word] for word in named if word in _KNOWN})
        if known > most and known * 2 >= len(named) and (len(named) > 1 or width == 1):
            best, most = index, known
    if best is not None:
        return best
    first = next((i for i, line in enumerate(lines[:_LOOKED_AT]) if _filled(line) > max(1, width // 2)), None)
    if first is None or first + 1 >= len(lines):
        return None
    cells, below = lines[first].cells, lines[first + 1].cells
    wordy = all(len(cell) <= 40 and not _is_value(cell) for cell in cells if cell.strip())
    return first if wordy and any(_is_value(cell) or len(cell) > 60 for cell in below) else None


def meanings(lines: Sequence[Line], header: int | None, channel_names: set[str]) -> tuple[list[str], str]:
    """What each column seems to mean, and the shape that was recognised: by a known export, then by its heading, then
    by what stands in it."""
    width = max(len(line.cells) for line in lines)
    body = lines[(header + 1 if header is not None else 0) :][:_SAMPLE]
    columns = [[line.cells[i].strip() for line in body if line.cells[i].strip()] for i in range(width)]
    heads = headings(lines, header)
    shape = shapes.recognise([plain(head) for head in heads], columns)
    if shape is not None:
        return list(shape.meanings), shape.name
    found = [_KNOWN.get(plain(head), "") for head in heads]
    found = _once(found, columns)
    for meaning, fits in _BY_CONTENT.items():
        if meaning not in found:
            fitting = [
                i for i in range(width) if not found[i] and columns[i] and fits(columns[i], channel_names)
            ]
            if fitting:
                found[max(fitting, key=lambda i: _worth(meaning, columns[i]))] = meaning
    return found, ""


def headings(lines: Sequence[Line], header: int | None) -> list[str]:
    """The words above each column; "Column 3" where there are none."""
    width = max(len(line.cells) for line in lines)
    cells = lines[header].cells if header is not None else [""] * width
    return [" ".join(cells[i].split())[:80] or f"Column {i + 1}" for i in range(width)]


def signature(lines: Sequence[Line], header: int | None) -> str:
    """What a file of the same kind has in common with this one: its headings, or the number of its columns."""
    if header is None:
        told = f"no headings, {max(len(line.cells) for line in lines)} columns"
    else:
        told = "\n".join(plain(cell) for cell in lines[header].cells)
    return hashlib.sha256(told.encode()).hexdigest()


def plain(text: str) -> str:
    """A heading without signs, spaces and accents, in small letters: "Image URL(s)" and "image_urls" are one."""
    flat = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in flat if c.isalnum())


def _filled(line: Line) -> int:
    return sum(1 for cell in line.cells if cell.strip())


def _is_value(cell: str) -> bool:
    return (
        bool(_URL.match(cell.strip()))
        or days.when(cell, "dmy") is not None
        or days.when(cell, "mdy") is not None
    )


def _once(found: list[str], columns: list[list[str]]) -> list[str]:
    """One column each for what a post has once: the one that says more. "Date" beside "Time" stays a pair."""
    kept = list(found)
    for meaning in set(found) - MANY - {""}:
        same = [i for i, given in enumerate(found) if given == meaning]
        best = max(same, key=lambda i: _worth(meaning, columns[i]))
        for i in same:
            kept[i] = meaning if i == best else ""
    if "time" in kept and "date" not in kept and _all_days(columns[kept.index("time")]):
        kept[kept.index("time")] = "date"  # a lone “Time” with days in it
    return kept


def _worth(meaning: str, cells: list[str]) -> float:
    """How much a column offers for a meaning: characters for a text, filled rows for the rest."""
    return sum(map(len, cells)) if meaning == "text" else len(cells)


def _mostly(cells: list[str], fits) -> bool:  # type: ignore[no-untyped-def]
    return bool(cells) and sum(1 for cell in cells if fits(cell)) >= 0.8 * len(cells)


def _has_day(cell: str) -> bool:
    return any((found := days.when(cell, order)) and found.day for order in ("dmy", "mdy"))


def _all_days(cells: list[str]) -> bool:
    return _mostly(cells, _has_day)


_BY_CONTENT: Mapping[str, object] = {
    "date": lambda cells, _: _all_days(cells),
    "time": lambda cells, _: _mostly(cells, lambda c: (w := days.when(c, "dmy")) and w.clock and not w.day),
    "image": lambda cells, _: _mostly(cells, lambda c: _URL.match(c) and _PICTURE.search(c)),
    "link": lambda cells, _: _mostly(cells, _URL.match),
    "channels": lambda cells, names: _mostly(cells, lambda c: plain(c.lstrip("@")) in names),
    "text": lambda cells, _: sum(map(len, cells)) / len(cells) >= 12,
}
