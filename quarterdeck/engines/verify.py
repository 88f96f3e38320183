"""Checks a Quarterdeck proof file without Quarterdeck: this one file, Python 3.9 or newer, and `cryptography`.

    python verify.py FILE.quarterdeck-proof.json [--key KEY]
    python verify.py --compare OLDER NEWER [--key KEY]

It asks nobody and reads nothing but what it is given. A proof file holds entries of a log (RFC 8785 JSON), what
some of their fields said, the path of each to a root (RFC 6962, c2sp.org/tlog-proof) and a checkpoint that the log
signed (c2sp.org/tlog-checkpoint). KEY is the log's key line, a file with such lines, or the thirty digits that stand
for it: from a source you trust. OLDER and NEWER are files with checkpoints; NEWER may be what the log gives at
`since/<size>`, with its proof.

Ends with 0: it holds, by the key you gave. 3: it fits together, and the key came with the file. 1: refused, and
why. 2: a file could not be read.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from base64 import b64decode, b64encode
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "quarterdeck-proof/1"
HOLDS, REFUSED, UNREADABLE, OWN_KEY = 0, 1, 2, 3
FILE_LIMIT, LEAF_LIMIT, NOTE_LIMIT = 4_000_000, 65_535, 20_000  # bytes
MOST_ENTRIES, MOST_KEYS = 500, 50
AHEAD = 86_400  # seconds: the clock of who reads may be a day behind, not more
_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,14})\Z")
_NAME = re.compile(r"[!-*,-~]{1,300}\Z")  # what ASCII can print, without space and plus
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
_KIND = re.compile(r"[a-z][a-z0-9_.]{0,89}\Z")
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_DIGITS = re.compile(r"[0-9]{30}\Z")
_SIGNATURE = re.compile("\u2014 ([^ ]+) ([A-Za-z0-9+/]+={0,2})\\Z")


class Refused(ValueError):
    """It does not prove what it claims; the message says why."""


class Key(NamedTuple):
    name: str
    id: bytes
    public: bytes
    line: str

    @property
    def number(self) -> str:
        """Thirty digits that stand for the key line, to be compared by telephone."""
        digest = sha256(self.line.encode()).digest()
        groups = [int.from_bytes(digest[at : at + 5], "big") % 100_000 for at in range(0, 30, 5)]
        return " ".join(f"{group:05d}" for group in groups)


class Checkpoint(NamedTuple):
    origin: str
    size: int
    root: bytes
    key: Key  # one that signed it


class Entry(NamedTuple):
    place: int
    said: dict[str, Any]  # the leaf
    told: dict[str, Any]  # field -> value, each held against its commitment
    hidden: list[str]


class Checked(NamedTuple):
    checkpoint: Checkpoint
    entries: list[Entry]
    key_given: bool


def check(data: bytes, keys: Sequence[str] = (), now: float | None = None) -> Checked:
    """Check a proof file's bytes, by the key lines in `keys` or else by those inside. Refused when it does not hold."""
    if len(data) > FILE_LIMIT:
        raise Refused(f"The file is larger than {FILE_LIMIT} bytes.")
    pack = _parsed(_text(data, "The file"), "The file")
    _members(pack, {"format", "how", "keys", "checkpoint", "entries"}, "The file")
    if pack["format"] != FORMAT:
        raise Refused(f"The file is not of the format {FORMAT}.")
    inside = [read_key(line) for line in _listed(pack["keys"], MOST_KEYS, "The file’s keys")]
    checkpoint = open_checkpoint(pack["checkpoint"], _meant(keys, inside) if keys else inside)
    latest = (time.time() if now is None else now) + AHEAD
    given = _listed(pack["entries"], MOST_ENTRIES, "The file’s entries")
    entries = [_entry(one, checkpoint, latest) for one in given]
    if len({one.place for one in entries}) != len(entries):
        raise Refused("The file gives one entry twice.")
    return Checked(checkpoint, entries, bool(keys))


def _meant(given: Sequence[str], inside: list[Key]) -> list[Key]:
    """The keys that the reader means, each by its line or by its thirty digits."""
    numbers = {re.sub("[ -]", "", one) for one in given}
    lines = [one for one in given if not _DIGITS.match(re.sub("[ -]", "", one))]
    known = [key for key in inside if key.number.replace(" ", "") in numbers]
    if not lines and not known:
        raise Refused("No key in the file has the number that you gave.")
    return known + [read_key(line) for line in lines]


