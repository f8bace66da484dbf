"""Turns a template of a feature and what it should show into a PDF or a picture, with Typst (https://typst.app).

A template is a `.typ` file that reads ``json(bytes(sys.inputs.contents))``: what is shown arrives as values, never as
source, so that a name with a `#` in it prints as it is. An image is read by its name, ``image("/logo.png")``.
Errors: `PrintFault` when the template does not compile with these contents.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Literal

import msgspec
import typst

MOST_AT_ONCE = 2
"""Compilations at a time: each takes one core for as long as it runs."""

_turns = asyncio.Semaphore(MOST_AT_ONCE)


class PrintFault(Exception):
    """The template and the contents do not go together."""


async def pdf(template: Path, contents: object, images: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF of ``template`` with ``contents`` (anything msgspec writes as JSON); raises `PrintFault`."""
    async with _turns:
        return await asyncio.to_thread(partial(compiled, template, contents, images or {}))


def drawn(template: Path, contents: object) -> bytes:
    """The template's one page as a PNG in which a point is a pixel, in the calling thread; raises `PrintFault`."""
    return compiled(template, contents, {}, form="png")


def compiled(
    template: Path, contents: object, images: Mapping[str, bytes], *, form: Literal["pdf", "png"] = "pdf"
) -> bytes:
    """What `pdf` gives, in the calling thread. Without images it needs no disk, which may be full."""
    if not images:
        return _printed(template, contents, form)
    with tempfile.TemporaryDirectory(prefix="diemcau-print-") as folder:
        page = Path(folder) / "page.typ"
        page.write_bytes(template.read_bytes())
        for name, content in images.items():
            (page.parent / Path(name).name).write_bytes(content)
        return _printed(page, contents, form)


def _printed(page: Path, contents: object, form: Literal["pdf", "png"]) -> bytes:
    """The page compiled; whatever it reads lies beside it."""
    inputs = {"contents": msgspec.json.encode(contents).decode()}
    try:
        printed = typst.compile(
            str(page), root=str(page.parent), sys_inputs=inputs, ignore_system_fonts=True, format=form, ppi=72.0
        )
    except typst.TypstError as fault:
        raise PrintFault(str(fault)) from fault
    if not isinstance(printed, bytes):
        raise PrintFault("the template gave more than one file")
    return printed
