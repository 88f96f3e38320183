"""A picture is read by its content, and leaves behind everything that is not the picture."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.studio import images
from quarterdeck.studio.images import NotAPicture, exif
from quarterdeck.studio.tests import pictures
from quarterdeck.studio.tests.pictures import GPS

PROFILE = b"ICC_PROFILE\0\1\1colours"
JPEG_EXTRAS = (
    pictures.segment(0xE0, b"JFIF\0\1\2\0\0\1\0\1\2\2" + bytes(12)),
    pictures.segment(0xE1, b"Exif\0\0" + pictures.exif_block(6)),
    pictures.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + GPS),
    pictures.segment(0xE2, PROFILE),
    pictures.segment(0xE2, b"MPF\0" + GPS),
    pictures.segment(0xED, b"Photoshop 3.0\0" + GPS),
    pictures.segment(0xFE, GPS),
)
PNG_EXTRAS = (
    pictures.chunk(b"gAMA", bytes(4)),
    pictures.chunk(b"eXIf", pictures.exif_block(8)),
    pictures.chunk(b"tEXt", b"Comment\0" + GPS),
    pictures.chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + GPS),
    pictures.chunk(b"tIME", bytes(7)),
)
XMP_IN_GIF = b"\x21\xff\x0bXMP DataXMP" + bytes([len(GPS)]) + GPS + b"\0"
COMMENT_IN_GIF = b"\x21\xfe" + bytes([len(GPS)]) + GPS + b"\0"
REPEATS = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"


def test_a_photo_loses_place_camera_and_thumbnail_and_keeps_colours_and_which_side_is_up():
    film_behind = b"ftypmp42" + GPS
    read = images.read(pictures.jpeg(64, 48, *JPEG_EXTRAS) + film_behind)
    assert (read.mime, read.width, read.height) == ("image/jpeg", 48, 64)
    assert GPS not in read.data
    assert PROFILE in read.data
    assert read.data.endswith(b"\x12\xff\x00\x34\xff\xd0\x56\xff\xd9")
    at = read.data.index(b"Exif\0\0")
    assert exif.orientation(read.data[at + 6 :]) == 6


def test_the_coded_data_are_copied_byte_by_byte_and_cleaning_again_changes_nothing():
    for made in (
        pictures.jpeg(),
        pictures.jpeg(64, 48, *JPEG_EXTRAS),
        pictures.png(),
        pictures.png(5, 4, *PNG_EXTRAS),
        pictures.gif(2, 2, 3, REPEATS),
        pictures.webp(),
    ):
        once = images.read(made)
        assert images.read(once.data) == once
    assert images.read(pictures.jpeg()).data == pictures.jpeg()
    assert images.read(pictures.png()).data == pictures.png()
    assert images.read(pictures.gif(2, 2, 3, REPEATS)).data == pictures.gif(2, 2, 3, REPEATS)


def test_png_gif_and_webp_lose_words_too():
    png = images.read(pictures.png(5, 4, *PNG_EXTRAS) + GPS)
    assert (png.width, png.height) == (4, 5)
    assert GPS not in png.data
    assert b"gAMA" in png.data
    assert b"eXIf" in png.data
    gif = images.read(pictures.gif(2, 2, 2, COMMENT_IN_GIF, REPEATS, XMP_IN_GIF) + GPS)
    assert GPS not in gif.data
    assert REPEATS in gif.data
    extras = (
        pictures.riff(b"EXIF", pictures.exif_block(6)),
        pictures.riff(b"XMP ", GPS),
        pictures.riff(b"odd ", GPS),
    )
    webp = images.read(pictures.webp(40, 30, *extras) + GPS)
    assert (webp.width, webp.height) == (30, 40)
    assert GPS not in webp.data
    assert webp.data[20] == 0x08
    assert images.read(pictures.webp()).data[20] == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not a JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "not a JPEG"),
        (b"<html>GIF89a", "not a JPEG"),
        (b"\0\0\0\x18ftypheic", "HEIC"),
        (b"\0\0\0\x18ftypavif", "AVIF"),
        (pictures.png(30_000, 2_000)[:100], "cut short"),
        (pictures.jpeg(17_000, 10), "17,000"),
        (pictures.jpeg(10_000, 10_000), "10,000"),
        (pictures.gif(60_000, 60_000), "60,000"),
        (pictures.gif(2, 2, 1_500), "1,500 frames"),
        (pictures.webp(16_384, 16_384), "16,384"),
        (pictures.jpeg(0, 4), "no width"),
        (pictures.jpeg()[:-2], "cut short"),
        (pictures.png()[:-1], "cut short"),
        (pictures.png().replace(b"IDAT", b"IDAX"), "checksum"),
        (pictures.gif()[:-1], "cut short"),
        (pictures.webp()[:-1], "cut short"),
        (pictures.png(3, 2, pictures.chunk(b"acTL", (2**31).to_bytes(4, "big") + bytes(4))), "frames"),
        (pictures.png(3, 2, pictures.chunk(b"iCCP", bytes(2**21))), "more beside itself"),
        (pictures.jpeg(8, 8, scan=(b"\1" + pictures.segment(0xDA, b"\1\1\0\0\x3f\0")) * 300), "passes"),
    ],
)
def test_what_is_no_picture_or_would_unfold_too_far_is_refused_in_words(data, words):
    with pytest.raises(NotAPicture, match=words) as refused:
        images.read(data)
    assert str(refused.value).endswith(".")


WHOLE = [
    pictures.jpeg(64, 48, *JPEG_EXTRAS),
    pictures.png(5, 4, *PNG_EXTRAS),
    pictures.gif(2, 2, 3, COMMENT_IN_GIF, REPEATS),
    pictures.webp(40, 30, pictures.riff(b"EXIF", pictures.exif_block(6))),
]


@given(st.sampled_from(WHOLE), st.data())
def test_damage_anywhere_is_a_sentence_or_a_picture_within_bounds(whole, data):
    at = data.draw(st.integers(0, len(whole) - 1))
    cut = data.draw(st.booleans())
    damaged = (
        whole[:at] if cut else whole[:at] + data.draw(st.binary(min_size=1, max_size=4)) + whole[at + 1 :]
    )
    try:
        read = images.read(damaged)
    except NotAPicture:
        return
    assert read.width * read.height <= images.MOST_PIXELS
    assert read.mime in images.MIMES


def test_every_orientation_is_read_back_and_nonsense_is_upright():
    for value in range(1, 9):
        assert exif.orientation(exif.block(value)) == value
    little = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"
    assert exif.orientation(little) == 6
    for nonsense in (b"", b"MM\0*", b"MM\0*\xff\xff\xff\xff", b"II*\0\x08\0\0\0\xff\xff", exif.block(9)):
        assert exif.orientation(nonsense) == 1
