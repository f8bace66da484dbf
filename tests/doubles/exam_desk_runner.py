"""A site's exam service as a program of its own, so that a test may kill it.

`python -m tests.doubles.exam_desk_runner FOLDER`: FOLDER holds what a centre has sent in `centre.msgpack` (see `Sent`).
The province confirms what the site has sent while the file `province` exists there; the secret is handed over from its
release time on.
"""

import argparse
import asyncio
import contextlib
import signal
import time
from pathlib import Path

import msgspec

from site_agent.exam.clocks import SiteClocks
from site_agent.exam.desk import ExamDesk
from site_agent.exam.feed import Feed
from site_agent.exam.journal import Journal
from site_agent.exam.service import ExamSite
from site_agent.exam.vault import Vault
from site_agent.link.outbox import Outbox
from tests.doubles.centre_time import SteadyTime
from tests.doubles.exam_centre import ExamCentre
from wire.messages import ExamPlan, ExamRelease


class Sent(msgspec.Struct, frozen=True):
    """What the centre has sent."""

    site_secret: bytes
    exam_key: bytes
    plan: ExamPlan
    release: ExamRelease
    release_at_ns: int
    papers: dict[str, bytes]
    rescue_to: bytes = b""
    rescue_at: str = ""

    async def fetch(self, digest: bytes) -> bytes:
        """The site's source of sealed papers."""
        return self.papers[digest.hex()]


def send(folder: Path, centre: ExamCentre, release_at_ns: int, rescue_to: bytes = b"", rescue_at: str = "") -> None:
    """Put down what `centre` sends; `rescue_to` is its key for rescue files, `rescue_at` where it takes them."""
    papers = {digest.hex(): blob for digest, blob in centre.by_digest.items()}
    sent = Sent(
        centre.site_secret,
        centre.exam_key,
        centre.exam_plan(),
        centre.release(),
        release_at_ns,
        papers,
        rescue_to,
        rescue_at,
    )
    (folder / "centre.msgpack").write_bytes(msgspec.msgpack.encode(sent))


async def province(folder: Path, outbox: Outbox) -> None:
    """Confirms whatever has been sent, while the province is there."""
    while True:
        if await asyncio.to_thread((folder / "province").exists) and outbox.depth:
            await outbox.committed(outbox.marks.last)
        await asyncio.sleep(0.05)


async def release(exams: ExamSite, sent: Sent) -> None:
    """Hands the secret over when it is time."""
    await asyncio.sleep(max(0.0, (sent.release_at_ns - time.time_ns()) / 1e9))
    await exams.on_release(sent.release)


async def main(folder: Path, bind: str, port: int, pages: Path) -> None:
    """Run until SIGTERM."""
    sent = msgspec.msgpack.decode(await asyncio.to_thread((folder / "centre.msgpack").read_bytes), type=Sent)
    journal = Journal(folder / "journal.sqlite3")
    vault = Vault(folder / "vault.sqlite3", sent.site_secret, sent.exam_key)
    exams = ExamSite(
        name="Trường TH Bế Văn Đàn",
        vault=vault,
        journal=journal,
        source=sent,
        clocks=SiteClocks(SteadyTime()),
        rescue_to=sent.rescue_to,
        rescue_at=sent.rescue_at,
    )
    outbox = await Outbox.open(folder / "outbox.sqlite3")
    await exams.start()
    feed = Feed(journal, outbox, exams.confirmed)
    desk = ExamDesk(exams, pages)
    await desk.start(bind, port)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await exams.on_plan(sent.plan)
    (folder / "ready").write_text(str(desk.port))
    with contextlib.suppress(asyncio.CancelledError):
        async with asyncio.TaskGroup() as tasks:
            running = [
                tasks.create_task(work)
                for work in (exams.run(), feed.run(), province(folder, outbox), release(exams, sent))
            ]
            await stop.wait()
            for task in running:
                task.cancel()
    await desk.stop()
    await exams.stop()
    await outbox.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bind", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--pages", type=Path, default=Path("site_agent/pages"))
    given = parser.parse_args()
    asyncio.run(main(given.folder, given.bind, given.port, given.pages))
