"""Proof files made by hand, for tests of whoever checks them: a log of a few events, signed by a key of its own."""

from __future__ import annotations

import contextlib
import json
from base64 import b64encode
from hashlib import sha256
from typing import Any

from quarterdeck.engines import merkle, notes

ORIGIN = "quarterdeck.example/ledger/7/1"
NOW = 1_760_000_000


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def salted(number: int) -> str:
    return b64encode(sha256(b"%d" % number).digest()[:16]).decode()


def commitment(salt: str, field: str, value: Any) -> str:
    return b64encode(sha256(canonical([salt, field, value]).encode()).digest()).decode()


def leaf(number: int, fields: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """An event's leaf; version 2 for even numbers and 1 for odd ones, since logs hold both."""
    uid = f"00000000-0000-4000-8000-{number:012d}"
    made = {
        "a": ("lead" if number % 2 == 0 else uid),
        "c": {name: commitment(salted(number), name, value) for name, value in fields.items()},
        "e": uid,
        "k": "publishing.post.approved",
        "o": ["publishing.post", uid, number],
        "t": NOW - 1000 + number,
        "v": 2 if number % 2 == 0 else 1,
    }
    return made | changed


class Log:
    """`size` events, each with a field `state` and a field `words`; `pack` tells some of them."""

    def __init__(self, size: int, origin: str = ORIGIN, seed: int = 1, **changed: Any) -> None:
        self.fields = [{"state": f"ready {n}", "words": f"“Ada” said {n}"} for n in range(size)]
        self.leaves = [canonical(leaf(n, self.fields[n], **changed)) for n in range(size)]
        self.hashes = [merkle.leaf_hash(one.encode()) for one in self.leaves]
        self.origin = origin
        self.signer = notes.Signer(origin, bytes([seed]) * 32)
        self.key = str(self.signer.verifier)

    def checkpoint(self, size: int | None = None) -> str:
        size = len(self.leaves) if size is None else size
        root = merkle.root(self.hashes[:size])
        return notes.sign(notes.Checkpoint(self.origin, size, root).text(), [self.signer])

    def since(self, old: int) -> str:
        """The log's newest checkpoint behind the proof that it contains the one of `old` entries."""
        proof = merkle.consistency_proof(self.hashes, old)
        return "\n".join([f"old {old}", *(b64encode(h).decode() for h in proof)]) + f"\n\n{self.checkpoint()}"

    def path(self, number: int) -> str:
        return notes.Proof(number, merkle.inclusion_proof(self.hashes, number), "").text()[:-1]

    def pack(self, *numbers: int, show: tuple[str, ...] = ("state",)) -> dict[str, Any]:
        return {
            "format": "quarterdeck-proof/1",
            "how": "Check it.",
            "keys": [self.key],
            "checkpoint": self.checkpoint(),
            "entries": [
                {
                    "leaf": self.leaves[n],
                    "path": self.path(n),
                    "disclosed": [
                        {"salt": salted(n), "field": name, "value": self.fields[n][name]} for name in show
                    ],
                    "hidden": sorted(set(self.fields[n]) - set(show)),
                }
                for n in numbers
            ],
        }


def data(pack: Any) -> bytes:
    return json.dumps(pack, ensure_ascii=False).encode()


def bad() -> dict[str, tuple[bytes, str]]:
    """Proof files that must be refused: name -> (bytes, a part of the reason). Checked at `NOW`, without a key."""
    log, other = Log(11), Log(11, "quarterdeck.example/ledger/8/1", seed=2, k="publishing.post.drafted")
    impostor = Log(11, seed=3)

    def changed(*numbers: int, **parts: Any) -> dict[str, Any]:
        return log.pack(*(numbers or (4,))) | parts

    def entry(**parts: Any) -> bytes:
        pack = log.pack(4)
        pack["entries"][0] |= parts
        return data(pack)

    def told(**parts: Any) -> bytes:
        pack = log.pack(4)
        pack["entries"][0]["disclosed"][0] |= parts
        return data(pack)

    def forged(text: str) -> bytes:
        """A log that holds these very bytes as its only entry, rightly signed: only its content can be refused."""
        one = Log(1)
        one.leaves, one.hashes = [text], [merkle.leaf_hash(text.encode())]
        pack = one.pack(0, show=())
        with contextlib.suppress(ValueError, KeyError, TypeError):
            pack["entries"][0]["hidden"] = sorted(json.loads(text)["c"])
        return data(pack)

    def event(**parts: Any) -> bytes:
        return forged(canonical(leaf(0, {"state": "x"}, **parts)))

    good = data(log.pack(4)).decode()
    sound = canonical(leaf(0, {"state": "x"}))
    swapped = log.pack(4, 6)
    swapped["entries"][0]["leaf"], swapped["entries"][1]["leaf"] = log.leaves[6], log.leaves[4]
    path = log.path(4).split("\n")
    cyrillic = "\u0430"  # looks like a
    return {
        "empty": (b"", "not JSON"),
        "not JSON": (b"{", "not JSON"),
        "not UTF-8": (b'{"format": "\xff"}', "not text in UTF-8"),
        "a byte order mark": (b"\xef\xbb\xbf" + good.encode(), "not JSON"),
        "a list": (b"[]", "not a JSON object"),
        "nested without end": (b"[" * 100_000, "not JSON"),
        "huge": (b" " * 4_000_001, "larger than 4000000 bytes"),
        "cut short": (good[: len(good) // 2].encode(), "not JSON"),
        "something behind": (good.encode() + b" {}", "not JSON"),
        "another format": (data(changed(format="quarterdeck-proof/2")), "not of the format"),
        "a member twice": (good.replace('"how"', '"keys"').encode(), "twice"),
        "a member twice within": (
            good.replace('"hidden": ["words"]', '"hidden": [], "hidden": ["words"]').encode(),
            "twice",
        ),
        "an unknown member": (data(changed(more=1)), "unknown member"),
        "a look-alike member": (good.replace('"keys"', f'"key{cyrillic}"').encode(), "member"),
        "a missing member": (data({k: v for k, v in changed().items() if k != "keys"}), "lacks the member"),
        "no list of entries": (data(changed(entries={})), "not a list"),
        "too many entries": (data(changed(entries=[1] * 501)), "not a list of at most"),
        "an entry that is none": (data(changed(entries=[1])), "not a JSON object"),
        "one entry twice": (data(log.pack(4, 4)), "one entry twice"),
        "swapped leaves": (data(swapped), "does not lead to the root"),
        "a leaf of another place": (entry(leaf=log.leaves[6]), "does not lead to the root"),
        "a changed leaf": (
            entry(leaf=log.leaves[4].replace("approved", "rejected")),
            "does not lead to the root",
        ),
        "a path of another log": (entry(path=other.path(4).replace("index 4", "index 5")), "does not lead"),
        "a truncated path": (entry(path="\n".join([*path[:-2], ""])), "cut short"),
        "a path that is too long": (entry(path="\n".join([*path[:-1], path[-2], ""])), "too long"),
        "a hash that was cut": (entry(path="\n".join([*path[:-2], path[-2][:-4], ""])), "32 bytes"),
        "a place outside": (entry(path=log.path(4).replace("index 4", "index 11")), "outside a log of 11"),
        "a place with a leading zero": (
            entry(path=log.path(4).replace("index 4", "index 04")),
            "does not say its place",
        ),
        "a place in other digits": (
            entry(path=log.path(4).replace("index 4", "index \u0664")),
            "does not say its place",
        ),
        "a place beyond all numbers": (
            entry(path=log.path(4).replace("index 4", "index 1" + "0" * 30)),
            "does not say its place",
        ),
        "no tlog-proof": (entry(path=log.path(4)[1:]), "not a tlog-proof"),
        "base64 spelled otherwise": (entry(path=log.path(4).replace("=\n", "\n", 1)), "base64"),
        "a checkpoint of another log": (data(changed(checkpoint=other.checkpoint())), "No key that is known"),
        "another log with its key": (
            data(changed(checkpoint=other.checkpoint(), keys=[other.key])),
            "does not lead",
        ),
        "the same name, another key": (
            data(changed(checkpoint=impostor.checkpoint())),
            "No key that is known",
        ),
        "a false signature": (
            data(changed(checkpoint=_flipped(log.checkpoint()))),
            "signature on the checkpoint is false",
        ),
        "a changed checkpoint": (
            data(changed(checkpoint=log.checkpoint().replace("\n11\n", "\n12\n"))),
            "is false",
        ),
        "a checkpoint without signature": (
            data(changed(checkpoint=log.checkpoint().split("\n\n")[0] + "\n")),
            "malformed",
        ),
        "a checkpoint cut short": (data(changed(checkpoint=log.checkpoint()[:-5])), "line break"),
        "a checkpoint of another kind": (data(changed(checkpoint=7)), "not text"),
        "a huge checkpoint": (data(changed(checkpoint="x" * 20_001 + "\n")), "too long"),
        "a look-alike origin": (
            data(changed(checkpoint=log.checkpoint().replace("quarterdeck", f"qu{cyrillic}rterdeck"))),
            "not plain ASCII",
        ),
        "a size with a sign": (
            data(changed(checkpoint=log.checkpoint().replace("\n11\n", "\n+11\n"))),
            "no number",
        ),
        "no keys": (data(changed(keys=[])), "No key that is known"),
        "a key that is none": (data(changed(keys=["x"])), "A key is one line"),
        "a key of another kind": (data(changed(keys=[7])), "A key is one line"),
        "a look-alike key": (data(changed(keys=[log.key.replace("a", cyrillic, 1)])), "A key is one line"),
        "a key with another's id": (
            data(changed(keys=[log.key.replace("+", "+00000000", 1)[:200]])),
            "id is not its own",
        ),
        "a key cut short": (data(changed(keys=[log.key[:-4]])), "not an Ed25519 key"),
        "too many keys": (data(changed(keys=[log.key] * 51)), "not a list"),
        "another value": (told(value="ready 5"), "not what entry 4 committed to"),
        "another salt": (told(salt=salted(5)), "not what entry 4 committed to"),
        "a short salt": (told(salt="AAAA"), "16 bytes"),
        "another field": (told(field="words"), "not what entry 4 committed to"),
        "an unknown field": (told(field="mood"), "has no field"),
        "a look-alike field": (told(field=f"st{cyrillic}te"), "has no field"),
        "a field that is none": (told(field=["state"]), "has no field"),
        "a fraction": (told(value=0.5), "not whole"),
        "a whole number written as a fraction": (good.replace('"ready 4"', "1e3").encode(), "not whole"),
        "not a number": (good.replace('"ready 4"', "NaN").encode(), "not whole"),
        "a number too large": (told(value=2**53), "says what no field can say"),
        "a list as value": (told(value=[]), "says what no field can say"),
        "half a letter": (good.replace("ready 4", "\\ud800").encode(), "not text"),
        "a field told twice": (entry(disclosed=log.pack(4)["entries"][0]["disclosed"] * 2), "twice"),
        "hidden fields that are not said": (entry(hidden=[]), "other hidden fields"),
        "a leaf over the limit": (
            event(c={f"f{n}": commitment(salted(0), "f", 1) for n in range(1300)}),
            "larger than 65535",
        ),
        "a leaf with spaces": (forged(sound.replace(":", ": ", 1)), "not canonical"),
        "a leaf in another order": (forged('{"v":2,' + sound[1:].replace(',"v":2', "")), "not canonical"),
        "a leaf with an escape": (forged(sound.replace("lead", "le\\u0061d")), "not canonical"),
        "a leaf with a member twice": (forged(sound.replace('{"a"', '{"a":"lead","a"')), "twice"),
        "a leaf with a fraction": (forged(sound.replace('"v":2', '"v":2.0')), "not whole"),
        "a leaf with a negative zero": (forged(sound.replace(',0],"t"', ',-0],"t"')), "not canonical"),
        "a leaf that is a list": (forged("[[]]"), "not a JSON object"),
        "a leaf that is no event": (forged("{}"), "lacks the member"),
        "a leaf with more in it": (event(x=1), "unknown member"),
        "a leaf in other letters": (event(k=f"publishing.post.{cyrillic}pproved"), "not plain ASCII"),
        "a leaf whose field is no name": (
            event(c={"A b": commitment(salted(0), "f", 1)}),
            "which none can have",
        ),
        "a leaf with a short commitment": (event(c={"f": "AAAA"}), "32 bytes"),
        "a leaf of an unknown version": (event(v=3), "version that is known"),
        "a leaf whose version is true": (event(v=True), "version that is known"),
        "a leaf without an actor": (event(a="Ada Byron"), "version that is known"),
        "a time before all times": (event(t=-1), "version that is known"),
        "a time that is no number": (event(t="now"), "version that is known"),
        "a time to come": (event(t=NOW + 86_401), "is to come"),
    }


def _flipped(note: str) -> str:
    return note[:-12] + ("A" if note[-12] != "A" else "B") + note[-11:]
