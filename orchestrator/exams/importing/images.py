"""Images from a stranger: PNG and JPEG only, decoded once to see that they are whole, and written anew without anything
but the picture. What is already in that form stays as it is, byte for byte, so that a file exported and imported again
brings the same images.

Errors: `ItemRefused` with a Vietnamese reason, for the line the image stands in.
"""

import hashlib
import io
import struct
import zlib

from PIL import Image as Pillow
from PIL import ImageOps

from orchestrator.exams.bank import Image, ItemRefused

MOST_BYTES = 6 << 20
"""Largest image file taken."""
MOST_PIXELS = 30_000_000
"""Largest image decoded: 30 megapixels take about 120 MB for a moment."""
LONGEST_SIDE = 1280
"""Pixels; a larger image is shrunk, enough for 16 cm in print at 200 dots per inch."""
MOST_STORED = 300_000
"""Bytes of one image as it is kept; a larger one loses colours, then becomes JPEG."""

Box = tuple[float, float, float, float]
"""Shares cut off at left, top, right and bottom, each in [0, 1)."""

_SIGNS = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG"}
_OTHERS = (
    (b"\xd7\xcd\xc6\x9a", "WMF"), (b"\x01\x00\x09\x00", "WMF"), (b"\x01\x00\x00\x00", "EMF"), (b"GIF8", "GIF"),
    (b"BM", "BMP"), (b"II*\x00", "TIFF"), (b"MM\x00*", "TIFF"), (b"<svg", "SVG"), (b"<?xml", "SVG"),
)  # fmt: skip
_KEPT_JPEG = frozenset({0xE0, 0xEE})
"""JFIF and Adobe's colour transform; every other application segment and comments are dropped."""
_MEDIA = {"PNG": "image/png", "JPEG": "image/jpeg"}


def clean_image(content: bytes, crop: Box = (0.0, 0.0, 0.0, 0.0)) -> Image:
    """The image without metadata, turned upright, cropped, no larger than the bounds above."""
    kind = _kind(content)
    try:
        with Pillow.open(io.BytesIO(content), formats=[kind]) as opened:
            _refuse_size(opened)
            opened.load()
            stays = kind == "JPEG" and _fits(opened, crop)
            plain = _upright(opened, crop)
    except ItemRefused:
        raise
    # Pillow tells a broken file by any of these.
    except (OSError, ValueError, SyntaxError, struct.error, zlib.error, EOFError, Pillow.DecompressionBombError) as f:
        raise ItemRefused("hình bị hỏng, không đọc được") from f
    stripped = _bare_jpeg(content) if stays else None
    if stripped is not None and len(stripped) <= MOST_STORED:
        return _image("JPEG", plain.size, stripped)
    return encoded(plain, kind, MOST_STORED)


def encoded(picture: Pillow.Image, kind: str, most: int) -> Image:
    """The picture in at most `most` bytes: as PNG, with fewer colours, as JPEG, smaller at last."""
    side = max(picture.size)
    while True:
        for form, options in _FORMS[kind]:
            written = _written(picture, form, options)
            if len(written) <= most or (side <= 160 and form == "JPEG"):
                return _image(form, picture.size, written)
        side = side * 3 // 4
        picture = picture.copy()
        picture.thumbnail((side, side), Pillow.Resampling.LANCZOS)


def shrunk(image: Image, most: int) -> Image:
    """The same image in at most `most` bytes, or as near as still can be read."""
    if len(image.content) <= most:
        return image
    with Pillow.open(io.BytesIO(image.content), formats=["PNG", "JPEG"]) as opened:
        opened.load()
        return encoded(_upright(opened, (0, 0, 0, 0)), "PNG" if image.media == "image/png" else "JPEG", most)


_FORMS: dict[str, tuple[tuple[str, int], ...]] = {
    "PNG": (("PNG", 0), ("PNG", 64), ("JPEG", 80)),
    "JPEG": (("JPEG", 85), ("JPEG", 70)),
}
"""Per kind, what is tried in turn: PNG with so many colours (0: all), JPEG at this quality."""


def _kind(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise ItemRefused(f"hình lớn hơn {MOST_BYTES >> 20} MiB")
    kind = next((kind for sign, kind in _SIGNS.items() if content.startswith(sign)), None)
    if kind is None:
        start = content[:64].lstrip()
        other = next((name for sign, name in _OTHERS if start.startswith(sign)), "khác")
        raise ItemRefused(f"có hình ảnh kiểu {other}, chưa nhận được: hãy lưu hình thành PNG hoặc JPEG")
    return kind


def _refuse_size(opened: Pillow.Image) -> None:
    if opened.width * opened.height > MOST_PIXELS:
        raise ItemRefused(f"hình quá lớn ({opened.width} × {opened.height} điểm ảnh)")
    if min(opened.size) < 1 or getattr(opened, "n_frames", 1) > 1:
        raise ItemRefused("hình rỗng hoặc hình động, không được nhận")


def _fits(opened: Pillow.Image, crop: Box) -> bool:
    turned = opened.getexif().get(0x0112, 1) != 1
    return not any(crop) and not turned and max(opened.size) <= LONGEST_SIDE and opened.mode in ("RGB", "L")


def _upright(opened: Pillow.Image, crop: Box) -> Pillow.Image:
    picture = ImageOps.exif_transpose(opened)
    if any(crop):
        if min(crop) < 0 or crop[0] + crop[2] >= 0.99 or crop[1] + crop[3] >= 0.99:
            raise ItemRefused("hình bị xén không đúng cách")
        width, height = picture.size
        edges = (crop[0] * width, crop[1] * height, (1 - crop[2]) * width, (1 - crop[3]) * height)
        picture = picture.crop(tuple(round(edge) for edge in edges))  # type: ignore[arg-type]  # four of them
    if picture.mode not in ("RGB", "L"):
        # On white, as on paper; palettes and 16-bit pictures become plain ones.
        seen = picture.convert("RGBA")
        picture = Pillow.new("RGB", seen.size, "white")
        picture.paste(seen, mask=seen.getchannel("A"))
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Pillow.Resampling.LANCZOS)
    return Pillow.frombytes(picture.mode, picture.size, picture.tobytes())


def _written(picture: Pillow.Image, form: str, option: int) -> bytes:
    out = io.BytesIO()
    if form == "JPEG":
        picture.save(out, "JPEG", quality=option, optimize=True)
    elif option:
        picture.convert("RGB").quantize(option, dither=Pillow.Dither.NONE).convert("RGB").save(
            out, "PNG", optimize=True
        )
    else:
        picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _image(form: str, size: tuple[int, int], content: bytes) -> Image:
    return Image(hashlib.sha256(content).hexdigest(), _MEDIA[form], *size, content)


def _bare_jpeg(content: bytes) -> bytes | None:
    """The file without segments that are no picture, and without what follows its end; None if it is not so built
    (ITU-T T.81 annex B)."""
    kept = [content[:2]]
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == 0xDA:
            end = content.rfind(b"\xff\xd9")
            return b"".join((*kept, content[at : end + 2])) if end > at else None
        if not (0xE0 <= marker <= 0xEF or marker == 0xFE) or marker in _KEPT_JPEG:
            kept.append(content[at : at + 2 + length])
        at += 2 + length
    return None
