"""The invigilator's page over HTTP: the door, extra time, the fire button, codes and notes, through restarts."""

import asyncio
import time
from pathlib import Path

import pytest

from site_agent.exam import ledger
from site_agent.exam.second_copy import SUFFIX, copy_key, restore
from site_agent.exam.second_volume import SecondVolume
from site_agent.exam.window import Phase
from tests.doubles.eventually import eventually
from tests.doubles.exam_centre import ExamCentre
from tests.doubles.invigilator import PIN, WHO, act, browser, come_in, invigilated, opened, records
from wire.exam_fairness import (
    Cause,
    ExamExtra,
    ExamGrants,
    ExamGrantsTaken,
    ExamOutage,
    ExamResumed,
    ExamStopped,
    Grant,
)
from wire.messages import ExamOpened
from wire.paper import Plan

S = 1_000_000_000


async def test_the_first_pin_is_chosen_on_the_computer_and_then_opens_the_phone(tmp_path: Path) -> None:
    async with invigilated(tmp_path, ExamCentre(t0_ns=time.time_ns())) as room, browser() as http:
        knock = {"who": WHO, "pin": PIN}
        assert (await room.ask(http, room.phone, "door"))[1]["may_choose"] is False
        assert (await room.ask(http, room.phone, "door", knock))[1]["code"] == "no_pin"
        assert (await room.ask(http, room.here, "door"))[1]["may_choose"] is True
        assert (await room.ask(http, room.here, "door", {"who": WHO, "pin": "1"}))[1]["code"] == "unfit"
        assert (await room.ask(http, room.here, "state"))[0] == 401
        async with http.post(f"{room.here}/invigilate/door", json=knock, headers={"Origin": room.here}) as reply:
            kept = reply.headers["Set-Cookie"]
            assert all(word in kept for word in ("HttpOnly", "SameSite=Strict", "Path=/invigilate"))
        assert (await room.ask(http, room.here, "state"))[1]["who"] == WHO
        async with browser() as phone:
            assert (await room.ask(phone, room.phone, "state"))[0] == 401
            assert (await room.ask(phone, room.phone, "door", knock))[0] == 200
            assert (await room.ask(phone, room.phone, "state"))[0] == 200
        async with http.get(f"{room.here}/invigilate/qr.svg") as reply:
            assert reply.headers["X-Address"] == f"{room.phone}/invigilate/"
        async with http.get(f"{room.phone}/invigilate/qr.svg") as reply:
            assert reply.status == 404


async def test_a_guesser_must_wait_and_another_page_is_refused(tmp_path: Path) -> None:
    async with invigilated(tmp_path, ExamCentre(t0_ns=time.time_ns())) as room, browser() as http:
        await come_in(room, http)
        async with browser() as guesser:
            told = [
                (await room.ask(guesser, room.phone, "door", {"who": "x", "pin": f"00000{n}"}))[1]["code"]
                for n in range(6)
            ]
            assert told == ["wrong_pin"] * 5 + ["wait"]
            assert (await room.ask(guesser, room.phone, "door", {"who": "x", "pin": PIN}))[1]["code"] == "wait"
        body = {"exam": "exam-1"}
        for headers in ({"Origin": "http://evil.example"}, {"Host": "evil.example", "Origin": room.here}):
            async with http.post(f"{room.here}/invigilate/stop", json=body, headers=headers) as reply:
                assert reply.status == 403
        async with http.post(f"{room.phone}/invigilate/door", json={"who": "x", "pin": PIN}) as reply:
            assert reply.status == 400


