"""Takes complete essays in, gives receipts, and has each file checked apart before a marker may see it."""

from __future__ import annotations

import asyncio

import msgspec
import structlog

from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.essays import store
from orchestrator.essays.checking import Checker, Stalled, Verdict
from orchestrator.essays.inspection import Reason
from orchestrator.essays.model import Check, Essay, Form, Version
from orchestrator.essays.rights import receipt
from orchestrator.essays.vault import DiskFull, Vault
from orchestrator.storage.engine import Connection, Database
from wire.ids import new_id

log = structlog.get_logger()

AT_ONCE = 2
"""Checkers side by side."""
TRIES = 3
LOOK_S = 5.0


class Arrived(msgspec.Struct, frozen=True):
    """A file that is whole and kept under its digest."""

    essay: Essay
    number: str
    digest: bytes
    size: int
    form: Form
    name: str
    received_ns: int
    owner: str
    upload: str | None = None
    words: int | None = None


class Receiving:
    """Versions in, verdicts on them."""

    def __init__(self, database: Database, clock: Clock, vault: Vault, checker: Checker) -> None:
        self._database = database
        self._clock = clock
        self._vault = vault
        self._checker = checker
        self._wake = asyncio.Event()
        self._tries: dict[str, int] = {}

    async def take_text(self, essay: Essay, number: str, text: str, owner: str) -> Version:
        """Keep written text as a version."""
        content = text.encode()
        digest = await asyncio.to_thread(self._keep, content)
        await asyncio.to_thread(self._vault.keep_text, digest, text)
        return await self.take(
            Arrived(
                essay=essay,
                number=number,
                digest=digest,
                size=len(content),
                form=Form.TEXT,
                name=f"{number}.txt",
                received_ns=self._clock.now_ns(),
                owner=owner,
                words=len(text.split()),
            )
        )

    def _keep(self, content: bytes) -> bytes:
        try:
            self._vault.check_room(len(content))
            return self._vault.keep(content)
        except DiskFull as full:
            raise disk_full() from full

    async def take(self, arrived: Arrived) -> Version:
        """Give a whole file its place among the versions, and its receipt. The same file again, right after itself, is
        the same version: a page that missed the answer may ask twice."""
        version = await self._database.write(lambda conn: self._placed(conn, arrived))
        if version.state is Check.CHECKING:
            self._wake.set()
        log.info("essay_received", essay=arrived.essay.id, version=version.id, size=version.size)
        return version

    def _placed(self, conn: Connection, arrived: Arrived) -> Version:
        before = store.versions(conn, arrived.essay.id, arrived.number)
        last = before[-1] if before else None
        if last is None or last.digest != arrived.digest or last.state is Check.REFUSED:
            last = _version(arrived, len(before) + 1)
            store.insert_version(conn, last)
        if arrived.upload is not None:
            store.finish_upload(conn, arrived.upload, last.id)
        return last

    async def run(self) -> None:
        """Check what waits, the oldest first. Runs until cancelled; what was not checked is found again at start."""
        while True:
            if await self.check_waiting() == 0:
                await self._pause()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(LOOK_S):
                await self._wake.wait()
        except TimeoutError:
            pass
        self._wake.clear()

    async def check_waiting(self) -> int:
        """Check up to `AT_ONCE` files; returns how many there were."""
        waiting = await self._database.read(lambda conn: store.unchecked(conn, AT_ONCE))
        async with asyncio.TaskGroup() as tasks:
            for version in waiting:
                tasks.create_task(self._check(version))
        return len(waiting)

    async def _check(self, version: Version) -> None:
        try:
            verdict = await self._checker(self._vault.file(version.digest))
        except Stalled:
            self._tries[version.id] = self._tries.get(version.id, 0) + 1
            log.warning("essay_check_stalled", version=version.id, tries=self._tries[version.id])
            if self._tries[version.id] < TRIES:
                return
            verdict = Verdict(reason=Reason.TOO_HEAVY)
        self._tries.pop(version.id, None)
        essay = await self._database.read(lambda conn: store.find_essay(conn, version.essay))
        if verdict.form and essay is not None and Form(verdict.form) not in essay.plan.forms:
            verdict = Verdict(reason=Reason.NOT_ALLOWED)
        if verdict.text and not verdict.reason:
            await asyncio.to_thread(self._vault.keep_text, version.digest, verdict.text)
        judged = _judged(version, verdict)
        await self._database.write(lambda conn: store.judge_version(conn, judged))
        log.info("essay_checked", version=version.id, state=judged.state, reason=judged.reason)


def disk_full() -> Refused:
    """No room: said before anything is lost."""
    return Refused(
        "disk_full",
        "Máy chủ hết chỗ lưu, phần đã nhận vẫn còn. Hãy giữ tệp và thử lại sau. / The server's disk is full.",
        507,
    )


def _version(arrived: Arrived, place: int) -> Version:
    return Version(
        id=new_id("version"),
        essay=arrived.essay.id,
        number=arrived.number,
        place=place,
        digest=arrived.digest,
        size=arrived.size,
        form=arrived.form,
        name=arrived.name,
        received_ns=arrived.received_ns,
        owner=arrived.owner,
        receipt=receipt(arrived.essay.id, arrived.number, arrived.digest),
        state=Check.GOOD if arrived.form is Form.TEXT else Check.CHECKING,
        words=arrived.words,
    )


def _judged(version: Version, verdict: Verdict) -> Version:
    if verdict.reason:
        return msgspec.structs.replace(version, state=Check.REFUSED, reason=str(verdict.reason))
    return msgspec.structs.replace(
        version,
        state=Check.GOOD,
        form=Form(verdict.form),
        pages=verdict.pages,
        words=len(verdict.text.split()) or None,
    )
