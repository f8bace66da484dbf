"""The release desk of a centre, over the database of a test."""

from collections.abc import Callable
from pathlib import Path

from orchestrator.access.audit import Audit
from orchestrator.exams.model import Action, Exam
from orchestrator.exams.planning import OfficerWish
from orchestrator.exams.release.officers import Officers
from orchestrator.exams.release.orders import ReleaseOrders
from orchestrator.exams.release.safe import SlipSafe
from orchestrator.exams.release.sharing import share_text
from orchestrator.exams.sealing import Sealer
from orchestrator.storage.engine import Connection
from tests.doubles.exam_conductor import Centre

PEOPLE = [OfficerWish(f"Cán bộ {place}", f"090000000{place}") for place in (1, 2, 3)]


def folder(centre: Centre) -> Path:
    """Where the centre of a test keeps what stands beside its database."""
    return centre.folder / "slips"


class Release:
    """The release desk of a centre, over the same database."""

    def __init__(self, centre: Centre) -> None:
        self.sealer = Sealer(centre.key, b"r" * 32)
        trail = Audit(centre.clock)
        self.orders = ReleaseOrders(centre.exams, centre.clock, trail, self.sealer)
        self.officers = Officers(
            centre.database, centre.exams, centre.clock, trail, self.sealer, SlipSafe(folder(centre))
        )
        self.shares: dict[str, list[bytes]] = {}
        hold = centre.exams.packing.hand_out

        def seen(exam: Exam, shares: dict[str, list[bytes]]) -> Callable[[Connection], None]:
            self.shares = shares
            return hold(exam, shares)

        centre.exams.packing.hand_out = seen

    def text(self, kind: str, place: int) -> str:
        return share_text(self.shares[kind][place - 1])

    async def handed_out(self, exam: Exam) -> None:
        for place in (1, 2, 3):
            assert (await self.officers.slip("ann", exam.id, place)).startswith(b"%PDF")


async def by_officers(centre: Centre, release: Release, **changes: object) -> Exam:
    """An armed exam that two of three officers release."""
    exam = await centre.planned(release="officers", officers=PEOPLE, questions=5, **changes)
    exam = await centre.ordered(exam, Action.SEAL)
    await release.handed_out(exam)
    return await centre.ordered(exam, Action.ARM)


async def trail(centre: Centre) -> list[str]:
    """What the audit trail says was done, oldest first."""

    def work(conn: Connection) -> list[str]:
        return [row[0] for row in conn.exec_driver_sql("SELECT action FROM audit").all()]

    return await centre.database.read(work)
