"""What stands on printed pages: their words, and their QR codes as a telephone reads them."""

import io

import cv2
import numpy as np
import pypdfium2
import zxingcpp
from pypdf import PdfReader

_DOTS_PER_INCH = 220
_POINTS_PER_INCH = 72
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


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
    return codes_of(drawn)


def codes_of(gray: np.ndarray) -> set[str]:
    """What the QR codes of a picture hold, rows of grey levels. Read by the decoder that many telephones' readers are
    built on: OpenCV's own misses about one in thirty of codes drawn without a fault."""
    drawn = np.ascontiguousarray(gray.reshape(gray.shape[:2]))
    return {found.text for found in zxingcpp.read_barcodes(drawn, formats=_QR)}
