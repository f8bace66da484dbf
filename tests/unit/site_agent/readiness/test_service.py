"""What is looked at when, what is told, and that nothing which fails is ever called good."""

from __future__ import annotations

import asyncio

from site_agent.link.outbox import OutboxRefused
from site_agent.readiness.judging.said import bad, good
from site_agent.readiness.pace import RECORDS_AT_ONCE, SETTLE_S, Look, Probe, Records, Rounds, Weight
from site_agent.readiness.service import Readiness
from wire.readiness import Certificate, Check, CheckName, CheckState

C = CheckName


class Bench:
    """A readiness over scripted looks; time stands until a test moves it."""

    def __init__(self, *probes: Probe, limit_s: float = 5.0) -> None:
        self.now_s = 100.0
        self.busy = False
        self.full = False
        self.kept: list[Certificate] = []
        self.readiness = Readiness(
            probes,
            now_ns=lambda: round(self.now_s * 1e9),
            busy=lambda: self.busy,
            keep=self._keep,
            agent_version="test",
            platform="test",
            mono_s=lambda: self.now_s,
            limit_s=limit_s,
        )

    async def _keep(self, record: Certificate) -> None:
        if self.full:
            raise OutboxRefused("disk_full", "no room")
        self.kept.append(record)

    async def settle(self) -> None:
        """Let what was found stand for long enough to be told."""
        await self.readiness.tell_changes()
        self.now_s += SETTLE_S + 1
        await self.readiness.tell_changes()

    def said(self, name: CheckName) -> tuple[CheckState, str]:
        check = self.readiness.said(name)
        assert check is not None
        return check.state, check.reason


def gives(*checks: Check) -> Look:
    async def look() -> list[Check]:
        return list(checks)

    return look


def camera(look: Look, **changes: object) -> Probe:
    return Probe(**{"names": (C.CAMERA,), "look": look, "every_s": 30.0, **changes})  # type: ignore[arg-type]


async def test_a_look_that_fails_or_does_not_end_is_told_as_unknown_and_harms_no_other() -> None:
    async def broken() -> list[Check]:
        raise RuntimeError("a driver")

    async def endless() -> list[Check]:
        await asyncio.Event().wait()
        return []

    bench = Bench(
        camera(broken), Probe((C.DISK,), endless, 60.0), Probe((C.POWER,), gives(good(C.POWER)), 60.0), limit_s=0.01
    )
    await bench.readiness.look()
    assert bench.said(C.CAMERA) == (CheckState.WAITING, "probe_failed")
    assert bench.said(C.DISK) == (CheckState.WAITING, "took_too_long")
    assert bench.said(C.POWER) == (CheckState.GOOD, "")
    assert bench.readiness.looking == ()


async def test_a_record_is_made_only_when_states_or_reasons_changed_and_after_they_settled() -> None:
    found = [good(C.CAMERA, {"width": 640})]

    async def look() -> list[Check]:
        return found

    bench = Bench(camera(look))
    await bench.readiness.look()
    await bench.readiness.tell_changes()
    assert bench.kept == []
    await bench.settle()
    assert [check.state for check in bench.kept[-1].checks] == [CheckState.GOOD]
    found[:] = [good(C.CAMERA, {"width": 1280})]
    await bench.readiness.look()
    await bench.settle()
    assert len(bench.kept) == 1
    found[:] = [bad(C.CAMERA, "dark")]
    await bench.readiness.look()
    await bench.settle()
    assert len(bench.kept) == 2


async def test_a_record_that_the_disk_refuses_is_told_once_there_is_room() -> None:
    bench = Bench(camera(gives(good(C.CAMERA))))
    bench.full = True
    await bench.readiness.look()
    await bench.settle()
    bench.full = False
    bench.now_s += 30
    await bench.readiness.tell_changes()
    assert len(bench.kept) == 1


async def test_nothing_heavy_or_loud_is_done_while_a_lecture_or_an_exam_runs() -> None:
    sounds: list[str] = []

    async def aloud() -> list[Check]:
        sounds.append("loud")
        return [good(C.SPEAKER)]

    async def quiet() -> list[Check]:
        sounds.append("quiet")
        return [good(C.SPEAKER)]

    bench = Bench(Probe((C.SPEAKER,), quiet, 60.0, aloud=aloud), camera(gives(good(C.CAMERA)), weight=Weight.HEAVY))
    bench.busy = True
    await bench.readiness.look(loud=True)
    assert sounds == ["quiet"]
    assert bench.said(C.CAMERA) == (CheckState.WAITING, "not_now")
    bench.busy = False
    await bench.readiness.look(loud=True)
    assert sounds == ["quiet", "loud"]
    assert bench.said(C.CAMERA) == (CheckState.GOOD, "")


async def test_who_asks_for_the_camera_does_not_wait_for_the_line() -> None:
    turn = asyncio.Event()

    async def waits() -> list[Check]:
        await turn.wait()
        return [good(C.PATH)]

    bench = Bench(Probe((C.PATH,), waits, 60.0, apart=True), camera(gives(good(C.CAMERA))))
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(bench.readiness.look([C.PATH]))
        await asyncio.sleep(0)
        await bench.readiness.look([C.CAMERA])
        assert bench.readiness.looking == (C.PATH,)
        turn.set()
    assert bench.said(C.PATH) == (CheckState.GOOD, "")


def test_a_fault_is_looked_at_again_sooner_and_heavy_looks_wait_while_busy() -> None:
    light, heavy = camera(gives()), Probe((C.FLUSH,), gives(), 600.0, Weight.HEAVY)
    rounds = Rounds([light, heavy])
    assert rounds.due(0.0, busy=True) == [light]
    rounds.looked(light, 0.0, faulty=True)
    rounds.looked(heavy, 0.0, faulty=False)
    assert rounds.due(9.9, busy=False) == []
    assert rounds.due(10.0, busy=False) == [light]
    rounds.hurry([C.FLUSH], 11.0)
    assert rounds.due(11.0, busy=False) == [light, heavy]


def test_a_check_that_flaps_does_not_storm_the_centre() -> None:
    records, told, now_s = Records(0.0), 0, 0.0
    for turn in range(200):
        checks = [good(C.CAMERA) if turn % 2 else bad(C.CAMERA, "dark")]
        records.due(checks, now_s)
        now_s += SETTLE_S
        if records.due(checks, now_s):
            records.told(checks)
            told += 1
    assert RECORDS_AT_ONCE <= told <= RECORDS_AT_ONCE + 4