async def test_extra_time_takes_effect_at_once_is_recorded_and_outlives_the_program(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns(), duration_s=600)
    async with invigilated(tmp_path, centre) as room, browser() as http:
        await come_in(room, http)
        await opened(room, centre)
        hall = room.exams.halls[centre.exam]
        before = hall.card(room.exams.read(), "SBD001").closes_ms or 0
        status, told = await act(room, http, "extra", exam=centre.exam, minutes=5, cause="power", text="mất điện")
        assert (status, told["room"]["site_extra_s"]) == (200, 300)
        status, told = await act(room, http, "extra", exam=centre.exam, minutes=10, cause="illness", candidate="SBD001")
        assert status == 200
        now = room.exams.read()
        assert abs((hall.card(now, "SBD001").closes_ms or 0) - before - 900_000) <= 50
        assert hall.left_ns("SBD002", now) < hall.left_ns("SBD001", now) - 599 * S
        assert hall.window.left_ns(now, hall.window.longest_extra_s) >= hall.left_ns("SBD001", now)
        (one, site) = told["room"]["grants"][:2]
        assert {one["candidate"], site["candidate"]} == {"SBD001", None}
        extras = [each for each in await records(room) if isinstance(each, ExamExtra)]
        assert [(e.grant.seconds, e.grant.who, e.grant.cause, e.text) for e in extras] == [
            (300, WHO, Cause.POWER, "mất điện"),
            (600, WHO, Cause.ILLNESS, ""),
        ]
    async with invigilated(tmp_path, centre) as room:
        hall = room.exams.halls[centre.exam]
        now = room.exams.read()
        assert abs((hall.card(now, "SBD001").closes_ms or 0) - before - 900_000) <= 50


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"minutes": 16}, "needs_province"),
        ({"minutes": 0}, "bad_minutes"),
        ({"minutes": 61, "candidate": "SBD001"}, "needs_province"),
        ({"minutes": 5, "candidate": "SBD999"}, "no_candidate"),
    ],
)
async def test_more_than_an_invigilator_may_give_is_refused_and_may_be_asked_for(
    tmp_path: Path, asked: dict[str, object], code: str
) -> None:
    centre = ExamCentre(t0_ns=time.time_ns(), duration_s=600)
    async with invigilated(tmp_path, centre) as room, browser() as http:
        await come_in(room, http)
        await opened(room, centre)
        status, told = await act(room, http, "extra", exam=centre.exam, cause="power", **asked)
        assert (status, told["code"]) == (409, code)
        if code == "needs_province":
            _, told = await act(room, http, "extra", exam=centre.exam, cause="power", ask=True, **asked)
            assert [grant["state"] for grant in told["room"]["grants"]] == ["asked"]
            assert told["room"]["site_extra_s"] == 0
            assert room.exams.halls[centre.exam].window.longest_extra_s == 0


async def test_what_nobody_uses_yet_can_be_taken_back(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns(), duration_s=6)
    async with invigilated(tmp_path, centre) as room, browser() as http:
        await come_in(room, http)
        await opened(room, centre)
        _, told = await act(room, http, "extra", exam=centre.exam, minutes=10, cause="power")
        (grant,) = told["room"]["grants"]
        _, told = await act(room, http, "withdraw", exam=centre.exam, id=grant["id"])
        assert [each["state"] for each in told["room"]["grants"]] == ["withdrawn"]
        await act(room, http, "extra", exam=centre.exam, minutes=10, cause="power", candidate="SBD002")
        hall = room.exams.halls[centre.exam]
        await eventually(lambda: hall.left_ns("SBD001", room.exams.read()) < 0, 20)
        (used,) = [g for g in (await room.ask(http, room.here, "state"))[1]["room"]["grants"] if g["candidate"]]
        assert (await act(room, http, "withdraw", exam=centre.exam, id=used["id"]))[1]["code"] == "used"


async def test_the_fire_button_blanks_the_screens_stops_the_clock_and_gives_the_gap_back(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns(), duration_s=600)
    async with invigilated(tmp_path, centre) as room, browser() as http:
        await come_in(room, http)
        await opened(room, centre)
        hall = room.exams.halls[centre.exam]
        assert (await act(room, http, "resume", exam=centre.exam))[1]["code"] == "not_stopped"
        _, told = await act(room, http, "stop", exam=centre.exam, text="báo cháy")
        assert told["room"]["stopped_s"] is not None
        assert hall.paper_for("SBD001") is None
        assert hall.card(room.exams.read(), "SBD001").stopped
        assert hall.progress().stopped
        left = hall.left_ns("SBD001", room.exams.read())
        assert hall.is_live("SBD001", room.exams.read())
    async with invigilated(tmp_path, centre) as room, browser() as http:
        await room.ask(http, room.here, "door", {"who": WHO, "pin": PIN})
        hall = room.exams.halls[centre.exam]
        assert hall.card(room.exams.read(), "SBD001").stopped
        assert abs(hall.left_ns("SBD001", room.exams.read()) - left) < 1_000_000
        asked_ns = time.monotonic_ns()
        _, told = await act(room, http, "resume", exam=centre.exam)
        assert told["room"]["stopped_s"] is None
        assert hall.paper_for("SBD001") is not None
        went_on_ns = left - hall.left_ns("SBD001", room.exams.read())
        assert went_on_ns <= time.monotonic_ns() - asked_ns + 5_000_000
        (resumed,) = [each for each in await records(room) if isinstance(each, ExamResumed)]
        assert resumed.gap_ms > 0
        assert not [each for each in await records(room) if isinstance(each, ExamOutage)]


