"""Pixels are drawn in a process of their own: right side up, within bounds, and a hostile picture is a sentence."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from quarterdeck.studio import images, pixels
from quarterdeck.studio.pixels import Box, CannotDraw, decoder
from quarterdeck.studio.tests import photos, pictures


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def test_a_small_picture_is_upright_small_and_says_how_many_frames_there_are():
    mime, data, frames = pixels.small(images.read(photos.telling_jpeg(6)).data, 48)
    assert (mime, frames) == ("image/webp", 1)
    assert opened(data).size == (32, 48)  # 120 × 80 lying on its side
    assert pixels.small(photos.telling_gif(), 48)[2] == 3
    assert images.read(data).mime == "image/webp"


def test_a_cut_is_the_part_that_was_asked_for_and_tells_nothing():
    made = pixels.cut(photos.telling_jpeg(), Box(0.5, 0.0, 0.5, 1.0), 1000)
    image = opened(made)
    assert (image.format, image.size) == ("JPEG", (60, 80))
    red = image.getpixel((24, 40))
    assert red[0] > 150 > red[1]
    assert b"Kiel" not in made
    assert not image.getexif()
    seen_through = io.BytesIO()
    photos.drawn(mode="RGBA").save(seen_through, "PNG")
    assert opened(pixels.cut(seen_through.getvalue(), Box(0, 0, 1, 1), 60)).size == (60, 40)
    assert opened(pixels.cut(photos.telling_gif(), Box(0, 0, 1, 1), 60)).format == "JPEG"


def test_several_cuts_are_each_what_one_would_be_also_of_a_photo_that_lies_on_its_side():
    for photo in (photos.jpeg(photos.drawn(1600, 1200), exif=photos.exif(6).tobytes()), photos.telling_png()):
        boxes = [(Box(0.1, 0.2, 0.5, 0.5), 200), (Box(0, 0, 1, 1), 90)]
        together = [opened(one) for one in pixels.cuts(photo, boxes)]
        for one, (box, width) in zip(together, boxes, strict=True):
            alone = opened(pixels.cut(photo, box, width))
            assert one.size == alone.size
            shown = zip(one.convert("L").tobytes(), alone.convert("L").tobytes(), strict=True)
            assert sum(abs(a - b) for a, b in shown) / (one.width * one.height) < 3
    assert opened(pixels.cut(photos.jpeg(photos.drawn(1600, 1200)), Box(0, 0, 1, 1), 3000)).size == (
        1600,
        1200,
    )


@pytest.mark.parametrize("at", [0.2, 0.5, 0.8])
def test_the_proposed_box_holds_what_is_to_be_seen(at):
    square, wide = pixels.propose(photos.jpeg(photos.drawn(300, 200, at=at)), [1.0, 1.91])
    assert square.width * 300 == pytest.approx(square.height * 200, rel=0.01)
    reach = 200 / 5 / 300
    assert square.left <= at - reach + 0.02
    assert square.left + square.width >= at + reach - 0.02
    assert wide.width == 1.0
    assert 300 / (wide.height * 200) == pytest.approx(1.91, rel=0.01)


def test_where_nothing_is_to_be_seen_the_middle_is_taken():
    [box] = pixels.propose(photos.jpeg(Image.new("RGB", (300, 200), (90, 90, 90))), [1.0])
    assert box.left + box.width / 2 == pytest.approx(0.5, abs=0.02)


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is small enough and unfolds to as many pixels as it may."""
    rows = zlib.compress(bytes((width + 7) // 8 + 1) * height, 9)
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = [pictures.chunk(b"IHDR", head), pictures.chunk(b"IDAT", rows), pictures.chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_a_bomb_is_refused_in_words():
    with pytest.raises(CannotDraw, match="more pixels"):
        pixels.small(bomb(16_000, 16_000), 480)
    mime, _, _ = pixels.small(bomb(7_000, 7_000), 480)  # 49 million pixels: within what is taken, and drawn
    assert mime == "image/webp"


def test_one_that_takes_more_memory_than_it_gets_is_a_sentence(monkeypatch, tmp_path):
    tight = tmp_path / "decoder.py"
    text = pixels.DECODER.read_text().replace("MEMORY = 1536 * 2**20", "MEMORY = 160 * 2**20")
    assert text != pixels.DECODER.read_text()
    tight.write_text(text)
    monkeypatch.setattr(pixels, "DECODER", tight)
    with pytest.raises(CannotDraw, match="memory"):
        pixels.small(bomb(7_000, 7_000), 480)


def test_one_that_takes_too_long_is_given_up(monkeypatch, tmp_path):
    slow = tmp_path / "decoder.py"
    slow.write_text("import time\ntime.sleep(30)\n")
    monkeypatch.setattr(pixels, "DECODER", slow)
    monkeypatch.setattr(pixels, "PATIENCE", 0.5)
    with pytest.raises(CannotDraw, match="too long"):
        pixels.small(b"", 480)


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8\xff", pictures.jpeg(), photos.jpeg()[:300], b"<svg/>", b"GIF89a"]
)
def test_a_damaged_one_is_a_sentence(data):
    with pytest.raises(CannotDraw) as refused:
        pixels.small(data, 48)
    assert str(refused.value).endswith(".")


def test_the_decoder_gets_no_key_and_no_address_of_the_database(monkeypatch, tmp_path):
    curious = tmp_path / "decoder.py"
    curious.write_text("import json, os\nprint(json.dumps({'trouble': ' '.join(sorted(os.environ))}))\n")
    monkeypatch.setattr(pixels, "DECODER", curious)
    monkeypatch.setenv("QUARTERDECK_SECRET_OF_A_TEST", "x")
    monkeypatch.setenv("DATABASE_URL", "postgres://x")
    with pytest.raises(CannotDraw) as told:
        pixels.small(b"", 48)
    assert set(str(told.value).split()) <= {"PATH", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH"}


def test_the_caps_at_the_door_and_of_the_decoder_are_the_same():
    assert decoder.MOST_PIXELS == images.MOST_PIXELS
