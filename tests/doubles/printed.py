"""What stands on printed pages: their words, and their QR codes as a telephone reads them."""

import io

import cv2
import numpy as np
import pypdfium2
from pypdf import PdfReader

_DOTS_PER_INCH = 220
_POINTS_PER_INCH = 72
_SIZES = (1.0, 0.75, 1.4)


def words(content: bytes) -> list[str]:
    """The text of each page of a PDF, in the order in which it is set."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def codes(content: bytes) -> list[set[str]]:
    """What the QR codes of each page hold."""
    document = pypdfium2.PdfDocument(content)
    try:
        return [
            codes_of(page.render(scale=_DOTS_PER_INCH / _POINTS_PER_INCH, grayscale=True).to_numpy())
            for page in document
        ]
    finally:
        document.close()


def codes_of_picture(png: bytes) -> set[str]:
    """The same of a picture of the screen."""
    drawn = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert drawn is not None
    # A telephone held before a screen sees more dots than the screen has.
    return codes_of(cv2.resize(drawn, None, fx=3, fy=3, interpolation=cv2.INTER_LINEAR))


def codes_of(gray: np.ndarray) -> set[str]:
    """What the QR codes of a picture hold, rows of grey levels. Read at several sizes, as a telephone does that is
    held nearer: one size alone misses a code now and then."""
    drawn = np.ascontiguousarray(gray.reshape(gray.shape[:2]))
    seen: set[str] = set()
    for size in _SIZES:
        _, found, _, _ = cv2.QRCodeDetector().detectAndDecodeMulti(cv2.resize(drawn, None, fx=size, fy=size))
        seen |= {text for text in found if text}
    return seen
