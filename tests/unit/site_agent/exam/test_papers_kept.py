"""What a site holds is looked over, fetched again where it is damaged, and told."""

import sqlite3
import time
from pathlib import Path

import msgspec
import pytest

from site_agent.exam.ledger import Opening
from site_agent.exam.openings import narrower
from site_agent.exam.vault import VaultRefused
from site_agent.exam.window import Anchor
from tests.doubles.centre_time import S, reading
from tests.doubles.eventually import eventually
from tests.doubles.exam_centre import ExamCentre
from tests.doubles.exam_desk import running
from wire.ids import ClockState, ExamId
from wire.messages import NEVER_NS
from wire.paper import Plan


async def test_a_damaged_paper_is_fetched_again_and_told(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + 600 * S, plan=Plan(check_every_s=1.0), reserve=True)
    async with running(tmp_path, centre) as site:
        await site.exams.on_plan(centre.exam_plan())
        hall = site.exams.halls[centre.exam]
        await eventually(lambda: site.exams.progress()[0].checked_ns is not None)
        told = site.exams.progress()[0]
        assert [(one.code, one.here) for one in told.papers] == [(c, True) for c in ("101", "102", "R101", "R102")]
        assert (told.version, told.damaged) == (1, 0)
        digest = hall.held.manifest.papers["101"]
        with sqlite3.connect(tmp_path / "vault.sqlite3", timeout=5) as disk:
            disk.execute("UPDATE paper SET sealed=zeroblob(10) WHERE digest=?", (digest,))
        disk.close()
        await eventually(lambda: site.exams.progress()[0].damaged == 1)
        await eventually(lambda: not hall.held.missing)
        assert all(one.here for one in site.exams.progress()[0].papers)


async def test_a_newer_plan_moves_the_start_and_an_older_one_does_not(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + 600 * S)
    old = centre.exam_plan()
    async with running(tmp_path, centre) as site:
        await site.exams.on_plan(old)
        centre.version, centre.t0_ns = 2, centre.t0_ns + 900 * S
        await site.exams.on_plan(centre.exam_plan())
        hall = site.exams.halls[centre.exam]
        assert hall.window.manifest.t0_ns == centre.t0_ns
        with pytest.raises(VaultRefused) as refused:
            await site.exams.on_plan(old)
        assert refused.value.code == "older"
        assert (hall.window.manifest.t0_ns, site.exams.progress()[0].version) == (centre.t0_ns, 2)


def test_an_opening_without_a_clock_is_placed_once_there_is_one() -> None:
    opened = Opening(ExamId("exam-1"), Anchor(100 * S, "boot-1", 0, 0), 0, NEVER_NS)
    now = reading(1000, mono_s=110)
    better = narrower(opened, now)
    assert better is not None
    assert better.lo_ns < 990 * S < better.hi_ns
    assert better.hi_ns - better.lo_ns < S // 10
    assert narrower(better, now) is None
    assert narrower(opened, msgspec.structs.replace(now, state=ClockState.BLIND)) is None
    assert narrower(opened, msgspec.structs.replace(now, boot="boot-2")) is None
    assert narrower(None, now) is None
