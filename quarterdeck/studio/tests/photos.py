"""Pictures made by Pillow for tests: real ones, with what cameras and programs write into them."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, PngImagePlugin

PLACE = "Kiel harbour, by Jo"
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>54,19.4N</exif:GPSLatitude>'
    b"Kiel harbour, by Jo</x:xmpmeta>"
)
IPTC = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x18\x1c\x02\x5a\0\x13Kiel harbour, by Jo"


def drawn(width: int = 120, height: int = 80, *, at: float = 0.7, mode: str = "RGB") -> Image.Image:
    """Plain ground with something coloured whose middle lies at `at` of the width."""
    image = Image.new("RGB", (width, height), (205, 200, 190))
    x, y, r = width * at, height / 2, min(width, height) / 5
    ImageDraw.Draw(image).ellipse(
        (x - r, y - r, x + r, y + r), fill=(180, 40, 30), outline=(20, 60, 20), width=3
    )
    return image.convert(mode)


def exif(up: int = 1) -> Image.Exif:
    """A camera, a place, an artist and which side is up."""
    made = Image.Exif()
    made[0x010F], made[0x0110], made[0x013B], made[0x0112] = "Leica", "Q3 of Jo", PLACE, up
    made.get_ifd(0x8825).update({1: "N", 2: (54.0, 19.0, 24.0), 3: "E", 4: (10.0, 8.0, 12.0)})
    made.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + PLACE.encode()
    return made


def jpeg(image: Image.Image | None = None, **more) -> bytes:
    out = io.BytesIO()
    (image or drawn()).save(out, "JPEG", **more)
    return out.getvalue()


def telling_jpeg(up: int = 1) -> bytes:
    """A photo with EXIF, XMP, IPTC, a comment, and a thumbnail of its own."""
    made = jpeg(exif=exif(up).tobytes(), xmp=XMP, comment=PLACE)
    segment = b"\xff\xed" + (len(IPTC) + 2).to_bytes(2, "big") + IPTC
    return made[:2] + segment + made[2:]


def telling_png() -> bytes:
    """Words, compressed words, XMP and EXIF, as programs write them."""
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", PLACE)
    words.add_text("Software", PLACE, zip=True)
    words.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=False)
    out = io.BytesIO()
    drawn().save(out, "PNG", pnginfo=words, exif=exif(6).tobytes())
    return out.getvalue()


def telling_webp(up: int = 1) -> bytes:
    out = io.BytesIO()
    drawn().save(out, "WEBP", exif=exif(up).tobytes(), xmp=XMP)
    return out.getvalue()


def telling_gif() -> bytes:
    """Three frames, a comment, and XMP as an application's block."""
    frames = [drawn(at=at) for at in (0.2, 0.5, 0.8)]
    out = io.BytesIO()
    frames[0].save(
        out, "GIF", save_all=True, append_images=frames[1:], duration=80, loop=0, comment=PLACE.encode()
    )
    made = out.getvalue()
    blocks = b"".join(bytes([len(part)]) + part for part in (XMP[:200], XMP[200:]) if part)
    return made[:-1] + b"\x21\xff\x0bXMP DataXMP" + blocks + b"\0" + made[-1:]