def _entry(given: Any, checkpoint: Checkpoint, latest: float) -> Entry:
    _members(given, {"leaf", "path", "disclosed", "hidden"}, "An entry of the file")
    index, path = _path(given["path"])
    where = f"Entry {index}"
    leaf = _plain(given["leaf"], f"{where}’s leaf").encode()
    said = read_leaf(leaf, where)
    if said["t"] > latest:
        raise Refused(
            f"{where} says it was recorded on {_when(said['t'])}: by this machine’s clock that is to come."
        )
    verify_inclusion(index, checkpoint.size, sha256(b"\x00" + leaf).digest(), path, checkpoint.root)
    told = {}
    for one in _listed(given["disclosed"], len(said["c"]), f"What {where} discloses"):
        field, value = _disclosed(one, said["c"], where)
        if field in told:
            raise Refused(f"{where} discloses the field “{field}” twice.")
        told[field] = value
    hidden = sorted(set(said["c"]) - set(told))
    if given["hidden"] != hidden:
        raise Refused(f"{where} has other hidden fields than the file names.")
    return Entry(index, said, told, hidden)


def _disclosed(one: Any, committed: dict[str, str], where: str) -> tuple[str, Any]:
    _members(one, {"salt", "field", "value"}, f"A disclosure of {where.lower()}")
    field, value = one["field"], one["value"]
    if not isinstance(field, str) or field not in committed:
        raise Refused(f"{where} has no field {_shown(field)}.")
    _decoded(one["salt"], "A salt", 16)
    if (
        not (value is None or isinstance(value, (str, bool, int)))
        or isinstance(value, int)
        and abs(value) >= 2**53
    ):
        raise Refused(f"The field “{field}” of {where.lower()} says what no field can say.")
    said = json.dumps([one["salt"], field, value], ensure_ascii=False, separators=(",", ":"))
    try:
        made = sha256(said.encode()).digest()
    except UnicodeEncodeError:
        raise Refused(f"The field “{field}” of {where.lower()} is not text.") from None
    if b64encode(made).decode() != committed[field]:
        raise Refused(f"The field “{field}” is not what {where.lower()} committed to.")
    return field, value


def read_leaf(leaf: bytes, where: str = "The entry") -> dict[str, Any]:
    """What an entry's bytes say. Refused unless they are canonical JSON (RFC 8785) of an event, in plain ASCII."""
    if len(leaf) > LEAF_LIMIT:
        raise Refused(f"{where} is larger than {LEAF_LIMIT} bytes.")
    text = _text(leaf, where)
    said = _parsed(text, where)
    _plain(text, where)
    if json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")) != text:
        raise Refused(f"{where} is not canonical JSON.")
    answers = {"p"} if isinstance(said, dict) and "p" in said else set()
    _members(said, {"a", "c", "e", "k", "o", "t", "v"} | answers, where)
    about = said["o"]
    sound = (
        said["v"] in (1, 2)
        and not isinstance(said["v"], bool)
        and _is(_FIELD, said["a"]) | _is(_ID, said["a"])
        and _is(_ID, said["e"])
        and _is(_KIND, said["k"])
        and isinstance(about, list)
        and len(about) == 3
        and _is(_KIND, about[0])
        and _is(_ID, about[1])
        and _counts(about[2])
        and _counts(said["t"])
        and isinstance(said["c"], dict)
    )
    if not sound:
        raise Refused(f"{where} is not an event of a version that is known here.")
    for field, commitment in said["c"].items():
        if not _FIELD.match(field):
            raise Refused(f"{where} has a field with the name {_shown(field)}, which none can have.")
        _decoded(commitment, "A commitment", 32)
    if "p" in said:
        _decoded(said["p"], "What the entry answers", 32)
    return said


# --- keys, checkpoints and paths: c2sp.org signed-note, tlog-checkpoint, tlog-proof -------------------


def read_key(line: Any) -> Key:
    """A key line `name+id+base64`. Refused when it is malformed, of another type, or its id is not its own."""
    parts = line.split("+", 2) if isinstance(line, str) else []
    if len(parts) != 3 or not _NAME.match(parts[0]):
        raise Refused("A key is one line, name+id+key, in plain ASCII.")
    blob = _decoded(parts[2], "The key")
    if len(blob) != 33 or blob[0] != 1:
        raise Refused("The key is not an Ed25519 key.")
    own = sha256(parts[0].encode() + b"\n" + blob).digest()[:4]
    if parts[1] != own.hex():
        raise Refused("The key’s id is not its own.")
    return Key(parts[0], own, blob[1:], line)


