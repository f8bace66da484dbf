"""The province's ledger and board over HTTP: proposals, one approval, lists to the sites, and what it does to marks."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from orchestrator.exams import store as exam_store
from orchestrator.exams.invigilation import store
from orchestrator.exams.marking import read_exam
from orchestrator.exams.model import STOPPED_S, Stage
from orchestrator.storage.schema.access import audit
from tests.doubles.exam_conductor import SITES, T0, S
from tests.doubles.exam_site import Journal
from tests.doubles.fairness_province import COMPUTER, END, opened
from wire.chain import EventKind
from wire.exam_fairness import (
    Cause,
    ExamIncident,
    ExamResumed,
    ExamStopped,
    IncidentKind,
)
from wire.ids import ClockState, ExamState, SiteId
from wire.messages import ClockHealth, ExamOpened, ExamProgress, Heartbeat


async def test_a_measured_gap_is_proposed_approved_once_pushed_and_acknowledged(tmp_path: Path) -> None:
    async with opened(tmp_path) as province:
        await province.record(SITES[0], province.outage(), province.outage())
        (credit,) = await province.ledger()
        assert (credit["state"], credit["minutes"], credit["measured_ms"]) == ("proposed", 2, 61_000)
        await province.credits.step()
        assert province.lines.sent == []
        wish = {"ids": ["credit-1"], "decision": "approved", "reason": "máy hỏng"}
        await province.ask("POST", "credits/decide", wish)
        await province.ask("POST", "credits/decide", wish, 409)
        await province.credits.step()
        await province.credits.step()
        ((site, message),) = province.lines.sent
        assert (site, [(g.id, g.seconds, g.who) for g in message.grants]) == (SITES[0], [("credit-1", 120, "ann")])
        assert (await province.ledger())[0]["held_ms"] is None
        await province.taken(SITES[0])
        assert (await province.ledger())[0]["held_ms"] is not None


async def test_what_a_site_asked_for_and_was_given_takes_nothing_from_what_it_may_give_itself(tmp_path: Path) -> None:
    async with opened(tmp_path) as province:
        await province.record(SITES[0], province.extra("asked", 600, asked=True))
        wish = {"ids": ["asked"], "decision": "approved", "reason": "mất điện"}
        await province.ask("POST", "credits/decide", wish)
        await province.record(SITES[0], province.extra("own", 900, T0 + 2 * S))
        await province.record(SITES[0], province.extra("above", 60, T0 + 3 * S))
        states = {credit["id"]: credit["state"] for credit in await province.ledger()}
        assert states == {"asked": "approved", "own": "approved", "above": "proposed"}


@pytest.mark.parametrize(
    ("wish", "sites"),
    [
        ({"scope": "all"}, list(SITES)),
        ({"scope": "district", "district": "Bắc Hà"}, list(SITES[:2])),
        ({"scope": "candidate", "candidate": "0003"}, [SITES[1]]),
    ],
)
async def test_the_province_gives_time_to_a_candidate_a_district_or_everybody(
    tmp_path: Path, wish: dict[str, object], sites: list[SiteId]
) -> None:
    async with opened(tmp_path) as province:
        told = await province.ask("POST", "credits", {**wish, "minutes": 3, "cause": "power"}, 201)
        assert len(told["ids"]) == len(sites)
        await province.credits.step()
        assert sorted(site for site, _ in province.lines.sent) == sites
        assert {g.candidate for _, m in province.lines.sent for g in m.grants} == {wish.get("candidate")}


@pytest.mark.parametrize("wish", [{"scope": "site", "site": "site-x"}, {"scope": "candidate", "candidate": "9"}])
async def test_time_for_nobody_is_refused(tmp_path: Path, wish: dict[str, object]) -> None:
    async with opened(tmp_path) as province:
        assert (await province.ask("POST", "credits", {**wish, "minutes": 3}, 422))["code"] == "nobody_meant"


async def test_a_refusal_keeps_its_reason_and_a_lost_line_gives_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path) as province:
        await province.record(SITES[0], province.outage(), province.outage("credit-2", Cause.LINE))
        wish = {"ids": ["credit-1"], "decision": "refused", "reason": "lớp vẫn làm bài"}
        await province.ask("POST", "credits/decide", wish)
        await province.ask("POST", "credits/decide", {**wish, "ids": ["credit-2"], "decision": "approved"}, 409)
        told = {credit["id"]: credit for credit in await province.ledger()}
        assert (told["credit-1"]["state"], told["credit-1"]["decision"]) == ("refused", "lớp vẫn làm bài")
        assert (told["credit-2"]["state"], told["credit-2"]["minutes"]) == ("noted", 0)
        assert "không được bù giờ" in told["credit-2"]["text"]


async def test_a_line_that_was_lost_during_the_exam_stands_in_the_ledger(tmp_path: Path) -> None:
    async with opened(tmp_path) as province:
        province.credits._down[SITES[2]] = T0 - 600 * S
        province.centre.clock.ns = T0 + 90 * S
        await province.credits.site_linked(SITES[2], COMPUTER, resumed=False)
        (noted,) = await province.ledger()
        assert (noted["cause"], noted["state"], noted["measured_ms"]) == ("line", "noted", 90_000)


async def test_a_site_gives_itself_a_quarter_of_an_hour_and_the_rest_waits_for_a_person(tmp_path: Path) -> None:
    async with opened(tmp_path) as province:
        await province.record(
            SITES[0], province.extra("credit-1", 600), province.extra("credit-2", 600), province.extra("credit-3", 60)
        )
        states = {credit["id"]: credit["state"] for credit in await province.ledger()}
        assert states == {"credit-1": "approved", "credit-2": "proposed", "credit-3": "approved"}


async def test_an_answer_in_granted_time_counts_only_once_the_site_holds_the_grant(tmp_path: Path) -> None:
    async with opened(tmp_path) as province:
        centre, exam, site = province.centre, province.exam, SITES[0]
        await centre.record(site, ExamOpened(exam=exam.id, lo_ns=T0, hi_ns=T0, clock=ClockState.SYNCED))
        double = centre.wires.sites[site]
        papers = {paper.digest: paper.sealed for paper in await centre.papers(exam)}
        entry = double.roster[0]
        item = double.paper(entry.code, papers.__getitem__).items[0]
        journal = Journal(exam.id, entry.number)
        await centre.record(
            site,
            journal.write(EventKind.SIGN_IN, T0 - S),
            journal.write(EventKind.OPEN, T0),
            journal.write(EventKind.ANSWER, END + 60 * S, item.id, item.options[0].id),
        )

        async def sheet() -> tuple[int, int]:
            read = (await read_exam(centre.database, exam)).sheets[entry.number]
            return len(read.answers), read.late

        assert await sheet() == (0, 1)
        await province.record(site, province.outage())
        await province.ask("POST", "credits/decide", {"ids": ["credit-1"], "decision": "approved"})
        await province.credits.step()
        assert await sheet() == (0, 1)
        await province.taken(site)
        assert await sheet() == (1, 0)
        await province.ask("POST", "credits/decide", {"ids": ["credit-1"], "decision": "withdrawn"})
        assert await sheet() == (0, 1)


async def test_time_that_reaches_a_site_after_its_close_is_left_to_a_person(tmp_path: Path) -> None:
    async with opened(tmp_path) as province:
        await province.record(SITES[0], province.outage())
        await province.ask("POST", "credits/decide", {"ids": ["credit-1"], "decision": "approved"})
        await province.credits.step()
        await province.taken(SITES[0], too_late=True)
        (credit,) = await province.ledger()
        assert credit["too_late"]
        granted = await province.centre.database.read(lambda c: store.in_force(c, province.exam.id, applied=True))
        assert granted == {}


async def test_an_exam_is_not_over_while_somebody_has_time_or_a_clock_stands(tmp_path: Path) -> None:
    async with opened(tmp_path) as province:
        centre, exam = province.centre, province.exam

        async def longest() -> int:
            windows = await centre.database.read(lambda conn: exam_store.windows(conn, exam.id))
            return max(window.extra_s for window in windows)

        stop = ExamStopped(exam=exam.id, id="credit-9", who="Lò Thị Hà", text="cháy", at_ns=T0 + 5 * S)
        await province.record(SITES[0], stop)
        assert await longest() == STOPPED_S
        await centre.at(END + 600 * S)
        await centre.given_up(exam, *SITES[1:])
        await centre.at(END + 23 * 3600 * S)
        assert await centre.stage(exam) is Stage.CLOSING
        resumed = ExamResumed(exam=exam.id, id="credit-9", who="Lò Thị Hà", at_ns=T0 + 95 * S, gap_ms=89_200)
        await province.record(SITES[0], resumed)
        assert await longest() == 90
        await centre.given_up(exam, *SITES)
        assert await centre.stage(exam) is not Stage.CLOSING


async def test_the_board_tells_what_changed_and_shows_notes_until_somebody_takes_them_up(tmp_path: Path) -> None:
    async with opened(tmp_path) as province:
        centre, exam = province.centre, province.exam
        for site in SITES[:2]:
            beat = Heartbeat(at_ns=T0, agent_version="1", clock=ClockHealth(state=ClockState.SYNCED))
            province.board.hear(site, beat)
        told = ExamProgress(exam=exam.id, state=ExamState.OPEN, signed_in=2, opened_lo_ns=T0, opened_hi_ns=T0)
        await centre.exams.note_progress(SITES[0], [told])
        province.lines.up.discard(SITES[1])
        centre.clock.ns = T0 + 30 * S
        first = await province.ask("GET", "board")
        assert {row["site"]: row["word"] for row in first["rows"]} == {
            SITES[0]: "open",
            SITES[1]: "silent",
            SITES[2]: "late",
        }
        assert [named["code"] for named in first["named"]] == ["DC01", "DC02", "DC03"]
        note = ExamIncident(
            exam=exam.id, id="note-1", kind=IncidentKind.DEVICE, text="Hỏng chuột", candidate="0001", who="Hà", at_ns=T0
        )
        await province.record(SITES[0], note, note)
        centre.clock.ns += 2 * S
        later = await province.ask("GET", f"board?since={first['version']}&boot={first['boot']}")
        assert not later["whole"]
        rows = {row["site"]: row for row in later["rows"]}
        assert (rows[SITES[0]]["incidents"], rows[SITES[0]]["rank"]) == (1, 2)
        assert later["named"] == []
        await province.ask("POST", "incidents/note-1/seen")
        await province.ask("POST", "incidents/note-1/seen", status=404)
        centre.clock.ns += 2 * S
        last = await province.ask("GET", f"board?since={later['version']}&boot={first['boot']}")
        assert last["incidents"][0]["seen_by"] == "ann"
        assert {row["site"]: row["incidents"] for row in last["rows"]}[SITES[0]] == 0
        centre.clock.ns += 2 * S
        same = await province.ask("GET", f"board?since={last['version']}&boot={first['boot']}")
        assert same["incidents"] is None


async def test_a_forgotten_pin_is_reset_where_a_line_stands_and_the_trail_knows(tmp_path: Path) -> None:
    async with opened(tmp_path) as province:
        path = f"/api/v1/sites/{SITES[0]}/invigilator-pin/reset"
        async with province.http.post(path) as reply:
            assert reply.status == 200
        province.lines.up.clear()
        async with province.http.post(path) as reply:
            assert (reply.status, (await reply.json())["code"]) == (409, "not_linked")
        assert province.lines.resets == [SITES[0]]
        audits = await province.centre.database.read(lambda conn: conn.execute(sa.select(audit)).all())
        assert [(row.who, row.target) for row in audits if row.action == "site.pin_reset"] == [("ann", SITES[0])]
