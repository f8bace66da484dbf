"""Small images as files bring them."""

import io

from PIL import Image


def png(colour: str = "red", size: tuple[int, int] = (40, 30)) -> bytes:
    """A plain PNG."""
    return _saved(Image.new("RGB", size, colour), "PNG")


def jpeg(colour: str = "red", size: tuple[int, int] = (40, 30)) -> bytes:
    """A plain JPEG."""
    return _saved(Image.new("RGB", size, colour), "JPEG")


def noisy_png(size: tuple[int, int]) -> bytes:
    """A PNG that hardly packs."""
    return _saved(Image.effect_noise(size, 90).convert("RGB"), "PNG")


def _saved(picture: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, form)
    return out.getvalue()
