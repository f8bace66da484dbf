"""Sends a file to the checker, a process of its own with little memory, little time and an empty environment."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Protocol

import msgspec

from orchestrator.essays.inspection import Reason

WALL_S = 120.0
"""Wall time for one file; CPU time is bounded by the checker itself."""
MOST_ANSWER = 8 << 20
CHECKER = (sys.executable, "-I", "-m", "orchestrator.essays.checker")


class Verdict(msgspec.Struct, frozen=True):
    """What the checker says: ``form`` of a good file, or the ``reason`` it is not taken for."""

    form: str = ""
    reason: str = ""
    pages: int | None = None
    text: str = ""


class Stalled(Exception):
    """The checker gave no answer within its wall time: the machine's fault as likely as the file's."""


class Checker(Protocol):
    """Looks into one file; raises `Stalled`."""

    async def __call__(self, file: Path) -> Verdict: ...


async def check_apart(file: Path) -> Verdict:
    """Run the checker on ``file`` and read its two lines. It dies with every limit it breaks; that is ``too_heavy``."""
    descriptor = os.open(file, os.O_RDONLY)
    try:
        child = await asyncio.create_subprocess_exec(
            *CHECKER,
            stdin=descriptor,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8"},
            cwd="/",
            start_new_session=True,
        )
    finally:
        os.close(descriptor)
    try:
        async with asyncio.timeout(WALL_S):
            answer = await _answer(child)
            await child.wait()
    except TimeoutError as late:
        raise Stalled from late
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return read_answer(answer)


async def _answer(child: asyncio.subprocess.Process) -> bytes:
    assert child.stdout is not None
    parts: list[bytes] = []
    size = 0
    while size < MOST_ANSWER and (part := await child.stdout.read(1 << 16)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def read_answer(answer: bytes) -> Verdict:
    """The verdict in the checker's lines; an answer that is none means that a limit ended it."""
    first, _, second = answer.partition(b"\n")
    try:
        told = json.loads(first)
        verdict = msgspec.convert(told, Verdict)
    except (ValueError, msgspec.ValidationError):
        return Verdict(reason=Reason.TOO_HEAVY)
    try:
        text = str(json.loads(second)["text"])
    except (ValueError, KeyError, TypeError):
        text = ""
    return msgspec.structs.replace(verdict, text=readable(text))


def readable(text: str) -> str:
    """Text without signs that no page could show."""
    mended = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(sign for sign in mended if sign >= " " or sign in "\n\t")
