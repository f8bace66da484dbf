"""Individual extra time: from the spreadsheet through the sealed roster to the site's window and the centre's marks."""

from pathlib import Path

import msgspec

from orchestrator.exams import store as exam_store
from orchestrator.exams.marking import read_exam
from orchestrator.exams.model import Action
from orchestrator.sites import store as site_store
from orchestrator.sites.importing import PARTICIPANT_COLUMNS, SITE_COLUMNS, Plan, plan_import
from orchestrator.sites.tables import Table
from site_agent.exam.clocks import SiteClocks
from site_agent.exam.journal import Journal
from site_agent.exam.service import ExamSite
from site_agent.exam.vault import Vault
from tests.doubles.centre_time import SteadyTime
from tests.doubles.exam_conductor import SITES, T0, Centre, S, conducting
from tests.doubles.exam_site import Journal as Chain
from wire.chain import EventKind
from wire.ids import ClockState
from wire.messages import ExamOpened, ExamPlan

LENGTH = 300
END = T0 + LENGTH * S


def sheet(minutes: str) -> Plan:
    """A file of one site with two people, one of whom has extra time."""
    sites = [[c.heading for c in SITE_COLUMNS], ["DC01", "Trường 1", "THCS", "Lào Cai", "", "", "2", "", ""]]
    people = [
        [column.heading for column in PARTICIPANT_COLUMNS],
        ["0001", "Lò Thị Hà", "DC01", minutes],
        ["0002", "Vàng A Páo", "DC01", ""],
    ]
    tables = [Table(name, list(enumerate(rows, 1))) for name, rows in (("Điểm cầu", sites), ("Học viên", people))]
    made = plan_import(tables, [])
    assert isinstance(made, Plan), made
    return made


async def imported(centre: Centre, minutes: str) -> dict[str, int]:
    """What the register has of the file."""
    await centre.database.write(lambda conn: site_store.apply_plan(conn, sheet(minutes), lambda _: b"s"))
    people = await centre.database.read(lambda conn: site_store.roster(conn, None))
    return {person.number: person.extra_s for person in people}


async def test_extra_time_goes_from_the_file_to_the_window_and_the_lateness_check(tmp_path: Path) -> None:
    async with conducting(tmp_path) as centre:
        centre.register.extra_s = await imported(centre, "15")
        assert centre.register.extra_s == {"0001": 900, "0002": 0}
        exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
        await centre.at(T0 + S)
        plan = next(raw for to, kind, raw in centre.wires.sent if (to, kind) == (SITES[0], "ExamPlan"))
        vault = Vault(
            tmp_path / "v.sqlite3", centre.register.secrets[SITES[0]], centre.key.public_key().public_bytes_raw()
        )
        site = ExamSite(
            name="Trường 1",
            vault=vault,
            journal=Journal(tmp_path / "journal.sqlite3"),
            source=NoPapers(),
            clocks=SiteClocks(SteadyTime()),
        )
        await site.start()
        await site.on_plan(msgspec.msgpack.decode(plan, type=ExamPlan))
        hall = site.halls[exam.id]
        now = site.read()
        assert (hall.left_ns("0001", now), hall.left_ns("0002", now)) == ((LENGTH + 900) * S, LENGTH * S)
        assert hall.window.longest_extra_s == 900
        await site.stop()

        await centre.record(SITES[0], ExamOpened(exam=exam.id, lo_ns=T0, hi_ns=T0, clock=ClockState.SYNCED))
        papers = {paper.digest: paper.sealed for paper in await centre.papers(exam)}
        double = centre.wires.sites[SITES[0]]
        for entry in double.roster:
            item = double.paper(entry.code, papers.__getitem__).items[0]
            chain = Chain(exam.id, entry.number)
            await centre.record(
                SITES[0],
                chain.write(EventKind.OPEN, T0),
                chain.write(EventKind.ANSWER, END + 600 * S, item.id, item.options[0].id),
            )
        sheets = (await read_exam(centre.database, exam)).sheets
        assert [(len(sheets[n].answers), sheets[n].late) for n in ("0001", "0002")] == [(1, 0), (0, 1)]
        windows = await centre.database.read(lambda conn: exam_store.windows(conn, exam.id))
        assert {window.site: window.extra_s for window in windows} == {SITES[0]: 900, SITES[1]: 0, SITES[2]: 0}


class NoPapers:
    """Nothing can be fetched here."""

    async def fetch(self, digest: bytes) -> bytes:
        raise AssertionError(digest)


def test_minutes_that_are_none_are_a_fault() -> None:
    rows = [[column.heading for column in PARTICIPANT_COLUMNS], ["0001", "Lò Thị Hà", "DC01", "1h"]]
    found = plan_import([Table("Học viên", list(enumerate(rows, 1)))], ["DC01"])
    assert isinstance(found, list)
    assert [(fault.row, fault.column) for fault in found] == [(2, "Cộng giờ thi (phút)")]