def open_checkpoint(note: Any, keys: Sequence[Key]) -> Checkpoint:
    """A checkpoint that at least one of `keys` signed, and none of them falsely. Other signatures are not looked at."""
    if not isinstance(note, str) or len(note) > NOTE_LIMIT or not note.endswith("\n"):
        raise Refused("The checkpoint is not text that ends in a line break, or it is too long.")
    text, gap, signatures = note.rpartition("\n\n")
    lines = text.split("\n")
    if not gap or len(lines) < 3 or not all(lines) or re.search("[\x00-\x09\x0b-\x1f\x7f]", note):
        raise Refused("The checkpoint is malformed.")
    if not _NAME.match(lines[0]):
        raise Refused(f"The log’s name {_shown(lines[0])} is not plain ASCII.")
    if not _NUMBER.match(lines[1]):
        raise Refused("The checkpoint’s size is no number.")
    root = _decoded(lines[2], "The checkpoint’s root", 32)
    signed = None
    for line in signatures[:-1].split("\n"):
        match = _SIGNATURE.match(line)
        if match is None:
            raise Refused("A signature line of the checkpoint is malformed.")
        blob = _decoded(match[2], "A signature")
        for key in keys:
            if (key.name, key.id) == (match[1], blob[:4]) and key.name == lines[0]:
                _verify_signature(key, blob[4:], text + "\n")
                signed = key
    if signed is None:
        raise Refused(f"No key that is known here signed the checkpoint of {lines[0]}.")
    return Checkpoint(lines[0], int(lines[1]), root, signed)


def _verify_signature(key: Key, signature: bytes, text: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text.encode())
    except (InvalidSignature, ValueError):
        raise Refused("The signature on the checkpoint is false.") from None


def _path(text: Any) -> tuple[int, list[bytes]]:
    """The head of a tlog-proof, to which an empty line and the checkpoint would be joined: index and hashes."""
    lines = text.split("\n") if isinstance(text, str) and len(text) < NOTE_LIMIT else []
    if len(lines) < 3 or lines[0] != "c2sp.org/tlog-proof@v1" or lines[-1]:
        raise Refused("An entry’s path is not a tlog-proof.")
    if not lines[1].startswith("index ") or not _NUMBER.match(lines[1][6:]):
        raise Refused("An entry’s path does not say its place.")
    return int(lines[1][6:]), [_decoded(line, "A hash of the path", 32) for line in lines[2:-1]]


class Compared(NamedTuple):
    older: Checkpoint
    newer: Checkpoint
    proved: bool  # False: they are of different sizes, and no proof was given


def compare(older: str, newer: str, keys: Sequence[str]) -> Compared:
    """Two checkpoints of one log. Refused when they show two histories, when NEWER is the older one, or when the
    proof that NEWER may begin with (`old <size>`, hashes, an empty line: c2sp.org/tlog-witness) does not hold."""
    if not keys:
        raise Refused("To compare checkpoints, give the log’s key.")
    known = [read_key(line) for line in keys]
    size, path, note = _since(newer)
    first, second = open_checkpoint(older, known), open_checkpoint(note, known)
    if first.origin != second.origin:
        raise Refused("The two checkpoints are of different logs.")
    if second.size < first.size:
        raise Refused(
            f"The second checkpoint is older than the first: it covers {second.size} entries, and {first.size} were"
            " signed before. Ask for a newer one; a log never becomes shorter."
        )
    if size is not None and size != first.size:
        raise Refused(f"The proof begins at {size} entries, and the first checkpoint covers {first.size}.")
    if second.size == first.size and second.root != first.root:
        raise Refused(
            f"The log signed two different histories of {first.size} entries. Keep both checkpoints: together they"
            " are the evidence."
        )
    if size is not None:
        verify_consistency(first.size, second.size, path, first.root, second.root)
    return Compared(first, second, size is not None or first.size == second.size)


def _since(text: str) -> tuple[int | None, list[bytes], str]:
    if not text.startswith("old "):
        return None, [], text
    head, gap, note = text.partition("\n\n")
    lines = head.split("\n")
    if not gap or not _NUMBER.match(lines[0][4:]) or len(lines) > 100:
        raise Refused("The proof before the second checkpoint is malformed.")
    return int(lines[0][4:]), [_decoded(line, "A hash of the proof", 32) for line in lines[1:]], note


