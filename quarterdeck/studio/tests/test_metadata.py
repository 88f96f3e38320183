"""What cameras and programs write into a picture is gone from what is kept: looked for with Pillow, not with our own
reader, in pictures that Pillow made.
"""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageOps

from quarterdeck.studio import images
from quarterdeck.studio.images import NotAPicture
from quarterdeck.studio.tests import photos

TELLING = {
    "jpeg": photos.telling_jpeg,
    "png": photos.telling_png,
    "webp": photos.telling_webp,
    "gif": photos.telling_gif,
}
NEEDLES = (b"Kiel", b"Leica", b"GPSLatitude", b"xmpmeta", b"8BIM", b"Q3 of Jo")
KEPT_INFO = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "exif", "progressive", "progression"}
KEPT_INFO |= {"loop", "duration", "background", "version", "extension", "timestamp", "transparency"}


@pytest.mark.parametrize("kind", TELLING)
def test_nothing_that_tells_of_place_camera_or_person_is_left(kind):
    given = TELLING[kind]()
    assert any(needle in given for needle in NEEDLES), "the test picture tells nothing"
    kept = images.read(given).data
    assert not [needle for needle in NEEDLES if needle in kept]
    with Image.open(io.BytesIO(kept)) as image:
        image.load()
        found = image.getexif()
        assert set(found) <= {0x0112}, "only which side is up is kept"
        assert not found.get_ifd(0x8825)
        assert not found.get_ifd(0x8769)
        assert set(image.info) <= KEPT_INFO


@pytest.mark.parametrize("kind", TELLING)
def test_not_a_pixel_changes(kind):
    given = TELLING[kind]()
    with Image.open(io.BytesIO(given)) as before, Image.open(io.BytesIO(images.read(given).data)) as after:
        assert getattr(after, "n_frames", 1) == getattr(before, "n_frames", 1)
        for frame in range(getattr(before, "n_frames", 1)):
            before.seek(frame)
            after.seek(frame)
            assert before.convert("RGBA").tobytes() == after.convert("RGBA").tobytes()


@pytest.mark.parametrize("up", range(1, 9))
def test_which_side_is_up_survives(up):
    for made in (photos.telling_jpeg(up), photos.telling_webp(up)):
        read = images.read(made)
        with Image.open(io.BytesIO(read.data)) as image:
            assert image.getexif().get(0x0112, 1) == up
            assert ImageOps.exif_transpose(image).size == (read.width, read.height)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\0\0\0\x20ftypisom\0\0\0\0isomiso2mp41", "a video"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "a video"),
        (b"\x1aE\xdf\xa3\x01\0\0\0\0\0\0\x1fB\x86\x81", "WebM"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\xef\xbb\xbf  <svg onload='alert(1)'/>", "SVG"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_what_is_something_else_is_refused_by_its_name(data, words):
    with pytest.raises(NotAPicture, match=words):
        images.read(data)


def test_what_hides_behind_a_picture_does_not_come_along():
    """A file that is a picture and an archive or a page at once (a polyglot) is a picture afterwards, and no more."""
    for made in (photos.telling_jpeg(), photos.telling_png(), photos.telling_gif(), photos.telling_webp()):
        kept = images.read(made + b"PK\x03\x04evil.html<script>alert(1)</script>PK\x05\x06").data
        assert b"PK\x03\x04" not in kept
        assert b"<script>" not in kept
