"""What the province's board costs: 1,000 sites × 10 candidates over SQLite, first answer and the one after it, in
milliseconds and bytes. Nothing is asserted about time.

`python -m tests.bench.bench_board [SITES]`.
"""

from __future__ import annotations

import asyncio
import gzip
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
import sqlalchemy as sa

from orchestrator.exams.invigilation.board import REGISTER_NS, Board
from orchestrator.exams.model import Exam
from orchestrator.sites.model import Site, Standing
from orchestrator.storage.schema.exam_fairness import exam_credit, exam_incident
from orchestrator.storage.schema.exams import exam_candidate, exam_site
from tests.doubles.exam_conductor import T0, S, conducting
from wire.ids import ClockState, ExamId, ExamState, Level, PlaceId, SiteId
from wire.messages import ClockHealth, ExamProgress, Heartbeat

SITES, PER_SITE = 1000, 10


class Crowd:
    """The exam as its conductor tells it, links and register of so many sites."""

    def __init__(self, exam: Exam, sites: Sequence[SiteId]) -> None:
        self._exam = exam
        self._standings = [
            Standing(
                Site(site, f"DC{n:04}", f"Trường Tiểu học số {n} xã Bản Phố", Level.TIEU_HOC, PlaceId("p"), PER_SITE,
                     "Nguyễn Thị Hồng Nhung", "0912345678"),
                ["Lào Cai", f"Huyện {n % 12}", f"Xã {n % 120}"], PER_SITE, True, False, None,
            )
            for n, site in enumerate(sites)
        ]  # fmt: skip
        self._linked = frozenset(sites)
        self.answered = 0

    async def exam(self, exam_id: ExamId) -> Exam:
        """The exam that is open."""
        del exam_id
        return self._exam

    def progress(self, exam: ExamId, site: SiteId) -> ExamProgress | None:
        """What the site's last heartbeat said."""
        del site
        return ExamProgress(
            exam=exam, state=ExamState.OPEN, signed_in=PER_SITE, started=PER_SITE, answered=self.answered,
            handed_in=0, opened_lo_ns=T0, opened_hi_ns=T0 + S // 100,
        )  # fmt: skip

    def linked(self) -> frozenset[SiteId]:
        """Every site."""
        return self._linked

    async def sites(self) -> list[Standing]:
        """The register."""
        return self._standings


async def measure(sites: int = SITES) -> dict[str, tuple[float, float, int, int]]:
    """Per kind of answer: milliseconds until its bytes stand, of them with a processor, bytes, bytes compressed."""
    found: dict[str, tuple[float, float, int, int]] = {}
    with tempfile.TemporaryDirectory() as folder:
        async with conducting(Path(folder)) as centre:
            exam = await centre.planned()
            names = [SiteId(f"site-{n:020}") for n in range(sites)]
            await centre.database.write(lambda conn: _fill(conn, exam.id, names))
            crowd = Crowd(exam, names)
            board = Board(centre.database, centre.clock, crowd, crowd, crowd, "boot-1")
            centre.clock.ns = T0 + 600 * S
            clock = ClockHealth(state=ClockState.SYNCED, offset_ms=0.0, bound_ms=4.0)
            for site in names:
                board.hear(site, Heartbeat(at_ns=T0, agent_version="1", clock=clock))
            since = 0
            kinds = (
                ("whole", 0, 1),
                ("unchanged", 0, 1),
                ("all changed", 5, 1),
                ("register anew", 0, REGISTER_NS // S),
            )
            for kind, more, wait in kinds:
                centre.clock.ns += wait * S
                crowd.answered += more
                began, busy = time.perf_counter(), time.process_time()
                view = await board.view(exam.id, since, "boot-1")
                told = msgspec.json.encode(view)
                took, busy = (time.perf_counter() - began) * 1e3, (time.process_time() - busy) * 1e3
                found[kind] = took, busy, len(told), len(gzip.compress(told, 6))
                since = view.version
    return found


def _fill(conn: sa.Connection, exam: ExamId, sites: Sequence[SiteId]) -> None:
    conn.execute(sa.delete(exam_site).where(exam_site.c.exam == exam))
    conn.execute(sa.insert(exam_site), [{"exam": exam, "site": site, "package": "ready"} for site in sites])
    people = [
        {"exam": exam, "number": f"{n:04}{k:02}", "site": site, "place": k, "name": "Lò Thị Hà", "code": "101",
         "secrets": b"s" * 60}
        for n, site in enumerate(sites) for k in range(PER_SITE)
    ]  # fmt: skip
    conn.execute(sa.insert(exam_candidate), people)
    common = {"exam": exam, "at_ns": T0, "who": "Lò Thị Hà", "text": "Mất điện mười phút", "candidate": None}
    credit = {"cause": "power", "source": "site", "state": "approved", "seconds": 300, "applied_ns": T0}
    conn.execute(sa.insert(exam_credit), [{**common, **credit, "id": f"c{n}", "site": s} for n, s in enumerate(sites)])
    note = {"kind": "power", "received_ns": T0}
    conn.execute(sa.insert(exam_incident), [{**common, **note, "id": f"n{n}", "site": s} for n, s in enumerate(sites)])


def main(argv: Sequence[str] = ()) -> None:
    """Measure and print."""
    sites = int(argv[0]) if argv else SITES
    print(f"board of {sites:,} sites × {PER_SITE} candidates, a grant and a note each")
    for kind, (took_ms, busy_ms, size, packed) in asyncio.run(measure(sites)).items():
        print(f"  {kind:<16}{took_ms:9.1f} ms {busy_ms:9.1f} ms CPU {size:>11,} bytes {packed:>9,} compressed")


if __name__ == "__main__":
    main(sys.argv[1:])
