"""The copy of each release that is left in a folder for other hosts to serve.

A folder on a USB stick or a network share may let a writer wait for as long as it likes. So the conductor only says
what is out, and the folder is written beside it, in threads that nobody waits for longer than a while.
"""

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

import structlog

from orchestrator.exams.model import Exam
from orchestrator.exams.release.certificates import certificate
from orchestrator.exams.sealing import Sealer
from wire.ids import ExamId

log = structlog.get_logger()

ANSWERS_WITHIN_S = 10.0
AGAIN_S = 5.0
HANGING = 20
"""Threads that did not come back; beyond them no other is sent after them."""

_SILENT = "thư mục không trả lời", "the folder does not answer"
_VI = (
    "Chưa chép được tệp mở đề vào thư mục phát hành: {}. Hãy xem ổ USB hoặc thư mục mạng; trung tâm tự chép lại, "
    "và các điểm cầu vẫn nhận mã qua đường truyền."
)
_EN = (
    "The release is not yet copied to the release folder: {}. Look after the USB stick or the network share; the "
    "centre tries again, and sites get the code over their lines all the same."
)

Fault = tuple[str, str]
"""In Vietnamese and in English."""
Write = Callable[[Path, bytes], None]


class ReleaseFolder:
    """A folder that any static web server serves or a person copies on: `<exam>.json` appears whole, soon after the
    release. `write` may block and may raise OSError; times in seconds."""

    def __init__(
        self,
        folder: Path,
        sealer: Sealer,
        *,
        write: Write | None = None,
        within_s: float = ANSWERS_WITHIN_S,
        again_s: float = AGAIN_S,
        hanging: int = HANGING,
    ) -> None:
        self._folder = folder
        self._sealer = sealer
        self._write = write or write_whole
        self._within_s = within_s
        self._again_s = again_s
        self._most_hanging = hanging
        self._wanted: dict[ExamId, bytes] = {}
        self._written: dict[ExamId, bytes] = {}
        self._hanging: list[tuple[ExamId, threading.Thread]] = []
        self._failed_at: dict[ExamId, tuple[Fault, int]] = {}
        """Of an exam whose file is not there: the last fault, and how many there were."""
        self._wake = asyncio.Event()

    def note(self, exam: Exam) -> None:
        """For the conductor, at each step of an exam: what its file is to say, if it is out. Waits for nothing."""
        content = certificate(exam, self._sealer)
        if content is None:
            self._wanted.pop(exam.id, None)
            self._failed_at.pop(exam.id, None)
        elif self._wanted.get(exam.id) != content:
            self._wanted[exam.id] = content
            self._wake.set()

    def trouble(self, exam: ExamId) -> str:
        """Why the exam's file is not there though it is out, for people in both languages; empty: nothing is wrong."""
        lacking = self._lacking()
        if exam not in lacking:
            return ""
        # An exam whose turn has not come waits for what holds the others up.
        faults = [self._failed_at[each][0] for each in (exam, *lacking) if each in self._failed_at]
        if not faults:
            return ""
        vi, en = faults[0]
        return f"{_VI.format(vi)} / {_EN.format(en)}"

    async def step(self) -> None:
        """Write what is out and not there, as far as the folder lets it."""
        self._take_back()
        for exam in self._lacking():
            content = self._wanted.get(exam)
            fault = None if content is None else await self._tried(exam, content)
            if content is None:
                continue  # it is out no more
            if fault is not None:
                self._failed(exam, fault)
                if fault is _SILENT:
                    return  # it is one folder: what comes next would only wait as long
                continue
            self._written[exam] = content
            if before := self._failed_at.pop(exam, None):
                log.info("release_written_at_last", exam=exam, failures=before[1])

    async def run(self) -> None:
        """Do that again and again. Runs until cancelled."""
        while True:
            self._wake.clear()
            await self.step()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._again_s if self._lacking() or self._hanging else None):
                    await self._wake.wait()

    def _lacking(self) -> list[ExamId]:
        return [exam for exam, content in self._wanted.items() if self._written.get(exam) != content]

    def _take_back(self) -> None:
        """Threads that came back after all may have put an older file over a newer one: it is written once more."""
        for exam, thread in self._hanging:
            if not thread.is_alive():
                self._written.pop(exam, None)
        self._hanging = [(exam, thread) for exam, thread in self._hanging if thread.is_alive()]

    async def _tried(self, exam: ExamId, content: bytes) -> Fault | None:
        """Why it is not written; None: it is."""
        if len(self._hanging) >= self._most_hanging:
            return _SILENT
        outcome: Future[None] = Future()
        outcome.set_running_or_notify_cancel()

        def work() -> None:
            try:
                self._write(self._folder / f"{exam}.json", content)
            except Exception as fault:
                outcome.set_exception(fault)
            else:
                outcome.set_result(None)

        # No pool: it would wait for its threads when the centre ends, and others' work would wait for a place in it.
        thread = threading.Thread(target=work, name="release folder", daemon=True)
        thread.start()
        try:
            async with asyncio.timeout(self._within_s):
                await asyncio.wrap_future(outcome)
        except TimeoutError:
            self._hanging.append((exam, thread))
            return _SILENT
        except OSError as fault:
            why = fault.strerror or str(fault)
            return f"không ghi được ({why})", f"it cannot be written ({why})"
        return None

    def _failed(self, exam: ExamId, fault: Fault) -> None:
        before, times = self._failed_at.get(exam, (None, 0))
        if fault != before:
            log.error("release_not_written", exam=exam, folder=str(self._folder), fault=fault[1])
        self._failed_at[exam] = fault, times + 1


def write_whole(file: Path, content: bytes) -> None:
    """Put a file there whole or not at all; raises OSError. Another thread may still be at an earlier one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        beside.write_bytes(content)
        # Whoever serves the folder may run as somebody else.
        beside.chmod(0o644)
        beside.replace(file)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
