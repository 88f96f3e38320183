"""What needs the pixels of a picture: a small one for lists, a cut for a network, where to cut by itself.

Decoders of pictures are the part of a program that strangers' bytes break most often. So they run in a process of
their own, which lives for one picture, holds no key and no connection, and may use so much memory and time and no
more (`decoder.py`). What it gives back is read again like any other file that comes from outside.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DECODER = Path(__file__).with_name("decoder.py")
PATIENCE = 60.0  # seconds; the process ends itself after 20 of processor time
LARGEST = 40 * 2**20  # bytes of what it gives back
_KEPT_FROM_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT")


class CannotDraw(Exception):
    """The picture could not be drawn; the words say why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a picture: left, top, width and height as parts of the whole, 0 to 1."""

    left: float
    top: float
    width: float
    height: float


def small(data: bytes, side: int) -> tuple[str, bytes, int]:
    """A picture of at most `side` pixels a side: its type, its bytes, and how many frames the picture has."""
    said, made = _ask(data, {"do": "small", "side": side})
    return said["mime"], made, said["frames"]


def cut(data: bytes, box: Box, width: int) -> bytes:
    """The part `box` of the picture as people see it, at most `width` pixels wide; JPEG, or PNG where the picture is
    one or can be seen through. Of a moving picture the first frame."""
    return cuts(data, [(box, width)])[0]


def cuts(data: bytes, wanted: Sequence[tuple[Box, int]]) -> list[bytes]:
    """Several such parts, each with its width, of a picture that is decoded once."""
    wish = [([box.left, box.top, box.width, box.height], width) for box, width in wanted]
    said, made = _ask(data, {"do": "cut", "cuts": wish})
    ends = list(itertools.accumulate(said["sizes"]))
    return [made[start:end] for start, end in itertools.pairwise([0, *ends])]


def propose(data: bytes, ratios: list[float]) -> list[Box]:
    """For each shape (width by height) the largest box of that shape where most is to be seen, rather in the middle:
    edges and colour are counted in a picture of 96 pixels. No face and no meaning is known."""
    said, _ = _ask(data, {"do": "propose", "ratios": ratios})
    return [Box(*one) for one in said["boxes"]]


def _ask(data: bytes, wish: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    head = json.dumps(wish).encode() + b"\n"
    kept = {name: os.environ[name] for name in _KEPT_FROM_ENVIRONMENT if name in os.environ}
    command = [sys.executable, "-I", str(DECODER)]
    try:
        ran = subprocess.run(command, input=head + data, capture_output=True, timeout=PATIENCE, env=kept)
    except subprocess.TimeoutExpired:
        raise CannotDraw("Drawing this picture took too long, so it was given up.") from None
    line, _, made = ran.stdout.partition(b"\n")
    if ran.returncode != 0 or not line or len(made) > LARGEST:
        raise CannotDraw("This picture is damaged inside, or needs more memory than one picture gets.")
    said = json.loads(line)
    if "trouble" in said:
        raise CannotDraw(said["trouble"])
    return said, made
