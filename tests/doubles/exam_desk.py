"""A site's exam service with its desk, inside the test's own process."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

from site_agent.exam.clocks import CentreTime, SiteClocks
from site_agent.exam.desk import ExamDesk
from site_agent.exam.journal import Journal
from site_agent.exam.service import ExamSite
from site_agent.exam.vault import Vault
from tests.doubles.centre_time import SteadyTime


class OfCentre(Protocol):
    """What a site has of its centre from pairing on, and where it fetches sealed papers."""

    site_secret: bytes
    exam_key: bytes

    async def fetch(self, digest: bytes) -> bytes: ...


class Site:
    """A site's exam service with its desk, in this process."""

    def __init__(self, home: Path, centre: OfCentre, time: CentreTime | None = None) -> None:
        self.journal = Journal(home / "journal.sqlite3")
        vault = Vault(home / "vault.sqlite3", centre.site_secret, centre.exam_key)
        self.exams = ExamSite(
            name="TH Bế Văn Đàn",
            vault=vault,
            journal=self.journal,
            source=centre,
            clocks=SiteClocks(time or SteadyTime()),
        )
        self.desk = ExamDesk(self.exams, home)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.desk.port}"


@contextlib.asynccontextmanager
async def running(home: Path, centre: OfCentre, time: CentreTime | None = None) -> AsyncIterator[Site]:
    site = Site(home, centre, time)
    await site.exams.start()
    await site.desk.start("127.0.0.1", 0)
    async with asyncio.TaskGroup() as tasks:
        loop = tasks.create_task(site.exams.run())
        yield site
        loop.cancel()
    await site.desk.stop()
    await site.exams.stop()
