"""Mutated essays for the checker, as `tests.fuzz.importers` feeds them: good files, traps, and what lies between."""

from __future__ import annotations

import io
import random
import zipfile

from orchestrator.essays.checker import check
from orchestrator.essays.checking import read_answer
from tests.doubles.essay_files import UNSAFE, docx, pdf, with_parts
from tests.fuzz.changes import mutated


class Essays:
    """Essays in Word and PDF for the checker."""

    name = "essay"

    def __init__(self) -> None:
        self._corpus = essay_seeds()

    def made(self, chance: random.Random) -> bytes:
        return mutated(chance, self._corpus)

    def take(self, content: bytes, chance: random.Random) -> str:
        return check_essay(content)

    def close(self) -> None:
        pass


def essay_seeds() -> list[bytes]:
    """Good files, and every trap that is small enough to be changed often."""
    pages = "<Properties><Pages>3</Pages></Properties>"
    good = [docx(), docx("Hai " * 400, docProps__app_dot_xml=pages), pdf(), pdf(5, "Nhieu trang")]
    traps = [trap for trap in UNSAFE.values() if 0 < len(trap) < 1 << 18 and _readable(trap)]
    return [*good, with_parts(docx(), {"word/media/a.png": bytes(4000)}), *traps]


def _readable(content: bytes) -> bool:
    """A package is changed part by part: its parts must come out."""
    if not content.startswith(b"PK"):
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            return opened.testzip() is None
    except (zipfile.BadZipFile, RuntimeError):
        return False


def check_essay(content: bytes) -> str:
    """One file through the checker, as its process does it; its outcome as a word."""
    out = io.BytesIO()
    check(io.BytesIO(content), out)
    verdict = read_answer(out.getvalue())
    return verdict.reason or "taken"
