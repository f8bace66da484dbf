"""Keeps the sealed papers of every exam whole: fetches what is missing, looks over the rest, says what is held."""

import asyncio
from typing import Protocol

import msgspec
import structlog

from site_agent.exam.download import DownloadFailed
from site_agent.exam.hall import Hall
from site_agent.exam.vault import Vault, VaultRefused
from site_agent.exam.window import BEFORE_OPENING, OVER, Phase, Reading
from wire.exam_release import PaperState
from wire.ids import ExamId
from wire.messages import ExamProgress
from wire.paper import reserve_code

_LOOK_S = 1.0
_RETRY_S = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
_DIGEST_SHOWN = 12

log = structlog.get_logger()


class PaperSource(Protocol):
    """Where sealed papers come from."""

    async def fetch(self, digest: bytes) -> bytes:
        """The sealed paper with this SHA-256; raises `DownloadFailed`."""


class Changed(Protocol):
    """Hears that a hall has another paper."""

    def __call__(self, hall: Hall) -> None: ...


class Clock(Protocol):
    """All clocks of the site."""

    def __call__(self) -> Reading: ...


class _Checked(msgspec.Struct, frozen=True):
    at_mono_ns: int
    at_ns: int
    damaged: int


class PapersKept:
    """One `keep` per hall, until cancelled."""

    def __init__(self, vault: Vault, source: PaperSource, read: Clock, changed: Changed) -> None:
        self._vault = vault
        self._source = source
        self._read = read
        self._changed = changed
        self._checked: dict[ExamId, _Checked] = {}

    async def keep(self, hall: Hall) -> None:
        """Fetch what the plan names, the paper in force first, and look over all of it every `check_every_s`."""
        attempt = 0
        while True:
            pause_s = _LOOK_S
            wanted = _wanted(hall)
            if wanted:
                attempt = 0 if await self._fetch(hall, wanted[attempt % len(wanted)]) else attempt + 1
                pause_s = _RETRY_S[min(attempt - 1, len(_RETRY_S) - 1)] if attempt else 0.0
            elif hall.window.phase in BEFORE_OPENING:
                await self._check_if_due(hall)
            await asyncio.sleep(pause_s)

    def told(self, hall: Hall) -> ExamProgress:
        """The hall's figures with what is held of its papers; nothing of papers once all is over."""
        progress = hall.progress()
        if hall.window.phase in OVER:
            return msgspec.structs.replace(progress, version=hall.held.as_signed.version, reserve=hall.held.turned)
        signed = hall.held.as_signed
        absent = {*hall.held.missing, *hall.held.spare_missing}
        names = signed.papers | {reserve_code(code): digest for code, digest in signed.reserve_papers.items()}
        checked = self._checked.get(hall.exam)
        return msgspec.structs.replace(
            progress,
            version=signed.version,
            papers=[
                PaperState(code=code, digest=digest.hex()[:_DIGEST_SHOWN], here=digest not in absent)
                for code, digest in names.items()
            ],
            checked_ns=checked.at_ns if checked else None,
            damaged=checked.damaged if checked else 0,
            reserve=hall.held.turned,
        )

    async def _check_if_due(self, hall: Hall) -> None:
        now, last = self._read(), self._checked.get(hall.exam)
        if last is not None and now.mono_ns - last.at_mono_ns < hall.held.manifest.plan.check_every_s * 1e9:
            return
        try:
            damaged = await self._vault.damaged(hall.exam)
            held = await self._vault.held(hall.exam) if damaged else None
        except VaultRefused as refused:
            log.error("papers_not_checked", exam=hall.exam, code=refused.code)
            return
        if held is not None:
            log.error("papers_damaged", exam=hall.exam, papers=len(damaged))
            hall.held = held
        before = last.damaged if last else 0
        self._checked[hall.exam] = _Checked(now.mono_ns, max(0, now.centre_ns), before + len(damaged))

    async def _fetch(self, hall: Hall, digest: bytes) -> bool:
        try:
            await self._vault.keep_paper(digest, await self._source.fetch(digest))
        except (DownloadFailed, VaultRefused) as fault:
            log.warning("paper_not_fetched", exam=hall.exam, reason=str(fault))
            return False
        hall.held = msgspec.structs.replace(
            hall.held,
            missing=[d for d in hall.held.missing if d != digest],
            spare_missing=[d for d in hall.held.spare_missing if d != digest],
        )
        self._changed(hall)
        return True


def _wanted(hall: Hall) -> list[bytes]:
    # A site too late for the paper may still be given the reserve.
    if hall.window.phase in OVER and hall.window.phase is not Phase.MISSED:
        return []
    in_force = hall.held.missing if hall.window.phase in BEFORE_OPENING else []
    return list(dict.fromkeys([*in_force, *hall.held.spare_missing]))
