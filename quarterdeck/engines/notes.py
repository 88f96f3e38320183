"""Signed notes, checkpoints and proofs as text, in the formats of c2sp.org: signed-note, tlog-checkpoint and
tlog-proof. Whatever is read is read strictly: base64 has one spelling, numbers have no leading zeros, and a
signature that a known key did not make refuses the whole note.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from quarterdeck.engines import merkle

ED25519 = 0x01  # the signature type identifier of signed-note
PROOF_HEADER = "c2sp.org/tlog-proof@v1"
_SIGNATURE = re.compile(r"\u2014 ([^ ]+) ([A-Za-z0-9+/]+={0,2})\Z")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_NUMBER = re.compile(r"(0|[1-9][0-9]{0,18})\Z")
_LIMIT = 1_000_000  # characters of a note: the specification asks for a limit


class NoteError(ValueError):
    """A note, checkpoint or proof is malformed, or no key that is known signed it."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A name and an Ed25519 public key of 32 bytes; `str()` is the vkey line `name+id+base64`."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        if not self.name or re.search(r"[\s+]", self.name):
            raise NoteError("A key's name is not empty and has neither spaces nor plus signs.")
        if len(self.public) != 32:
            raise NoteError("An Ed25519 public key is 32 bytes.")

    @property
    def id(self) -> bytes:
        """The first four bytes of SHA-256(name, newline, 0x01, public key)."""
        return sha256(self.name.encode() + b"\n" + bytes([ED25519]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(bytes([ED25519]) + self.public).decode()}"

    @classmethod
    def read(cls, line: str) -> VerifierKey:
        """The key of a vkey line. NoteError when it is malformed, of another type, or its id is wrong."""
        parts = line.split("+", 2)
        if len(parts) != 3:
            raise NoteError("A verifier key is name+id+key.")
        key = _decoded(parts[2])
        if len(key) != 33 or key[0] != ED25519:
            raise NoteError("The verifier key is not an Ed25519 key.")
        made = cls(parts[0], key[1:])
        if parts[1] != made.id.hex():
            raise NoteError("The verifier key's id does not belong to it.")
        return made


@dataclass(frozen=True, slots=True)
class Signer:
    """A name and an Ed25519 private key of 32 bytes (the seed of RFC 8032)."""

    name: str
    seed: bytes

    @property
    def verifier(self) -> VerifierKey:
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return VerifierKey(self.name, public.public_bytes(Encoding.Raw, PublicFormat.Raw))

    def sign(self, text: str) -> str:
        """The signature line for `text`, with its newline."""
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        return f"\u2014 {self.name} {b64encode(self.verifier.id + signature).decode()}\n"


def sign(text: str, signers: Iterable[Signer]) -> str:
    """A signed note: `text` (it ends in a newline), a blank line, one signature line for each signer."""
    if not text.endswith("\n") or _CONTROL.search(text):
        raise NoteError("A note's text ends in a newline and has no other control characters.")
    lines = "".join(signer.sign(text) for signer in signers)
    if not lines:
        raise NoteError("A note needs at least one signature.")
    return f"{text}\n{lines}"


def open_note(note: str, keys: Iterable[VerifierKey]) -> str:
    """The text of a note that at least one of `keys` signed. Unknown signatures are ignored.

    NoteError when it is malformed, when no known key signed it, or when one of their signatures is false.
    """
    text, lines = _parted(note)
    known = {(key.name, key.id): key for key in keys}
    good = 0
    for line in lines:
        match = _SIGNATURE.match(line)
        if match is None:
            raise NoteError("A signature line of the note is malformed.")
        blob = _decoded(match[2])
        if len(blob) < 5:
            raise NoteError("A signature of the note is too short.")
        key = known.get((match[1], blob[:4]))
        if key is None:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(blob[4:], text.encode())
        except InvalidSignature:
            raise NoteError(f"The signature of {key.name} on the note is false.") from None
        good += 1
    if not good:
        raise NoteError("No known key signed the note.")
    return text


def _parted(note: str) -> tuple[str, list[str]]:
    if len(note) > _LIMIT or _CONTROL.search(note) or not note.endswith("\n"):
        raise NoteError("The note is too long, has control characters, or does not end in a newline.")
    text, gap, signatures = note.rpartition("\n\n")
    if not gap or not signatures:
        raise NoteError("The note has no blank line before its signatures.")
    return text + "\n", signatures[:-1].split("\n")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's size and root hash (32 bytes) under its origin: the text of a tlog-checkpoint."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    @classmethod
    def read(cls, text: str) -> Checkpoint:
        """Read a note's text; extension lines are allowed and ignored. NoteError when it is malformed."""
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
            raise NoteError("A checkpoint has at least three lines, none of them empty.")
        root = _decoded(lines[2])
        if not _NUMBER.match(lines[1]) or len(root) != 32:
            raise NoteError("The checkpoint's size is no plain number or its root is not 32 bytes.")
        return cls(lines[0], int(lines[1]), root)


def open_checkpoint(note: str, keys: Iterable[VerifierKey], origin: str) -> Checkpoint:
    """The checkpoint in a signed note of the log `origin`. NoteError as in `open_note`, or for another log."""
    found = Checkpoint.read(open_note(note, keys))
    if found.origin != origin:
        alike = "" if found.origin.isascii() else " Its name has letters that only look like others."
        raise NoteError(f"The checkpoint is of the log {found.origin}, not of {origin}.{alike}")
    return found


@dataclass(frozen=True, slots=True)
class Proof:
    """A tlog-proof: that an entry stands at `index` of the log whose signed `checkpoint` is inside."""

    index: int
    hashes: Sequence[bytes]
    checkpoint: str
    extra: bytes | None = None

    def text(self) -> str:
        lines = [PROOF_HEADER]
        if self.extra is not None:
            lines.append(f"extra {b64encode(self.extra).decode()}")
        lines.append(f"index {self.index}")
        lines += [b64encode(h).decode() for h in self.hashes]
        return "\n".join(lines) + "\n\n" + self.checkpoint

    @classmethod
    def read(cls, text: str) -> Proof:
        """Read the text form. NoteError when it is malformed."""
        head, gap, checkpoint = text.partition("\n\n")
        lines = head.split("\n")
        if len(text) > _LIMIT or not gap or lines.pop(0) != PROOF_HEADER:
            raise NoteError(f"A proof begins with the line {PROOF_HEADER}.")
        extra = None
        if lines and lines[0].startswith("extra "):
            extra = _decoded(lines.pop(0)[6:])
        if not lines or not lines[0].startswith("index ") or not _NUMBER.match(lines[0][6:]):
            raise NoteError("The proof does not say its entry's index.")
        hashes = [_decoded(line) for line in lines[1:]]
        if len(hashes) > 63 or any(len(h) != 32 for h in hashes):
            raise NoteError("A line of the proof is not a hash of 32 bytes.")
        return cls(int(lines[0][6:]), hashes, checkpoint, extra)

    def verify(self, entry: bytes, keys: Iterable[VerifierKey], origin: str) -> Checkpoint:
        """The signed checkpoint that contains `entry` (its bytes, not its hash).

        NoteError for a false or foreign signature, merkle.ProofError when the entry is not in that tree.
        """
        found = open_checkpoint(self.checkpoint, keys, origin)
        merkle.verify_inclusion(
            self.index, found.size, merkle.leaf_hash(entry), list(self.hashes), found.root
        )
        return found


def _decoded(text: str) -> bytes:
    try:
        data = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError("A value of the note is not base64.") from None
    if b64encode(data).decode() != text:  # other spellings of the same bytes are refused
        raise NoteError("A value of the note is not canonical base64.")
    return data
