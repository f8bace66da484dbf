"""A PDF from a stranger: readable, not encrypted, nothing in it that acts; pages counted, text in order. Part of the
checker's process. The reader is pypdf: plain Python, so that a broken file is an exception and no memory fault."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from typing import BinaryIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject, PdfObject

from orchestrator.essays.inspection import MOST_TEXT, Reason, Seen, Unsafe

MOST_PAGES = 2000
_ACTS = ("/JavaScript", "/Launch", "/ImportData", "/RichMediaExecute", "/GoToE")
_FAULTS = (
    PyPdfError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    RecursionError,
    NotImplementedError,
)
"""What pypdf raises on files that are no proper PDF; it promises only the first."""


def read_pdf(file: BinaryIO) -> Seen:
    """Check the document; raises `Unsafe`."""
    warnings.simplefilter("ignore")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    file.seek(0)
    try:
        reader = _opened(file)
        if reader.is_encrypted:
            raise Unsafe(Reason.ENCRYPTED)
        pages = len(reader.pages)
        if pages > MOST_PAGES:
            raise Unsafe(Reason.TOO_MANY)
        if pages == 0 or _page_is_missing(reader):
            raise Unsafe(Reason.BROKEN)
        _check_actions(reader)
    except (*_FAULTS, OSError) as fault:
        raise Unsafe(Reason.BROKEN) from fault
    return Seen("pdf", pages, _text(reader))


def _opened(file: BinaryIO) -> PdfReader:
    try:
        return PdfReader(file, strict=False)
    except NotImplementedError as fault:  # an encryption that pypdf does not know
        raise Unsafe(Reason.ENCRYPTED) from fault


def _page_is_missing(reader: PdfReader) -> bool:
    return any("/Type" not in page for page in reader.pages[:1])


def _check_actions(reader: PdfReader) -> None:
    catalog = _dictionary(reader.trailer.get("/Root"))
    if catalog is None:
        raise Unsafe(Reason.BROKEN)
    names = _dictionary(catalog.get("/Names"))
    if names is not None and ("/JavaScript" in names or "/EmbeddedFiles" in names):
        raise Unsafe(Reason.ACTIVE)
    _check_action(catalog.get("/OpenAction"))
    _check_additional(catalog)
    for page in reader.pages:
        _check_additional(page)
        annotations = page.get("/Annots")
        listed = annotations.get_object() if annotations is not None else None
        for each in listed if isinstance(listed, list) else []:
            note = _dictionary(each)
            if note is not None:
                _check_action(note.get("/A"))
                _check_additional(note)
                if note.get("/Subtype") in ("/FileAttachment", "/RichMedia", "/Movie", "/Screen"):
                    raise Unsafe(Reason.ACTIVE)


def _check_additional(thing: DictionaryObject) -> None:
    more = _dictionary(thing.get("/AA"))
    for each in more.values() if more is not None else []:
        _check_action(each)


def _check_action(action: PdfObject | None) -> None:
    found = _dictionary(action)
    if found is not None and found.get("/S") in _ACTS:
        raise Unsafe(Reason.ACTIVE)


def _dictionary(thing: PdfObject | None) -> DictionaryObject | None:
    found = thing.get_object() if thing is not None else None
    return found if isinstance(found, DictionaryObject) else None


def _text(reader: PdfReader) -> Iterator[str]:
    length = 0
    for page in reader.pages:
        try:
            words = page.extract_text()
        except (*_FAULTS, OSError):
            words = ""  # one page that cannot be read is no reason to lose the others
        length += len(words)
        yield words + "\n"
        if length >= MOST_TEXT:
            return