async def test_two_who_press_fire_at_once_stop_the_exam_once_and_one_resume_ends_it(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns(), duration_s=600)
    async with invigilated(tmp_path, centre) as room, browser() as http:
        await come_in(room, http)
        await opened(room, centre)
        await asyncio.gather(*(room.invigilation.stop(WHO, centre.exam, "cháy") for _ in range(2)))
        assert len([each for each in await records(room) if isinstance(each, ExamStopped)]) == 1
        # Pressed while the end of an earlier stop is being written, it is a stop of its own.
        await asyncio.gather(
            room.invigilation.resume(WHO, centre.exam), room.invigilation.stop(WHO, centre.exam, "lại cháy")
        )
        assert room.exams.halls[centre.exam].card(room.exams.read(), "SBD001").stopped
        await room.invigilation.resume(WHO, centre.exam)
        told = await records(room)
        stopped = [each.id for each in told if isinstance(each, ExamStopped)]
        resumed = [each.id for each in told if isinstance(each, ExamResumed)]
        assert len(stopped) == 2
        assert stopped == resumed


async def test_the_provinces_list_counts_once_is_acknowledged_and_an_older_one_is_ignored(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns(), duration_s=600)
    given = Grant(id="credit-1", candidate=None, seconds=120, cause=Cause.AGENT, who="ann", at_ns=1)
    async with invigilated(tmp_path, centre) as room:
        await opened(room, centre)
        hall = room.exams.halls[centre.exam]
        for serial, grants in ((3, [given]), (3, [given]), (2, [])):
            await room.invigilation.on_grants(ExamGrants(exam=centre.exam, serial=serial, grants=grants))
        assert hall.allowance.granted_s("SBD001") == 120
        (taken,) = [each for each in await records(room) if isinstance(each, ExamGrantsTaken)]
        assert (taken.serial, taken.applied, taken.too_late) == (3, ["credit-1"], [])
    async with invigilated(tmp_path, centre) as room:
        assert room.exams.halls[centre.exam].allowance.granted_s("SBD001") == 120


async def test_time_granted_after_the_close_reopens_nothing_and_says_so(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns(), duration_s=1)
    given = Grant(id="credit-1", candidate=None, seconds=120, cause=Cause.AGENT, who="ann", at_ns=1)
    async with invigilated(tmp_path, centre) as room, browser() as http:
        await come_in(room, http)
        await opened(room, centre)
        hall = room.exams.halls[centre.exam]
        await eventually(lambda: hall.window.phase is Phase.CLOSED)
        await room.invigilation.on_grants(ExamGrants(exam=centre.exam, serial=1, grants=[given]))
        assert hall.window.phase is Phase.CLOSED
        assert not hall.is_live("SBD001", room.exams.read())
        (taken,) = [each for each in await records(room) if isinstance(each, ExamGrantsTaken)]
        assert (taken.applied, taken.too_late) == ([], ["credit-1"])
        refused = await act(room, http, "extra", exam=centre.exam, minutes=5, cause="power")
        assert refused[1]["code"] == "over"


