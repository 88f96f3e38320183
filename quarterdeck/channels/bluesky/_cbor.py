"""The content identifier of a record: DAG-CBOR (IPLD), SHA-256, CID version 1 in base32.

Only what the data model of atproto allows is encoded: null, booleans, 64-bit integers, strings, arrays, objects,
links (`{"$link": CID}`) and bytes (`{"$bytes": base64}`). Everything has one encoding: shortest lengths, and the keys
of an object by length, then by their bytes.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from typing import Any

CBOR, RAW = 0x71, 0x55  # multicodec: dag-cbor, raw
_LINK = 42  # the tag of a CID
_INTEGERS = range(-(2**63), 2**63)


class NotData(ValueError):
    """What was given is not in the data model."""


def cid(value: Any) -> str:
    """The content identifier of a record, as "bafyrei...". Raises NotData."""
    return of_hash(hashlib.sha256(encode(value)).digest(), CBOR)


def of_hash(sha256: bytes, codec: int = RAW) -> str:
    """The content identifier of something with this SHA-256; by default of a file, as "bafkrei..."."""
    return "b" + base64.b32encode(bytes((1, codec, 0x12, 32)) + sha256).decode().rstrip("=").lower()


def encode(value: Any) -> bytes:
    """DAG-CBOR of a JSON value in atproto's data model. Raises NotData."""
    out = bytearray()
    _put(value, out)
    return bytes(out)


def _put(value: Any, out: bytearray) -> None:
    if value is None or isinstance(value, bool):
        out.append({False: 0xF4, True: 0xF5, None: 0xF6}[value])
    elif isinstance(value, int):
        if value not in _INTEGERS:
            raise NotData("An integer is beyond 64 bits.")
        _head(0, value, out) if value >= 0 else _head(1, -1 - value, out)
    elif isinstance(value, str):
        _string(value, out)
    elif isinstance(value, list | tuple):
        _head(4, len(value), out)
        for one in value:
            _put(one, out)
    elif isinstance(value, dict):
        _object(value, out)
    else:
        raise NotData(f"A {type(value).__name__} is not in the data model.")


def _head(major: int, number: int, out: bytearray) -> None:
    for extra, form, above in ((24, ">B", 2**8), (25, ">H", 2**16), (26, ">I", 2**32), (27, ">Q", 2**64)):
        if number < 24:
            out.append(major << 5 | number)
            return
        if number < above:
            out.append(major << 5 | extra)
            out += struct.pack(form, number)
            return


def _string(text: str, out: bytearray) -> None:
    try:
        raw = text.encode()
    except UnicodeEncodeError:
        raise NotData("A string holds half a character.") from None
    _head(3, len(raw), out)
    out += raw


def _object(value: dict[str, Any], out: bytearray) -> None:
    if value.keys() == {"$link"}:
        raw = b"\0" + _binary(value["$link"])
        _head(6, _LINK, out)
    elif value.keys() == {"$bytes"}:
        raw = _unpadded(base64.b64decode, value["$bytes"], 4)
    else:
        if not all(isinstance(key, str) for key in value):
            raise NotData("The keys of an object are strings.")
        _head(5, len(value), out)
        for key in sorted(value, key=lambda key: (len(key.encode()), key.encode())):
            _string(key, out)
            _put(value[key], out)
        return
    _head(2, len(raw), out)
    out += raw


def _binary(link: Any) -> bytes:
    if not isinstance(link, str) or not link.startswith("b"):
        raise NotData("A link is a content identifier in base32.")
    return _unpadded(base64.b32decode, link[1:].upper(), 8)


def _unpadded(decode: Any, text: Any, group: int) -> bytes:
    try:
        return decode(text + "=" * (-len(text) % group))
    except (ValueError, TypeError) as error:
        raise NotData("A link or bytes are not well written.") from error
