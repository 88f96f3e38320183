"""The bytes of an event: JSON in the canonical form of RFC 8785 (JCS), without a free word or a person in it.

    {"a":<the actor's role>,"c":{<field>:<commitment>,…},"e":<event id>,"k":<kind>,
     "o":[<type>,<id>,<version>],"p":<leaf hash of the event it answers>,"t":<Unix seconds>,"v":2}

The role is the one the actor had then; "guest" holds a link and no account, "system" is the machine, "installation"
whoever changes the installation. Who it was is committed to in the field `by`; a person the event is about in `whom`,
and the event's own id stands in the object's place. In version 1 the actor and such a person stand as pseudonyms.

A commitment is base64(SHA-256(JCS([base64(salt), field, value]))) with a salt of 128 random bits, so that each
field can be disclosed, withheld or erased alone. A test holds this writer equal to `rfc8785`, which is slower.
"""

from __future__ import annotations

import json
import uuid
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

LEAF_LIMIT = 65535  # an entry bundle of tlog-tiles gives a length in 16 bits
SALT_BYTES = 16
_INT_LIMIT = 2**53

_string = json.JSONEncoder(ensure_ascii=False).encode


def head(
    *,
    kind: str,
    role: str,
    about: tuple[str, str, int],
    commitments: Mapping[str, str],
    event_id: str,
    cause: bytes | None,
) -> str:
    """The leaf up to its time, in ASCII; the database adds the time and `finish` does the same here.

    Every part is a declared name, an id, a number or a hash: nothing needs escaping. ValueError when the leaf
    would be longer than 65535 bytes.
    """
    fields = ",".join([f'"{name}":"{commitments[name]}"' for name in sorted(commitments)])
    name, row, version = about
    parent = f'"p":"{b64encode(cause).decode()}",' if cause is not None else ""
    made = (
        f'{{"a":"{role}","c":{{{fields}}},"e":"{event_id}","k":"{kind}",'
        f'"o":["{name}","{row}",{version}],{parent}"t":'
    )
    if not made.isascii() or len(made) + 32 > LEAF_LIMIT:
        raise ValueError(f"The event would be over {LEAF_LIMIT} bytes, or a name in it is not plain ASCII.")
    return made


def finish(head: str, at: int) -> bytes:
    """The whole leaf: its head, its time in Unix seconds, its version."""
    return f'{head}{at},"v":2}}'.encode("ascii")


def commitment(salt: bytes, field: str, value_json: str) -> str:
    """base64(SHA-256(JCS([base64(salt), field, value]))); `value_json` is what `canonical` made."""
    said = f'["{b64encode(salt).decode()}","{field}",{value_json}]'
    return b64encode(sha256(said.encode()).digest()).decode()


def canonical(value: Any) -> str:
    """A field's value in JCS: str, bool, None, int below 2^53; a date, time or UUID becomes its string.

    TypeError for anything else, ValueError for an integer out of range, a naive time or a lone surrogate.
    """
    if value is None or value is True or value is False:
        return _CONSTANTS[value]
    if isinstance(value, int):
        if not -_INT_LIMIT < value < _INT_LIMIT:
            raise ValueError("An integer in an event is below 2^53; write a larger one as a string.")
        return str(int(value))
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("A time in an event needs a time zone.")
        return _string(value.astimezone(UTC).isoformat())
    if isinstance(value, (date, uuid.UUID)):
        return _string(str(value))
    if isinstance(value, str):
        text = str.__str__(value)
        text.encode()  # a lone surrogate has no UTF-8 and so no canonical form
        return _string(text)
    raise TypeError(
        f"A field of an event is text, an integer, a truth value, a time or nothing, not {type(value)}."
    )


_CONSTANTS = {None: "null", True: "true", False: "false"}


def read(leaf: bytes) -> dict[str, Any]:
    """The leaf as a dictionary. ValueError when it is no JSON object."""
    found = json.loads(bytes(leaf))
    if not isinstance(found, dict):
        raise ValueError("A leaf is a JSON object.")
    return found