async def test_notes_and_the_release_code_are_for_this_page_alone(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns(), duration_s=600)
    async with invigilated(tmp_path, centre) as room, browser() as http:
        await come_in(room, http)
        await room.exams.on_plan(centre.exam_plan())
        await eventually(lambda: room.exams.halls[centre.exam].window.phase is Phase.SEALED)
        _, told = await act(room, http, "code", exam=centre.exam, text="0000 0000 0000")
        assert told["code"] == "wrong_code"
        status, _ = await act(room, http, "code", exam=centre.exam, text=centre.release_code().lower())
        assert status == 200
        await eventually(lambda: room.exams.halls[centre.exam].window.phase is Phase.OPEN)
        await act(room, http, "note", exam=centre.exam, kind="wrong_code", text="phát nhầm 102", candidate="SBD001")
        _, told = await act(room, http, "pin", exam=centre.exam, candidate="SBD002")
        assert [note["kind"] for note in told["room"]["incidents"]] == ["pin_reset", "wrong_code"]
        assert told["room"]["incidents"][1] | {"id": "", "at_ms": 0} == {
            "id": "", "kind": "wrong_code", "text": "phát nhầm 102", "candidate": "SBD001", "who": WHO, "at_ms": 0,
        }  # fmt: skip
        async with http.get(f"{room.here}/local/state") as reply:
            shown = await reply.text()
        assert "phát nhầm" not in shown
        assert PIN not in shown


async def test_the_time_without_the_program_is_measured_and_proposed(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns(), duration_s=600)
    async with invigilated(tmp_path, centre) as room:
        await opened(room, centre)
        await eventually(lambda: room.invigilation.beating(centre.exam))
    await room.rewind_beat(tmp_path, centre.exam, 90 * S)
    async with invigilated(tmp_path, centre) as room:
        await eventually(lambda: len(room.exams.halls[centre.exam].allowance.outages) > 0)
        (outage,) = [each for each in await records(room) if isinstance(each, ExamOutage)]
        assert (outage.cause, outage.exact, outage.candidate) == (Cause.AGENT, True, None)
        assert 90_000 <= outage.gap_ms < 150_000
        assert room.exams.halls[centre.exam].allowance.granted_s(None) == 0


async def test_a_dead_disk_takes_no_minute_from_anybody(tmp_path: Path) -> None:
    """The journal comes back from its second copy onto another disk, where plan and secret arrive anew."""
    centre = ExamCentre(t0_ns=time.time_ns(), duration_s=600)
    dead, fresh, stick = (tmp_path / name for name in ("dead", "fresh", "stick"))
    for folder in (dead, fresh, stick):
        folder.mkdir()
    async with invigilated(dead, centre) as room, browser() as http:
        second = SecondVolume(room.exams.journal, copy_key(centre.site_secret), lambda: stick, within_s=60)
        await second.look()
        await come_in(room, http)
        await opened(room, centre)
        await act(room, http, "extra", exam=centre.exam, minutes=5, cause="power")
        await act(room, http, "extra", exam=centre.exam, minutes=7, cause="illness", candidate="SBD002")
        await act(room, http, "stop", exam=centre.exam, text="cháy")
        hall = room.exams.halls[centre.exam]
        await eventually(lambda: room.invigilation.beating(centre.exam))
        began = hall.opening
        second.stop()
    conn = ledger.connect(fresh / "journal.sqlite3")
    ledger.prepare(conn)
    restore(conn, next(stick.glob(f"*{SUFFIX}")), copy_key(centre.site_secret))
    conn.close()
    async with invigilated(fresh, centre) as room, browser() as http:
        await come_in(room, http)
        await opened(room, centre)
        hall = room.exams.halls[centre.exam]
        assert hall.opening == began
        stop = hall.allowance.stop
        assert stop is not None
        assert stop.text == "cháy"
        assert (hall.allowance.granted_s("SBD001"), hall.allowance.granted_s("SBD002")) == (300, 720)
        now = room.exams.read()
        assert hall.window.left_ns(now) < 600 * S - (now.mono_ns - began.opened.mono_ns if began else 0) + S
        await act(room, http, "resume", exam=centre.exam)
        resumed = [each for each in await records(room) if isinstance(each, ExamResumed)]
        assert len(resumed) == len([each for each in await records(room) if isinstance(each, ExamOpened)]) == 1


async def test_a_right_code_after_the_latest_opening_is_told_as_what_it_is(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() - 10 * S, plan=Plan(late_cap_s=1.0))
    async with invigilated(tmp_path, centre) as room, browser() as http:
        await come_in(room, http)
        await room.exams.on_plan(centre.exam_plan())
        await eventually(lambda: room.exams.halls[centre.exam].window.phase is Phase.MISSED)
        status, told = await act(room, http, "code", exam=centre.exam, text=centre.release_code())
        assert (status, told["code"]) == (409, "too_late_to_open")
        assert "gọi tỉnh" in told["message"]