# --- the tree: RFC 9162, 2.1.3.2 and 2.1.4.2 ------------------------------------------------------------


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def verify_inclusion(index: int, size: int, leaf_hash: bytes, path: Sequence[bytes], root: bytes) -> None:
    """Return when `leaf_hash` is leaf `index` of the tree of `size` leaves with `root`; else Refused."""
    if index >= size:
        raise Refused(f"Entry {index} lies outside a log of {size} entries.")
    at, last, made = index, size - 1, leaf_hash
    for sibling in path:
        if last == 0:
            raise Refused(f"The path of entry {index} is too long.")
        if at & 1 or at == last:
            made = _node(sibling, made)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            made = _node(made, sibling)
        at, last = at >> 1, last >> 1
    if last:
        raise Refused(f"The path of entry {index} is cut short.")
    if made != root:
        raise Refused(f"The path of entry {index} does not lead to the root that was signed.")


def verify_consistency(old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Return when the tree of `new` leaves extends that of `old`; else Refused. The caller saw that old <= new."""
    if old in (0, new):
        fits = not path and (old_root == new_root if old == new else old_root == sha256(b"").digest())
        if not fits:
            raise Refused("The proof does not hold: there is nothing to prove between these two.")
        return
    rest = list(path) if old & (old - 1) else [old_root, *path]
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    if not rest:
        raise Refused("The proof between the two checkpoints is cut short.")
    first = second = rest[0]
    for sibling in rest[1:]:
        if last == 0:
            raise Refused("The proof between the two checkpoints is too long.")
        if at & 1 or at == last:
            first, second = _node(sibling, first), _node(sibling, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = _node(second, sibling)
        at, last = at >> 1, last >> 1
    if last:
        raise Refused("The proof between the two checkpoints is cut short.")
    if (first, second) != (old_root, new_root):
        raise Refused(
            "The log changed what it had signed before: the newer checkpoint does not contain the older."
        )


# --- reading strictly -----------------------------------------------------------------------------------


def _text(data: bytes, what: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Refused(f"{what} is not text in UTF-8.") from None


def _parsed(text: str, what: str) -> Any:
    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            raise Refused(f"{what} has a member twice, so it could be read in two ways.")
        return made

    def no(_: str) -> None:
        raise Refused(f"{what} has a number that is not whole.")

    try:
        return json.loads(text, object_pairs_hook=members, parse_float=no, parse_constant=no)
    except Refused:
        raise
    except (ValueError, RecursionError):
        raise Refused(f"{what} is not JSON.") from None


def _members(found: Any, wanted: set[str], what: str) -> None:
    if not isinstance(found, dict):
        raise Refused(f"{what} is not a JSON object.")
    for name in sorted(set(found) ^ wanted):
        raise Refused(f"{what} {'has an unknown' if name in found else 'lacks the'} member {_shown(name)}.")


def _listed(found: Any, most: int, what: str) -> list[Any]:
    if not isinstance(found, list) or len(found) > most:
        raise Refused(f"{what} are not a list of at most {most}.")
    return found


def _decoded(text: Any, what: str, length: int | None = None) -> bytes:
    try:
        data = b64decode(text if isinstance(text, str) else "-", validate=True)
    except ValueError:
        raise Refused(f"{what} is not base64.") from None
    if b64encode(data).decode() != text:  # other spellings of the same bytes
        raise Refused(f"{what} is not canonical base64.")
    if length is not None and len(data) != length:
        raise Refused(f"{what} is not {length} bytes long.")
    return data


def _plain(text: Any, what: str) -> str:
    if not isinstance(text, str) or not text.isascii():
        raise Refused(f"{what} is not plain ASCII; it may hold letters that only look like others.")
    return text


def _is(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.match(value) is not None


def _counts(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def _shown(value: Any) -> str:
    """What somebody else wrote, so that it cannot pass for other letters nor move the cursor."""
    return json.dumps(value)[:80]


# --- in words -------------------------------------------------------------------------------------------

NOT_SHOWN = (
    "What this does not show: that what an entry says is true, that all that happened was recorded, or which person"
    " acted."
)


def words(checked: Checked) -> list[str]:
    """The three lines, then each entry, then what none of this shows."""
    point, entries = checked.checkpoint, sorted(checked.entries, key=lambda one: one.place)
    times = sorted({one.said["t"] for one in entries})
    when = " to ".join(_when(one) for one in (times if len(times) < 2 else [times[0], times[-1]]))
    whose = (
        "The key is the one you gave."
        if checked.key_given
        else "The key came inside this file: compare its number with the log’s, by a way you trust."
    )
    lines = [
        f"Who signed: the log {point.origin}, with the key {point.key.number}. {whose}",
        f"Recorded when: {when or 'no entry'}, in the log’s own clock; not anchored outside yet.",
        f"Unchanged since: {_placed(entries)} among the {point.size:,} that the log signed, word for word.",
    ]
    for one in entries:
        name, row, version = one.said["o"]
        lines += [
            "",
            f"Entry {one.place:,}: {one.said['k']}, on {_when(one.said['t'])}, by {_by(one.said['a'])}",
            f"  about {name} {row}" + (f", version {version}" if version else ""),
            *(f"  {field}: {_said(value)}" for field, value in sorted(one.told.items())),
        ]
        lines += [f"  stays hidden: {', '.join(one.hidden)}"] if one.hidden else []
    return [*lines, "", NOT_SHOWN]


def _placed(entries: list[Entry]) -> str:
    if len(entries) == 1:
        return f"entry {entries[0].place:,} stands"
    return f"{len(entries)} entries stand"


def _by(actor: str) -> str:
    if actor == "system":
        return "Quarterdeck itself"
    return "a member" if _ID.match(actor) else f"somebody in the role {actor}"


def _said(value: Any) -> str:
    # Line ends and what turns the direction of writing are shown as escapes: a value cannot imitate a line of ours.
    shown = json.dumps(value, ensure_ascii=False)
    return re.sub(
        "[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]",
        lambda m: f"\\u{ord(m[0]):04x}",
        shown,
    )


def _when(seconds: int) -> str:
    try:
        return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(seconds))
    except (ValueError, OverflowError, OSError):
        return f"second {seconds}"


# --- the command ----------------------------------------------------------------------------------------


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of this command; `quarterdeck ledger verify-pack` takes the same."""
    parser.add_argument("file", nargs="?", help="the proof file")
    parser.add_argument(
        "--key", action="append", default=[], help="the log’s key line, a file of them, or its number"
    )
    parser.add_argument("--compare", nargs=2, metavar=("OLDER", "NEWER"), help="two files with checkpoints")


def run(args: argparse.Namespace) -> int:
    """Do it and say so; the exit code is told at the top of this file."""
    try:
        keys = [line for given in args.key for line in _key_lines(given)]
        if args.compare:
            older, newer = (_text(_read(name), name) for name in args.compare)
            print(_compared(compare(older, newer, keys)))
            return HOLDS
        checked = check(_read(args.file or ""), keys)
        print("\n".join(words(checked)))
        return HOLDS if checked.key_given else OWN_KEY
    except Refused as wrong:
        print(f"Refused. {wrong} Nothing in it should be believed for being in it.", file=sys.stderr)
        return REFUSED
    except OSError as wrong:
        print(
            f"{wrong.filename or 'The file'} cannot be read: {wrong.strerror}. Nothing was checked.",
            file=sys.stderr,
        )
        return UNREADABLE


def _compared(found: Compared) -> str:
    older, newer = found.older.size, found.newer.size
    if older == newer:
        return f"Both checkpoints are the same history of {older:,} entries of {found.older.origin}."
    if found.proved:
        return f"The newer checkpoint ({newer:,} entries) contains the older ({older:,}): nothing before was changed."
    return (
        f"Both are signed by {found.older.origin}: {older:,} entries and {newer:,}. Whether the second contains the"
        f" first is not known yet: take the log’s answer at “since/{older}” as the newer one."
    )


def _key_lines(given: str) -> list[str]:
    if os.path.exists(given):
        return _text(_read(given), given).split()
    return [given]


def _read(name: str) -> bytes:
    with open(name, "rb") as file:
        return file.read(FILE_LIMIT + 1)


if __name__ == "__main__":
    _parser = argparse.ArgumentParser(description="Check a Quarterdeck proof file, offline.")
    add_arguments(_parser)
    _arguments = _parser.parse_args()
    if not _arguments.file and not _arguments.compare:
        _parser.error("Name a proof file, or two files to compare.")
    sys.exit(run(_arguments))
