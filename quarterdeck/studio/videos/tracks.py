"""What `moov` says: how long the video is, how it is turned, and its tracks; and what of all that stays."""

from __future__ import annotations

from dataclasses import dataclass

from quarterdeck.studio.videos import LONGEST, LONGEST_SIDE, MOV, MP4, NotAVideo, Video, damaged
from quarterdeck.studio.videos.boxes import Box, File, in_fragments
from quarterdeck.studio.videos.samples import Span, merged, spans

# What stays, by the box it lies in. `None` in place of a set: what is in it is not boxes, or is kept as it is.
_KEPT: dict[bytes, frozenset[bytes]] = {
    name: frozenset(kept.split())
    for name, kept in {
        b"moov": b"mvhd trak iods",
        b"trak": b"tkhd edts mdia tapt",
        b"tapt": b"clef prof enof",
        b"edts": b"elst",
        b"mdia": b"mdhd hdlr minf",
        b"minf": b"vmhd smhd hdlr dinf stbl",
        b"dinf": b"dref",
        b"stbl": b"stsd stts ctts cslg stsc stsz stz2 stco co64 stss stps sdtp sgpd sbgp subs stsh padb stdp",
    }.items()
}
_IN_PICTURES = frozenset(
    b"avcC hvcC av1C vpcC esds colr pasp clap fiel gama btrt mdcv clli SmDm CoLL dvcC dvvC dvwC hvcE lhvC vexu hfov"
    b" amve ccst".split()
)
_PICTURES = {
    b"avc1": "H.264",
    b"avc3": "H.264",
    b"hvc1": "HEVC",
    b"hev1": "HEVC",
    b"dvh1": "HEVC",
    b"dvhe": "HEVC",
    b"av01": "AV1",
    b"vp08": "VP8",
    b"vp09": "VP9",
    b"mp4v": "MPEG-4",
}
_SOUNDS = {
    b"mp4a": "AAC",
    b"ac-3": "AC-3",
    b"ec-3": "E-AC-3",
    b"Opus": "Opus",
    b"alac": "ALAC",
    b"fLaC": "FLAC",
    b".mp3": "MP3",
    b"samr": "AMR",
    b"sawb": "AMR",
} | dict.fromkeys((b"sowt", b"twos", b"lpcm", b"in24", b"in32", b"ipcm", b"fpcm", b"raw "), "PCM")
_CODECS = {b"vide": _PICTURES, b"soun": _SOUNDS}
_MOST_TRACKS = 64
_MOST_ENTRIES = 16


@dataclass(slots=True)
class Track:
    """A track as its boxes say it. `codec` is empty for one that nobody here knows, which is called `raw`."""

    found: dict[bytes, Box]
    kind: bytes = b""
    codec: str = ""
    raw: str = ""
    width: int = 0
    height: int = 0
    frame: int = 0  # bytes of one sample of plain sound, where the file may say 1


def read(file: File) -> Video:
    """The video, and everything that is emptied in it."""
    brand, moov, data = file.outermost()
    length, kept = 0.0, []
    refused: dict[bytes, str] = {}
    for number, box in enumerate(file.boxes(moov.body, moov.end)):
        if box.name == b"mvex":
            raise in_fragments()
        if box.name == b"mvhd":
            length = _length(file, box)
        elif box.name == b"trak" and number < _MOST_TRACKS:
            track = _track(file, box)
            if track.codec:
                kept.append(track)
            else:
                refused.setdefault(track.kind, track.raw)
                file.drop(box)
        elif box.name not in _KEPT[b"moov"] or box.name == b"trak":
            file.drop(box)
    picture, sound = _of(kept, b"vide"), _of(kept, b"soun")
    if picture is None:
        raise _no_picture(refused)
    if sound is None and b"soun" in refused:
        raise NotAVideo(
            f"The sound of the video is coded as “{refused[b'soun']}”, which browsers do not play."
        )
    if not 0 < length <= LONGEST:
        raise NotAVideo(f"The video does not say how long it is, or is longer than {LONGEST // 3600} hours.")
    width, height = _seen(file, picture)
    samples = [(track.kind, span) for track in kept for span in spans(file, track.found, data, track.frame)]
    if not any(kind == b"vide" for kind, _ in samples):
        raise NotAVideo("There is no frame in this video.")
    _empty_between(file, data, [span for _, span in samples])
    for track in kept:
        _clean(file, track)
    told = (picture.codec, sound.codec if sound else "")
    zeros = tuple(merged(file.zeros))
    return Video(
        MOV if brand == b"qt  " else MP4, width, height, length, *told, zeros, tuple(sorted(file.freed))
    )


def _of(kept: list[Track], kind: bytes) -> Track | None:
    return next((track for track in kept if track.kind == kind), None)


def _no_picture(refused: dict[bytes, str]) -> NotAVideo:
    if codec := refused.get(b"vide"):
        words = f"The video is coded as “{codec}”, which networks do not take. Export it as MP4 with H.264."
        return NotAVideo(words)
    return NotAVideo("There is no picture in this video.")


def _length(file: File, box: Box) -> float:
    """Seconds, as `mvhd` says; when it was made and changed is emptied."""
    wide = _forget_times(file, box)
    at = box.body + (20 if wide else 12)
    scale, length = file.number(at, 4), file.number(at + 4, 8 if wide else 4)
    if not scale:
        raise damaged()
    return length / scale if length < 2 ** (64 if wide else 32) - 1 else 0.0


