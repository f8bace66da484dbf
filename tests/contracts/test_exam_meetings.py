"""Where two parts of the exam day meet: the reserve paper and carried journals, moves and time that was given."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from orchestrator.exams import release_store
from orchestrator.exams import store as exam_store
from orchestrator.exams.answer_store import take_closed, take_opened
from orchestrator.exams.ingest import Origin
from orchestrator.exams.model import SiteWindow
from orchestrator.storage.engine import Connection
from tests.doubles.exam_conductor import SITES, T0, S
from tests.doubles.exam_home import HomeCentre, way_home
from wire.exam_release import ExamSwitched
from wire.ids import ClockState, EnrolmentId
from wire.messages import ExamClosed, ExamOpened


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[HomeCentre]:
    async with way_home(tmp_path) as running:
        yield running


async def test_the_window_of_the_paper_before_told_again_changes_nothing_of_the_reserve(centre: HomeCentre) -> None:
    """A carried journal tells all of it once more while the reserve is being written."""
    exam = await centre.armed()
    me = Origin(SITES[0], EnrolmentId("enr-1"), 1)
    opened = ExamOpened(exam=exam.id, lo_ns=T0, hi_ns=T0 + 9_000_000, clock=ClockState.SYNCED)
    closed = ExamClosed(exam=exam.id, at_ns=T0 + 300 * S)
    turned = ExamSwitched(exam=exam.id, at_ns=T0 + 320 * S, by_code=False)
    again = ExamOpened(exam=exam.id, lo_ns=T0 + 400 * S, hi_ns=T0 + 401 * S, clock=ClockState.SYNCED)

    def told(conn: Connection) -> SiteWindow:
        take_opened(conn, me, opened)
        take_closed(conn, me, closed)
        release_store.take_switched(conn, SITES[0], turned, T0)
        return next(window for window in exam_store.windows(conn, exam.id) if window.site == SITES[0])

    database = centre.centre.database
    for _ in range(2):
        window = await database.write(told)
        assert (window.opened_hi_ns, window.closed_ns) == (None, None)
    await database.write(lambda conn: take_opened(conn, me, again))
    window = await database.write(told)
    assert (window.opened_lo_ns, window.opened_hi_ns, window.closed_ns) == (again.lo_ns, again.hi_ns, None)
    assert await centre.deciding.lines(exam.id) == []
