"""The static file of a release: what the centre answers, and the copy it leaves for other hosts to serve."""

import asyncio
import os
from pathlib import Path

import structlog

from orchestrator.exams.delivery import switch_message
from orchestrator.exams.model import SECRET_OUT, Exam
from orchestrator.exams.sealing import Sealer
from wire.exam_release import write_certificate

log = structlog.get_logger()


def certificate(exam: Exam, sealer: Sealer) -> bytes | None:
    """The file of an exam whose secret is out; None before, after, and while only officers have the secret."""
    if exam.stage not in SECRET_OUT or exam.secret_sealed is None:
        return None
    if exam.releasing.switched_ns is None:
        return write_certificate(exam.id, sealer.release_secret(exam), None)
    secret = sealer.reserve_secret(exam)
    return None if secret is None else write_certificate(exam.id, None, switch_message(exam, secret))


class ReleaseFolder:
    """A folder that any static web server serves or a person copies on: `<exam>.json` appears whole, at the release."""

    def __init__(self, folder: Path, sealer: Sealer) -> None:
        self._folder = folder
        self._sealer = sealer
        self._written: dict[str, bytes] = {}

    async def keep(self, exam: Exam) -> None:
        """Write the file if it is out and not written as it is now. A folder that refuses is tried at the next step:
        it must not hold up the sites that have a line."""
        content = certificate(exam, self._sealer)
        if content is None or self._written.get(exam.id) == content:
            return
        try:
            await asyncio.to_thread(_write, self._folder / f"{exam.id}.json", content)
        except OSError as fault:
            log.error("release_not_written", exam=exam.id, fault=str(fault))
        else:
            self._written[exam.id] = content


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_bytes(content)
    # Whoever serves the folder may run as somebody else.
    beside.chmod(0o644)
    beside.replace(file)
