"""Decodes one picture: run as a process of its own, never imported by the product. A line of JSON and the picture's
bytes come in, a line of JSON and perhaps a picture go out.
"""

from __future__ import annotations

import io
import json
import math
import sys
import warnings
from typing import Any

from PIL import Image, ImageChops, ImageFilter, ImageOps

MEMORY = 1536 * 2**20  # bytes of address space
SECONDS = 20  # of processor time
MOST_PIXELS = 50_000_000  # of one frame; the same cap as at the door
FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
WEIGHED = 96  # pixels a side, in which a place to cut is looked for
CENTRE = 0.15  # how much of its weight a box loses that lies wholly at the edge


def main() -> None:
    _bound()
    line, _, data = sys.stdin.buffer.read().partition(b"\n")
    said, made = _do(json.loads(line), data)
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + made)


def _bound() -> None:
    """Where the system can: this process gets so much memory and time, writes no file and makes no other."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _do(wish: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                return {"trouble": "This picture has more pixels than are drawn here."}, b""
            return {"small": _small, "cut": _cut, "propose": _propose}[wish["do"]](image, wish)
    except Image.DecompressionBombError:
        return {"trouble": "This picture has more pixels than are drawn here."}, b""
    except (OSError, SyntaxError, ValueError):
        return {"trouble": "This picture is damaged inside and cannot be drawn."}, b""
    except MemoryError:
        return {"trouble": "This picture needs more memory than one picture gets."}, b""


def _small(image: Image.Image, wish: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    side, frames = wish["side"], getattr(image, "n_frames", 1)
    image.seek(0)
    image.draft("RGB", (side, side))
    shown = _plain(image)
    shown.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    shown.save(out, "WEBP", quality=78, method=3)
    return {"mime": "image/webp", "frames": frames}, out.getvalue()


def _cut(image: Image.Image, wish: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Every cut of `wish["cuts"]` (box and width), decoded once, and no larger than the largest of them needs."""
    profile = image.info.get("icc_profile") if image.mode != "CMYK" else None
    lying = image.getexif().get(0x0112, 1) >= 5
    whole = image.height if lying else image.width
    needed = max(width / box[2] for box, width in wish["cuts"]) / whole
    if needed < 1:
        image.draft("RGB", (math.ceil(image.width * needed), math.ceil(image.height * needed)))
    as_png, shown = image.format == "PNG", _plain(image)
    made = [_one(shown, box, width, profile, as_png) for box, width in wish["cuts"]]
    return {"sizes": [len(one) for one in made]}, b"".join(made)


def _one(shown: Image.Image, box: list[float], width: int, profile: bytes | None, as_png: bool) -> bytes:
    x, y = round(box[0] * shown.width), round(box[1] * shown.height)
    right = min(shown.width, x + max(1, round(box[2] * shown.width)))
    bottom = min(shown.height, y + max(1, round(box[3] * shown.height)))
    part = shown.crop((x, y, right, bottom))
    if part.width > width:
        tall = max(1, round(part.height * width / part.width))
        part = part.resize((width, tall), Image.Resampling.LANCZOS, reducing_gap=3.0)
    part.info = {}  # else a comment of the picture comes along
    out = io.BytesIO()
    if as_png or part.mode == "RGBA":
        part.save(out, "PNG", icc_profile=profile)
    else:
        part.save(out, "JPEG", quality=92, subsampling=0, icc_profile=profile)
    return out.getvalue()


def _plain(image: Image.Image) -> Image.Image:
    """The first frame with the right side up, in plain colours, seen through only where something can be."""
    upright = ImageOps.exif_transpose(image)
    clear = upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info
    return upright.convert("RGBA" if clear else "RGB")


def _propose(image: Image.Image, wish: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    image.draft("RGB", (WEIGHED * 2, WEIGHED * 2))
    shown = _plain(image).convert("RGB")
    whole = shown.width / shown.height
    shown.thumbnail((WEIGHED, WEIGHED), Image.Resampling.BOX)
    columns, lines = _weights(shown)
    boxes = []
    for ratio in wish["ratios"]:
        if ratio < whole:
            share = ratio / whole
            boxes.append([_best(columns, share), 0.0, share, 1.0])
        else:
            share = whole / ratio
            boxes.append([0.0, _best(lines, share), 1.0, share])
    return {"boxes": boxes}, b""


def _weights(shown: Image.Image) -> tuple[list[float], list[float]]:
    """How much there is to see in each column and each line: edges, and what differs from the picture's border."""
    width, height = shown.size
    edges = shown.convert("L").filter(ImageFilter.FIND_EDGES).tobytes()
    ground = Image.new("RGB", shown.size, _border(shown))
    other = ImageChops.difference(shown, ground).convert("L").tobytes()
    seen = [a + b for a, b in zip(edges, other, strict=True)]
    for x in range(width):  # the filter leaves the border as it was
        seen[x] = seen[(height - 1) * width + x] = 0.0
    for y in range(height):
        seen[y * width] = seen[(y + 1) * width - 1] = 0.0
    columns = [sum(seen[x::width]) for x in range(width)]
    lines = [sum(seen[y * width : (y + 1) * width]) for y in range(height)]
    return columns, lines


def _border(shown: Image.Image) -> tuple[int, ...]:
    """The middle colour of the outermost pixels."""
    right, low = shown.width - 1, shown.height - 1
    places = [(x, y) for x in range(right + 1) for y in (0, low)] + [
        (x, y) for y in range(low) for x in (0, right)
    ]
    found = [shown.getpixel(place) for place in places]
    return tuple(sorted(one[band] for one in found)[len(found) // 2] for band in range(3))


def _best(weights: list[float], share: float) -> float:
    """Where a window of this share of the whole begins, so that most is in it; near the middle where it is alike."""
    size = max(1, min(len(weights), round(share * len(weights))))
    room = len(weights) - size
    middle, found, most = room / 2, 0, -math.inf
    for start in range(room + 1):
        away = abs(start - middle) / middle if middle else 0.0
        score = sum(weights[start : start + size], 1e-6) * (1 - CENTRE * away)
        if score > most:
            found, most = start, score
    return min(found / len(weights), 1.0 - share)


if __name__ == "__main__":
    main()
