"""Looks for the release where it stands as a static file: at the centre, and on the hosts that the signed plan names.

The link brings secrets first; this is for a site whose link is down. A site that is BLIND asks whatever its wall clock
says: one that is ten minutes slow, or in 2002, must not keep it from looking.

Whatever a host says proves nothing by itself: the secret must be the one whose digest the centre signed, so a forged
file, another exam's, or the page of a Wi-Fi that wants a sign-in is refused with a word in the log, and the next host
is asked.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Protocol
from urllib.parse import urlsplit

import structlog

from site_agent.exam.download import DownloadFailed
from site_agent.exam.hall import Hall
from site_agent.exam.journal import JournalRefused
from site_agent.exam.openings import is_past
from site_agent.exam.vault import VaultRefused
from site_agent.exam.window import OVER, Phase, Reading
from wire.exam_release import CertificateRefused, ExamSwitch, read_certificate
from wire.ids import ClockState, ExamId
from wire.messages import ExamRelease

POLL_S = 2.0
"""A thousand sites ask 500 times a second, each for a few hundred bytes of a static file."""
WATCH_EVERY = 5
"""While a paper runs and the link is down, only every fifth look asks whether the reserve was ordered; and so does a
site that does not know the time, for the exams that may come."""
MOST_BLIND = 8
"""Exams that a site without the time asks for, the newest: it keeps its exams for years."""

log = structlog.get_logger()

Fetch = Callable[[str], Awaitable[bytes]]


class Site(Protocol):
    """The exams of this site."""

    halls: dict[ExamId, Hall]

    def read(self) -> Reading: ...

    async def on_release(self, release: ExamRelease) -> None: ...

    async def on_switch(self, order: ExamSwitch) -> None: ...


class ReleasePoll:
    """Run until cancelled. `line_up`: whether the link to the centre stands."""

    def __init__(
        self,
        site: Site,
        centre: str,
        fetch: Fetch,
        line_up: Callable[[], bool],
        *,
        poll_s: float = POLL_S,
    ) -> None:
        self._site = site
        self._centre = centre.rstrip("/")
        self._fetch = fetch
        self._line_up = line_up
        self._poll_s = poll_s
        self._told: dict[str, str] = {}
        self._looks = 0

    async def run(self) -> None:
        """Look every `poll_s`, give or take half of it."""
        while True:
            await self.look()
            await asyncio.sleep(self._poll_s * random.uniform(0.5, 1.5))

    async def look(self) -> None:
        """Ask once for every exam that needs it."""
        self._looks += 1
        now = self._site.read()
        halls = list(self._site.halls.values())
        wanted = [hall for hall in halls if lacks_secret(hall, now)]
        if self._looks % WATCH_EVERY == 0:
            wanted += may_lack_secret(halls, now)
            wanted += [hall for hall in halls if may_miss_switch(hall) and not self._line_up()]
        for hall in {hall.exam: hall for hall in wanted}.values():
            await self._ask_all(hall)

    async def _ask_all(self, hall: Hall) -> None:
        """All hosts at once: what a quick one says is taken while a slow one is still waited for."""
        async with asyncio.TaskGroup() as tasks:
            for url in addresses(hall, self._centre):
                tasks.create_task(self._ask(hall, url))

    async def _ask(self, hall: Hall, url: str) -> None:
        try:
            secret, switch = read_certificate(await self._fetch(url), hall.held.as_signed)
            if switch is not None:
                await self._site.on_switch(switch)
            elif secret is not None and hall.held.secret is None:
                await self._site.on_release(ExamRelease(exam=hall.exam, secret=secret))
        except (DownloadFailed, CertificateRefused, JournalRefused, VaultRefused) as fault:
            self._tell(url, str(fault))
        else:
            self._tell(url, "")

    def _tell(self, url: str, reason: str) -> None:
        """Once per host and reason: it is asked every two seconds."""
        if self._told.get(url, "") != reason:
            self._told[url] = reason
            if reason:
                log.warning("release_refused", host=urlsplit(url).netloc, reason=reason[:200])


def lacks_secret(hall: Hall, now: Reading) -> bool:
    """Whether the secret should be out by now and is not here."""
    manifest = hall.held.manifest
    due_ns = manifest.t0_ns - round(manifest.plan.release_lead_s * 1e9)
    waiting = hall.window.phase in (Phase.WAITING, Phase.SEALED, Phase.MISSED)
    cap_ns = manifest.t0_ns + round((manifest.plan.late_cap_s * 2 + manifest.duration_s) * 1e9)
    return waiting and hall.held.secret is None and due_ns <= now.centre_ns <= cap_ns


def may_lack_secret(halls: list[Hall], now: Reading) -> list[Hall]:
    """The exams whose secret may be out, as far as a site knows that does not know the time."""
    if now.state is not ClockState.BLIND:
        return []
    waiting = [
        hall
        for hall in halls
        if hall.window.phase in (Phase.WAITING, Phase.SEALED) and hall.held.secret is None and not is_past(hall, halls)
    ]
    return sorted(waiting, key=lambda hall: -hall.held.manifest.t0_ns)[:MOST_BLIND]


def may_miss_switch(hall: Hall) -> bool:
    """Whether an order to sit the reserve paper would still mean something here."""
    return bool(hall.held.as_signed.reserve_sha256) and not hall.held.turned and hall.window.phase not in OVER


def addresses(hall: Hall, centre: str) -> list[str]:
    """Where the release of this exam stands, in no fixed order: no host should be everybody's first."""
    hosts = hall.held.as_signed.plan.release_hosts
    found = [f"{centre}/agent/release/{hall.exam}", *(f"{host.rstrip('/')}/{hall.exam}.json" for host in hosts)]
    random.shuffle(found)
    return found
