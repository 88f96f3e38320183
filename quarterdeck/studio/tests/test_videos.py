"""A video is read by its boxes, and leaves behind everything that is no picture and no sound; no offset moves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.studio import videos
from quarterdeck.studio.tests import videos as made
from quarterdeck.studio.tests.videos import PLACE, TELLING_BOXES, ask, box, mp4, words
from quarterdeck.studio.videos import NotAVideo, boxes


def read(data: bytes) -> videos.Video:
    return videos.read(ask(data), len(data))


def cleaned(data: bytes, piece: int = 2**20) -> bytes:
    video = read(data)
    return b"".join(video.cleaned(at, data[at : at + piece]) for at in range(0, len(data), piece))


def test_what_a_video_says_of_itself():
    video = read(mp4())
    assert (video.mime, video.width, video.height, video.seconds) == ("video/mp4", 128, 96, 4.0)
    assert (video.picture, video.sound) == ("H.264", "AAC")
    film = read(mp4(made.picture(), brand=b"qt  "))
    assert (film.mime, film.sound) == ("video/quicktime", "")


@pytest.mark.parametrize(
    ("turned", "seen"), [(0, (128, 96)), (90, (96, 128)), (180, (128, 96)), (270, (96, 128))]
)
def test_one_that_was_held_upright_is_as_tall_as_people_see_it(turned, seen):
    video = read(mp4(turned=turned))
    assert (video.width, video.height) == seen


def test_place_camera_and_times_are_emptied_where_they_lie():
    every = b"".join(TELLING_BOXES.values())
    given = mp4(
        made.picture(extra=every),
        made.sound(),
        made.telling(),
        before=every,
        inside=every,
        after=every,
        hidden=PLACE,
    )
    kept = cleaned(given)
    assert len(kept) == len(given)
    assert given.count(PLACE) > 20
    for gone in (
        PLACE,
        b"Core Media",
        b"appl",
        b"camera 3000",
        words(3_600_000_000),
        b"udta",
        b"gpmd",
        b"jo's",
    ):
        assert gone in given
        assert gone not in kept
    for sample in (*made.picture().samples, *made.sound().samples):
        assert given.index(sample) == kept.index(sample)
    again = read(kept)
    assert (again.seconds, again.picture, again.sound) == (4.0, "H.264", "AAC")
    assert cleaned(kept) == kept, "there is nothing left to clean"


@pytest.mark.parametrize(
    ("codec", "kind"),
    [
        (b"gpmd", b"meta"),
        (b"camm", b"camm"),
        (b"mebx", b"meta"),
        (b"tx3g", b"sbtl"),
        (b"text", b"text"),
        (b"djmd", b"mdat"),
    ],
)
def test_a_track_that_tells_where_the_camera_was_goes_with_all_its_samples(codec, kind):
    given = mp4(made.picture(), made.telling(codec, kind), made.sound())
    assert given.count(PLACE) == 4
    kept = cleaned(given, piece=1000)
    assert PLACE not in kept
    assert codec not in kept
    assert kept.count(b"trak") == 2
    assert all(sample in kept for sample in made.sound().samples)


def test_offsets_of_eight_bytes_a_box_of_sixteen_and_one_that_ends_with_the_file():
    given = mp4(made.picture(wide=True), head_first=True)
    assert all(sample in cleaned(given) for sample in made.picture().samples)
    at = given.index(b"mdat") - 4
    endless = given[:at] + bytes(4) + given[at + 4 :]
    assert cleaned(endless).count(b"\x05\x88\x84") == 4
    large = box(b"free", PLACE)
    large = words(1) + b"uuid" + (len(large) + 8).to_bytes(8, "big") + large[8:]
    assert PLACE not in cleaned(mp4(after=large))


def test_plain_sound_whose_samples_count_as_one_byte_is_kept_whole():
    """As old QuickTime files say it: so many samples of size 1, each of which is four bytes."""
    given = mp4(made.picture(), made.sound([b"loud"], codec=b"sowt"))
    at = given.rindex(b"stsz")
    one = given[: at + 8] + words(1, 1) + given[at + 16 :]
    assert b"loud" in cleaned(one)


def _with(name: bytes, at: int, new: bytes) -> bytes:
    """The usual video with other bytes so far behind the first box of that name."""
    data = mp4()
    place = data.index(name) + at
    return data[:place] + new + data[place + len(new) :]


HEAD = box(b"ftyp", b"isom", words(512), b"isom")
HOSTILE = {
    "empty": (b"", "damaged|no picture"),
    "only a brand": (HEAD, "no picture"),
    "no brand": (mp4()[24:], "says which it is"),
    "sound": (mp4(brand=b"M4A "), "sound file"),
    "a still": (mp4(brand=b"heic"), "HEIC"),
    "unknown": (box(b"ftyp", b"zzzz", words(1)) + mp4()[24:], "known here"),
    "cut short": (mp4()[:-40], "cut short"),
    "cut in the data": (mp4()[:3000], "cut short"),
    "two heads": (mp4() + box(b"moov"), "contents is missing"),
    "in fragments": (mp4(after=box(b"moof")), "fragments"),
    "to be in fragments": (mp4(inside=box(b"mvex")), "fragments"),
    "protected": (_with(b"avc1", 0, b"encv"), "protected"),
    "unknown picture": (_with(b"avc1", 0, b"apcn"), "“apcn”"),
    "unknown sound": (_with(b"mp4a", 0, b"qdm2"), "“qdm2”"),
    "no picture": (mp4(made.sound()), "no picture"),
    "no frame": (_with(b"stco", 8, words(0)), "no frame|damaged"),
    "elsewhere": (_with(b"url ", 4, words(0)), "another file"),
    "no length": (_with(b"mvhd", 20, words(0)), "how long"),
    "unknown length": (_with(b"mvhd", 20, words(2**32 - 1)), "how long"),
    "endless": (_with(b"mvhd", 16, words(1, 99_999)), "how long"),
    "no time": (_with(b"mvhd", 16, words(0)), "damaged"),
    "enormous": (mp4(size=(30_000, 20)), "30,000"),
    "no size in a box": (_with(b"mdia", -4, words(0)), "damaged"),
    "too small a box": (_with(b"mdia", -4, words(7)), "damaged"),
    "too large a box": (_with(b"mdia", -4, words(2**31)), "damaged"),
    "too large by far": (HEAD + words(1) + b"mdat" + b"\xff" * 8, "cut short"),
    "behind the end": (_with(b"stco", 12, words(2**31)), "damaged"),
    "in the head": (_with(b"stco", 12, words(4)), "damaged"),
    "more samples than said": (_with(b"stsz", 12, words(2**31)), "damaged"),
    "chunks backwards": (_with(b"stsc", 12, words(9)), "damaged"),
    "garbage behind": (mp4() + b"\0\0\0\x10\xff\xfe\0\1" + bytes(8), "no part of a video"),
    "a few bytes behind": (mp4() + b"abc", "damaged"),
    "a million boxes": (HEAD + box(b"free") * 40_000 + mp4()[24:], "too many"),
    "a million boxes inside": (mp4(inside=box(b"free") * 40_000), "too many"),
    "a head without end": (HEAD + words(2**31 - 1) + b"moov", "cut short"),
}


@pytest.mark.parametrize("which", HOSTILE)
def test_what_is_no_video_that_is_taken_is_refused_in_words(which):
    data, expected = HOSTILE[which]
    with pytest.raises(NotAVideo, match=expected) as refused:
        read(data)
    assert str(refused.value).endswith(".")


def test_boxes_in_boxes_go_no_deeper_than_a_video_needs():
    deep = PLACE
    for _ in range(5_000):
        deep = box(b"moov", deep)
    assert PLACE not in cleaned(mp4(inside=deep))


def test_a_head_that_is_too_large_is_not_even_read():
    asked, begin = [], HEAD + box(b"mdat", bytes(8))

    def counting(start: int, length: int) -> bytes:
        asked.append(length)
        return (begin + words(2**30) + b"moov")[start : start + length]

    with pytest.raises(NotAVideo, match="32 MB"):
        videos.read(counting, len(begin) + 2**30)
    assert sum(asked) < 1000


BOX = st.sampled_from(sorted(TELLING_BOXES.values()))
SECRET = st.binary(min_size=12, max_size=60).map(lambda own: b"\xf3secret\xf3" + own + b"\xf3")


@st.composite
def telling_videos(draw):
    """A video with secrets where videos have them, those secrets, and the samples that must stay."""
    secrets = draw(st.lists(SECRET, min_size=1, max_size=6, unique=True))

    def wrapped() -> bytes:
        names = draw(
            st.lists(st.sampled_from([b"udta", b"meta", b"uuid", b"\xa9xyz", b"free", b"abcd"]), max_size=4)
        )
        inner = draw(st.sampled_from(secrets))
        for name in names or [b"udta"]:
            inner = box(name, inner)
        return inner

    tracks = [
        made.picture([b"frame %d " % n * draw(st.integers(1, 30)) for n in range(draw(st.integers(1, 5)))])
    ]
    if draw(st.booleans()):
        tracks.append(made.sound())
    for _ in range(draw(st.integers(0, 2))):
        codec, kind = draw(st.sampled_from([(b"gpmd", b"meta"), (b"mebx", b"meta"), (b"text", b"text")]))
        tracks.append(made.Track(kind, codec, secrets, extra=wrapped()))
    tracks = draw(st.permutations(tracks))
    around = {name: wrapped() for name in ("before", "inside", "after") if draw(st.booleans())}
    data = mp4(
        *tracks, **around, hidden=draw(st.sampled_from([b"", *secrets])), head_first=draw(st.booleans())
    )
    samples = [one for track in tracks if track.kind in {b"vide", b"soun"} for one in track.samples]
    return data, secrets, samples


@given(telling_videos(), st.integers(1, 500))
def test_no_secret_is_left_and_no_sample_changes(telling, piece):
    data, secrets, samples = telling
    kept = cleaned(data, piece)
    assert len(kept) == len(data)
    assert not [one for one in secrets if one in kept]
    place = 0
    for sample in samples:
        place = data.index(sample)
        assert kept[place : place + len(sample)] == sample
    assert cleaned(kept) == kept


TELLING = mp4(made.picture([b"frame" * 9] * 3), made.telling(), inside=TELLING_BOXES["udta"])


@given(st.data())
def test_damage_anywhere_is_a_sentence_or_a_video_within_bounds(data):
    at = data.draw(st.integers(0, len(TELLING) - 1))
    new = data.draw(st.binary(max_size=8))
    damaged = TELLING[:at] + new + TELLING[at + data.draw(st.integers(0, 12)) :]
    try:
        video = read(damaged)
    except NotAVideo:
        return
    assert 0 < video.seconds <= videos.LONGEST
    assert max(video.width, video.height) <= videos.LONGEST_SIDE
    assert all(0 <= start < end <= len(damaged) for start, end in video.zeros)
    assert len(cleaned(damaged, 64)) == len(damaged)


@given(st.binary(max_size=300))
def test_random_bytes_are_never_an_exception(data):
    for begin in (b"", HEAD, HEAD + words(len(data) + 8) + b"moov"):
        with pytest.raises(NotAVideo):
            read(begin + data)


def test_the_caps_are_what_the_words_say():
    assert boxes.LARGEST_HEAD == 32 * 2**20