def _forget_times(file: File, box: Box) -> bool:
    """Empty the two times at the begin of `mvhd`, `tkhd` and `mdhd`; whether they are of eight bytes."""
    wide = file.number(box.body, 1) == 1
    if box.end - box.body < (28 if wide else 16):
        raise damaged()
    file.zero(box.body + 4, box.body + (20 if wide else 12))
    return wide


def _track(file: File, box: Box) -> Track:
    """A track with everything in it that stays, by name, and its codec."""
    track = Track({})
    _gather(file, box, track.found, into=_KEPT[b"trak"])
    if not {b"tkhd", b"hdlr", b"stsd"} <= track.found.keys():
        return track
    hdlr = track.found[b"hdlr"]
    track.kind = file.bytes_at(hdlr.body + 8, 4) if hdlr.end - hdlr.body >= 12 else b""
    if track.kind in _CODECS:
        _entries(file, track)
    return track


def _gather(file: File, box: Box, found: dict[bytes, Box], into: frozenset[bytes]) -> None:
    """Note the boxes that stay, once each, and the others by where they lie. The table says how deep it goes, so that
    no file decides that."""
    for one in file.boxes(box.body, box.end):
        if one.name not in into:
            found.setdefault(b"!%d" % one.start, one)
            continue
        name = b"hdlr of data" if one.name == b"hdlr" and box.name == b"minf" else one.name
        if name in found:
            raise damaged()
        found[name] = one
        if one.name in _KEPT:
            _gather(file, one, found, _KEPT[one.name])


def _entries(file: File, track: Track) -> None:
    """The codec of a track: that of its entries, when all are known."""
    box, codecs = track.found[b"stsd"], set()
    if box.end - box.body < 8 or not 1 <= file.number(box.body + 4, 4) <= _MOST_ENTRIES:
        raise damaged()
    for entry in file.boxes(box.body + 8, box.end):
        if entry.name in {b"encv", b"enca"}:
            raise NotAVideo("The video is protected against copying, so that nothing can be done with it.")
        track.raw = "".join(c for c in entry.name.decode("latin-1") if c.isalnum() or c in "-.") or "?"
        codecs.add(_CODECS[track.kind].get(entry.name, ""))
        if entry.end - entry.body < (78 if track.kind == b"vide" else 28):
            raise damaged()
        if track.kind == b"vide":
            track.width, track.height = file.number(entry.body + 24, 2), file.number(entry.body + 26, 2)
        elif _SOUNDS.get(entry.name) == "PCM":
            track.frame = file.number(entry.body + 16, 2) * file.number(entry.body + 18, 2) // 8
    track.codec = codecs.pop() if len(codecs) == 1 else ""


def _seen(file: File, picture: Track) -> tuple[int, int]:
    """Width and height as people see it: what the track says, turned as its matrix says."""
    box = picture.found[b"tkhd"]
    at = box.body + (52 if file.number(box.body, 1) == 1 else 40)
    if box.end - at < 44:
        raise damaged()
    a, b = file.number(at, 4), file.number(at + 4, 4)
    width, height = file.number(at + 36, 4) >> 16, file.number(at + 40, 4) >> 16
    if not width or not height:
        width, height = picture.width, picture.height
    if not width or not height or max(width, height) > LONGEST_SIDE:
        raise NotAVideo(
            f"The video is {width:,} × {height:,} pixels; at most {LONGEST_SIDE:,} a side are taken."
        )
    return (height, width) if b and not a else (width, height)


def _empty_between(file: File, data: list[Box], kept: list[Span]) -> None:
    """Empty what in the boxes of samples belongs to no kept track."""
    kept = merged(kept)
    place = 0
    for box in data:
        at = box.body
        while place < len(kept) and kept[place][0] < box.end:
            file.zero(at, kept[place][0])
            at = kept[place][1]
            place += 1
        file.zero(at, box.end)


def _clean(file: File, track: Track) -> None:
    """Empty what is in a track that stays and does not play it."""
    for name, box in track.found.items():
        if name.startswith(b"!"):
            file.drop(box)
    for name in (b"tkhd", b"mdhd"):
        if name in track.found:
            _forget_times(file, track.found[name])
    for name in (b"hdlr", b"hdlr of data"):
        if name in track.found:
            box = track.found[name]
            file.zero(min(box.body + 12, box.end), box.end)  # maker and name
    _clean_references(file, track.found.get(b"dref"))
    if track.kind == b"vide":
        for entry in file.boxes(track.found[b"stsd"].body + 8, track.found[b"stsd"].end):
            file.zero(entry.body + 42, entry.body + 74)  # the program that coded it
            for one in file.boxes(entry.body + 78, entry.end):
                if one.name not in _IN_PICTURES:
                    file.drop(one)


def _clean_references(file: File, box: Box | None) -> None:
    """All of the data must lie in the file itself; where it says so, it needs no address."""
    for one in file.boxes(box.body + 8, box.end) if box else ():
        if one.end - one.body < 4 or not file.number(one.body, 4) & 1:
            raise NotAVideo(
                "The frames of this video lie in another file. Export it as one that holds everything."
            )
        file.zero(one.body + 4, one.end)
