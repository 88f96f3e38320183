"""Videos made box by box for tests: small, whole, with what should not travel; their frames are plain colours."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from quarterdeck.crew.models import Member
from quarterdeck.studio import intake
from quarterdeck.studio.models import PIECE, File
from quarterdeck.studio.videos import Ask

PLACE = b"+54.3233+010.1394/ Kiel harbour, by Jo"
# For a browser's page: moves in a video and gives its seconds, width, height, and how light it is there.
PLAYED = """async (video) => {
  const heard = (name) => new Promise((done, fail) => {
    video.addEventListener(name, done, { once: true });
    setTimeout(() => fail(new Error(`no ${name}: ${video.error?.message ?? video.networkState}`)), 15000);
  });
  if (video.readyState < 1) await heard("loadedmetadata");
  const moved = heard("seeked");
  video.currentTime = 2.5;
  await moved;
  const canvas = Object.assign(document.createElement("canvas"), { width: 4, height: 4 });
  const context = canvas.getContext("2d");
  context.drawImage(video, 0, 0, 4, 4);
  return [video.duration, video.videoWidth, video.videoHeight, context.getImageData(1, 1, 1, 1).data[1]];
}"""
MATRIX = {
    0: (1, 0, 0, 1),
    90: (0, 1, -1, 0),
    180: (-1, 0, 0, -1),
    270: (0, -1, 1, 0),
}
_WIDE, _HIGH = 128, 96  # the only size that the parameter sets below describe
_SEQUENCE, _PICTURE = bytes.fromhex("6742000af841a2"), bytes.fromhex("68ce3880")


def box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return (len(body) + 8).to_bytes(4, "big") + name + body


def full(name: bytes, *parts: bytes, version: int = 0, flags: int = 0) -> bytes:
    return box(name, bytes([version]), flags.to_bytes(3, "big"), *parts)


def words(*numbers: int) -> bytes:
    return b"".join((number % 2**32).to_bytes(4, "big") for number in numbers)


def ask(data: bytes) -> Ask:
    return lambda start, length: data[start : start + length]


def frame(shade: int) -> bytes:
    """One picture of 128 × 96 pixels in one colour: H.264, every block as it is (I_PCM), with its length before it."""
    plain = bytes([shade]) * 256 + bytes([100]) * 64 + bytes([150]) * 64
    nal = bytes.fromhex("05888421a0") + (b"\x0d\0" + plain) * 48
    nal = nal.replace(b"\x05\x88\x84\x21\xa0\x0d\0", b"\x05\x88\x84\x21\xa0", 1) + b"\x80"
    return words(len(nal)) + nal


@dataclass(frozen=True)
class Track:
    """A track: what it is, how it is coded, its samples (each its own chunk), and boxes of its own."""

    kind: bytes
    codec: bytes
    samples: Sequence[bytes]
    extra: bytes = b""
    name: bytes = b"Core Media of Jo"
    wide: bool = False  # chunk offsets of eight bytes


def picture(samples: Sequence[bytes] | None = None, **more) -> Track:
    return Track(b"vide", b"avc1", samples or [frame(shade) for shade in (60, 120, 180, 240)], **more)


def sound(samples: Sequence[bytes] = (b"la" * 40, b"lo" * 40), codec: bytes = b"mp4a") -> Track:
    return Track(b"soun", codec, samples)


def telling(codec: bytes = b"gpmd", kind: bytes = b"meta") -> Track:
    """Where the camera was, second by second."""
    return Track(kind, codec, [PLACE + b" %d" % second for second in range(3)])


TELLING_BOXES = {
    "udta": box(b"udta", box(b"\xa9xyz", PLACE), box(b"loci", PLACE), box(b"\xa9mod", PLACE)),
    "meta": full(
        b"meta", full(b"hdlr", bytes(4), b"mdta", bytes(12)), box(b"keys", PLACE), box(b"ilst", PLACE)
    ),
    "uuid": box(b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac"), PLACE),
    "own": box(b"jo's", PLACE),
    "free": box(b"free", PLACE),
    "skip": box(b"skip", PLACE),
}


def mp4(
    *tracks: Track,
    brand: bytes = b"isom",
    before: bytes = b"",
    inside: bytes = b"",
    after: bytes = b"",
    turned: int = 0,
    seconds: int = 4,
    size: tuple[int, int] = (_WIDE, _HIGH),
    hidden: bytes = b"",
    head_first: bool = False,
) -> bytes:
    """A video. `before`, `after`: boxes around; `inside`: boxes of `moov`; `hidden`: bytes among the samples that no
    track names. Samples of the tracks stand in turn, as cameras write them."""
    tracks = tracks or (picture(), sound())
    begin = box(b"ftyp", brand, words(512), brand, b"mp42") + before
    head = _head(tracks, {}, turned, seconds, size, inside)
    at = len(begin) + 8 + (len(head) if head_first else 0) + len(hidden)
    offsets: dict[tuple[int, int], int] = {}
    data = [hidden]
    for turn in range(max(len(track.samples) for track in tracks)):
        for number, track in enumerate(tracks):
            if turn < len(track.samples):
                offsets[number, turn] = at
                data.append(track.samples[turn])
                at += len(track.samples[turn])
    head = _head(tracks, offsets, turned, seconds, size, inside)
    samples = box(b"mdat", *data)
    return begin + (head + samples if head_first else samples + head) + after


def _head(tracks, offsets, turned, seconds, size, inside) -> bytes:
    told = words(3_600_000_000, 3_600_000_001, 1000, 1000 * seconds, 1 << 16) + b"\1\0" + bytes(10)
    mvhd = full(b"mvhd", told, _matrix(0), bytes(24), words(len(tracks) + 1))
    made = [_track(n, track, offsets, turned, seconds, size) for n, track in enumerate(tracks)]
    return box(b"moov", mvhd, *made, inside)


def _matrix(turned: int) -> bytes:
    a, b, c, d = MATRIX[turned]
    return words(a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30)


def _track(number: int, track: Track, offsets, turned: int, seconds: int, size: tuple[int, int]) -> bytes:
    seen = track.kind == b"vide"
    tkhd = full(
        b"tkhd",
        words(3_600_000_000, 3_600_000_001, number + 1, 0, 1000 * seconds, 0, 0, 0, 0),
        _matrix(turned if seen else 0),
        words(size[0] << 16 if seen else 0, size[1] << 16 if seen else 0),
        flags=7,
    )
    each = 1000 * seconds // len(track.samples)
    mdhd = full(b"mdhd", words(3_600_000_000, 3_600_000_001, 1000, 1000 * seconds), b"\x55\xc4\0\0")
    hdlr = full(b"hdlr", bytes(4), track.kind, b"appl" + bytes(8), track.name + b"\0")
    media = full(b"vmhd", bytes(8), flags=1) if seen else full(b"smhd", bytes(4))
    places = [offsets.get((number, turn), 0) for turn in range(len(track.samples))]
    chunks = (
        full(b"co64", words(len(places)), *(place.to_bytes(8, "big") for place in places))
        if track.wide
        else full(b"stco", words(len(places)), words(*places))
    )
    stbl = box(
        b"stbl",
        full(b"stsd", words(1), _entry(track)),
        full(b"stts", words(1, len(track.samples), each)),
        full(b"stsc", words(1, 1, 1, 1)),
        full(b"stsz", words(0, len(track.samples)), words(*map(len, track.samples))),
        chunks,
    )
    dinf = box(b"dinf", full(b"dref", words(1), full(b"url ", flags=1)))
    return box(b"trak", tkhd, box(b"mdia", mdhd, hdlr, box(b"minf", media, dinf, stbl)), track.extra)


def _entry(track: Track) -> bytes:
    begin = bytes(6) + b"\0\1"
    if track.kind == b"vide":
        plain = _WIDE.to_bytes(2, "big") + _HIGH.to_bytes(2, "big") + words(72 << 16, 72 << 16, 0) + b"\0\1"
        coder = b"\x10Jo's camera 3000".ljust(32, b"\0")
        sets = b"\1" + _SEQUENCE[1:4] + b"\xff\xe1" + len(_SEQUENCE).to_bytes(2, "big") + _SEQUENCE
        sets += b"\1" + len(_PICTURE).to_bytes(2, "big") + _PICTURE
        return box(track.codec, begin, bytes(16), plain, coder, b"\0\x18\xff\xff", box(b"avcC", sets))
    if track.kind == b"soun":
        return box(track.codec, begin, bytes(8), b"\0\2\0\x10", bytes(4), words(44_100 << 16))
    return box(track.codec, begin, PLACE)


def brought(member: Member, data: bytes, name: str = "soup.mp4") -> File:
    """A video that came in pieces."""
    key = hashlib.sha256(data + name.encode()).hexdigest()
    upload = intake.begin(member, key=key, name=name, size=len(data))
    for at in range(0, len(data), PIECE):
        intake.take(upload, offset=at, data=data[at : at + PIECE])
    return intake.complete(upload)
