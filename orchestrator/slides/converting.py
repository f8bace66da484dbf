"""Has a file drawn by processes of their own, and brings its pages home one by one."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar

import msgspec
import structlog

from orchestrator.slides import office
from orchestrator.slides.model import Fault, Page, is_office
from wire.slides import MAX_IMAGE_BYTES, MOST_PAGES

log = structlog.get_logger()

T = TypeVar("T", bound=msgspec.Struct)

PAGE_S = 90.0
"""Wall time for one page; CPU time is bounded by the drawing process itself."""
OFFICE_S = 300.0
DRAWING = (sys.executable, "-I", "-m", "orchestrator.slides.drawing")
OFFICE = (sys.executable, "-I", "-m", "orchestrator.slides.office")
MOST_BYTES = 96 << 20
"""All pictures of one deck."""


class NotDrawn(Exception):
    """The file becomes no deck; ``page`` from 1, 0 when it is not one page's fault."""

    def __init__(self, fault: Fault, page: int = 0) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.page = page


class Drawn(msgspec.Struct, frozen=True):
    """A page and its two pictures; ``pages`` is how many the file has."""

    page: Page
    small: bytes
    large: bytes
    pages: int


class _Head(msgspec.Struct, frozen=True):
    pages: int = 0
    fault: str = ""


class _Told(msgspec.Struct, frozen=True):
    width: int = 0
    height: int = 0
    small: int = 0
    large: int = 0
    fault: str = ""


def find_office(configured: str) -> str:
    """The LibreOffice to use: what was configured, else what is installed; empty for ``off``, and for none."""
    if configured == "off":
        return ""
    return (
        shutil.which(configured) or "" if configured else shutil.which("soffice") or shutil.which("libreoffice") or ""
    )


async def pages_of(
    file: Path, name: str, soffice: str, drawing: Sequence[str] = DRAWING
) -> AsyncGenerator[Drawn, None]:
    """The pages of a PDF or a presentation, as they are drawn by the command ``drawing``. Raises `NotDrawn`."""
    async with _as_pdf(file, name, soffice) as pdf, _drawing(pdf, drawing) as out:
        head = _read(await _line(out, 1), _Head)
        if head.fault or not 1 <= head.pages <= MOST_PAGES:
            raise NotDrawn(_fault(head.fault))
        size = 0
        for place in range(1, head.pages + 1):
            drawn = await _next(out, place, head.pages)
            size += len(drawn.small) + len(drawn.large)
            if size > MOST_BYTES:
                raise NotDrawn(Fault.TOO_HEAVY, place)
            yield drawn


async def _next(out: asyncio.StreamReader, place: int, pages: int) -> Drawn:
    told = _read(await _line(out, place), _Told)
    sizes = (told.small, told.large)
    if told.fault or not all(0 < size <= MAX_IMAGE_BYTES for size in sizes):
        raise NotDrawn(_fault(told.fault), place)
    try:
        async with asyncio.timeout(PAGE_S):
            small, large = await out.readexactly(told.small), await out.readexactly(told.large)
    except (TimeoutError, asyncio.IncompleteReadError) as late:
        raise NotDrawn(Fault.TOO_HEAVY, place) from late
    digests = [hashlib.sha256(each).digest() for each in (small, large)]
    page = Page(digests[0], told.small, digests[1], told.large, told.width, told.height)
    return Drawn(page, small, large, pages)


async def _line(out: asyncio.StreamReader, place: int) -> bytes:
    """A line of the drawing process; one that was ended by a limit says nothing more."""
    try:
        async with asyncio.timeout(PAGE_S):
            line = await out.readline()
    except (TimeoutError, ValueError) as late:
        raise NotDrawn(Fault.TOO_HEAVY, place) from late
    if not line.endswith(b"\n"):
        raise NotDrawn(Fault.TOO_HEAVY, place)
    return line


def _read(line: bytes, kind: type[T]) -> T:
    try:
        return msgspec.convert(json.loads(line), kind)
    except (ValueError, msgspec.ValidationError) as fault:
        raise NotDrawn(Fault.TOO_HEAVY) from fault


def _fault(word: str) -> Fault:
    try:
        return Fault(word)
    except ValueError:
        return Fault.TOO_HEAVY


@asynccontextmanager
async def _drawing(pdf: Path, drawing: Sequence[str]) -> AsyncIterator[asyncio.StreamReader]:
    descriptor = os.open(pdf, os.O_RDONLY)
    try:
        child = await asyncio.create_subprocess_exec(
            *drawing,
            stdin=descriptor,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8"},
            cwd="/",
            start_new_session=True,
            limit=1 << 20,
        )
    finally:
        os.close(descriptor)
    try:
        assert child.stdout is not None
        yield child.stdout
    finally:
        await _end(child)


@asynccontextmanager
async def _as_pdf(file: Path, name: str, soffice: str) -> AsyncIterator[Path]:
    """The file itself, or what LibreOffice makes of it."""
    if not is_office(name):
        yield file
        return
    with tempfile.TemporaryDirectory(prefix="diemcau-slides-") as made:
        folder = Path(made)
        source = folder / f"deck{Path(name).suffix.lower()}"
        await asyncio.to_thread(shutil.copyfile, file, source)
        child = await asyncio.create_subprocess_exec(
            *OFFICE,
            soffice,
            str(folder),
            str(source),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8"},
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(OFFICE_S):
                code = await child.wait()
        except TimeoutError as late:
            raise NotDrawn(Fault.OFFICE) from late
        finally:
            await _end(child)
        pdf = folder / "deck.pdf"
        if code or not pdf.is_file():
            log.info("office_failed", code=code)
            raise NotDrawn({office.EXTERNAL: Fault.EXTERNAL, office.BROKEN: Fault.BROKEN}.get(code, Fault.OFFICE))
        yield pdf


async def _end(child: asyncio.subprocess.Process) -> None:
    """End the child and whatever it started."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, 9)
    await child.wait()
