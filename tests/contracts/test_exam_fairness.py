"""The province's ledger and board over HTTP: proposals, one approval, lists to the sites, and what it does to marks."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa
from aiohttp import web

from orchestrator.exams import store as exam_store
from orchestrator.exams.invigilation import store
from orchestrator.exams.invigilation.board import Board
from orchestrator.exams.invigilation.routes import routes
from orchestrator.exams.invigilation.service import Credits
from orchestrator.exams.marking import read_exam
from orchestrator.exams.model import STOPPED_S, Action, Exam, Stage
from orchestrator.storage.schema.access import audit
from orchestrator.storage.schema.exam_fairness import exam_grant_list
from orchestrator.web.kit import Identity, Route
from orchestrator.web.server import application, listening_socket, serving
from tests.doubles.exam_conductor import SITES, T0, Centre, S, conducting
from tests.doubles.exam_site import Journal
from wire.chain import EventKind
from wire.exam_fairness import (
    Cause,
    ExamExtra,
    ExamGrants,
    ExamGrantsTaken,
    ExamIncident,
    ExamOutage,
    ExamResumed,
    ExamStopped,
    FairnessRecord,
    Grant,
    IncidentKind,
    InvigilatorPinReset,
)
from wire.ids import ClockState, EnrolmentId, ExamState, SiteId
from wire.messages import ClockHealth, ExamOpened, ExamProgress, Heartbeat

LENGTH = 300
END = T0 + LENGTH * S


class Gate:
    async def admit(self, request: web.Request, route: Route) -> Identity | None:
        del request
        return None if route.action is None else Identity("person-ann", "ann", "Ann", "planner")


class Lines:
    """Links that keep what they are given."""

    def __init__(self) -> None:
        self.up = set(SITES)
        self.sent: list[tuple[SiteId, ExamGrants]] = []
        self.resets: list[SiteId] = []

    def linked(self) -> frozenset[SiteId]:
        return frozenset(self.up)

    def send(self, site: SiteId, message: ExamGrants | InvigilatorPinReset) -> bool:
        if isinstance(message, InvigilatorPinReset):
            self.resets += [site] if site in self.up else []
        elif site in self.up:
            self.sent.append((site, message))
        return site in self.up


COMPUTER = EnrolmentId("enr")


class Province:
    """The centre with its ledger, an exam that is open, and a browser."""

    def __init__(self, centre: Centre, exam: Exam) -> None:
        self.centre, self.exam, self.lines = centre, exam, Lines()
        self.http: aiohttp.ClientSession
        self.restart()

    def restart(self) -> None:
        """Another process of the centre."""
        c = self.centre
        self.credits = Credits(c.database, c.bus, c.clock, self.lines, c.register, c.exams._trail)
        self.board = Board(c.database, c.clock, c.exams, self.lines, c.register, "boot-1")

    async def record(self, site: SiteId, *records: FairnessRecord) -> None:
        takes: dict[type, Callable[..., None]] = {
            ExamExtra: self.credits.take_extra,
            ExamStopped: self.credits.take_stopped,
            ExamResumed: self.credits.take_resumed,
            ExamOutage: self.credits.take_outage,
            ExamIncident: self.credits.take_incident,
            ExamGrantsTaken: self.credits.take_taken,
        }
        for record in records:
            take = takes[type(record)]
            await self.centre.database.write(
                lambda conn, take=take, r=record: take(conn, site, COMPUTER, 1, r)  # type: ignore[misc]
            )

    async def ask(self, method: str, path: str, body: object = None, status: int = 200) -> Any:
        async with self.http.request(method, f"/api/v1/exams/{self.exam.id}/{path}", json=body) as reply:
            told = await reply.json()
            assert reply.status == status, told
            return told

    async def ledger(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = await self.ask("GET", "credits")
        return listed

    async def taken(self, site: SiteId, *, too_late: bool = False) -> None:
        """The site says that it holds the list that it was sent last."""
        sent = next(message for to, message in reversed(self.lines.sent) if to == site)
        ids = [grant.id for grant in sent.grants]
        record = ExamGrantsTaken(
            exam=self.exam.id,
            serial=sent.serial,
            applied=[] if too_late else ids,
            too_late=ids if too_late else [],
            at_ns=self.centre.clock.ns,
        )
        await self.record(site, record)

    def outage(self, name: str = "credit-1", cause: Cause = Cause.AGENT, gap_ms: int = 61_000) -> ExamOutage:
        return ExamOutage(
            exam=self.exam.id, id=name, cause=cause, candidate=None, from_ns=T0 + 10 * S, gap_ms=gap_ms, exact=True
        )

    def extra(self, name: str, seconds: int, at_ns: int = T0 + S, *, asked: bool = False) -> ExamExtra:
        grant = Grant(id=name, candidate=None, seconds=seconds, cause=Cause.POWER, who="Lò Thị Hà", at_ns=at_ns)
        return ExamExtra(exam=self.exam.id, grant=grant, asked=asked)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Province]:
    async with conducting(folder) as centre:
        exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
        await centre.at(T0 + S)
        province = Province(centre, exam)
        bound = listening_socket("127.0.0.1", 0)
        app = application(routes(centre.database, province.board, province.credits), Gate())
        base = f"http://127.0.0.1:{bound.getsockname()[1]}"
        async with serving(app, bound), aiohttp.ClientSession(base) as http:
            province.http = http
            yield province


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


async def test_the_list_is_sent_again_to_whoever_links_anew_and_by_a_centre_that_started_anew(tmp_path: Path) -> None:
    async with opened(tmp_path) as province:
        await province.ask("POST", "credits", {"scope": "site", "site": SITES[1], "minutes": 3}, 201)
        province.lines.up.discard(SITES[1])
        await province.credits.step()
        assert province.lines.sent == []
        province.lines.up.add(SITES[1])
        await province.credits.step()
        await province.credits.site_linked(SITES[1], COMPUTER, resumed=True)
        await province.credits.step()
        assert len(province.lines.sent) == 1
        await province.credits.site_linked(SITES[1], COMPUTER, resumed=False)
        await province.credits.step()
        province.restart()
        await province.credits.step()
        assert [message for _, message in province.lines.sent] == [province.lines.sent[0][1]] * 3


async def test_a_list_that_the_site_does_not_say_it_holds_is_sent_again_ever_less_often(tmp_path: Path) -> None:
    async with opened(tmp_path) as province:
        await province.ask("POST", "credits", {"scope": "site", "site": SITES[1], "minutes": 3}, 201)
        began, sent_at = province.centre.clock.ns, []
        for second in range(300):
            province.centre.clock.ns = began + second * S
            before = len(province.lines.sent)
            await province.credits.step()
            sent_at += [second] * (len(province.lines.sent) - before)
        assert sent_at == [0, 5, 15, 35, 75, 135, 195, 255]
        assert [message for _, message in province.lines.sent] == [province.lines.sent[0][1]] * len(sent_at)
        await province.taken(SITES[1])
        province.centre.clock.ns += 600 * S
        await province.credits.step()
        assert len(province.lines.sent) == len(sent_at)


async def test_what_one_computer_held_is_sent_to_the_one_that_replaced_it_until_that_says_so(tmp_path: Path) -> None:
    async with opened(tmp_path) as province:
        await province.credits.site_linked(SITES[1], COMPUTER, resumed=False)
        await province.ask("POST", "credits", {"scope": "site", "site": SITES[1], "minutes": 3}, 201)
        await province.credits.step()
        await province.taken(SITES[1])
        await province.credits.site_linked(SITES[1], EnrolmentId("enr-2"), resumed=False)
        for _ in range(3):
            await province.credits.step()
            province.centre.clock.ns += 60 * S
        assert len(province.lines.sent) == 4


async def test_a_centre_restored_from_a_copy_gives_out_what_a_site_does_not_take_for_old(tmp_path: Path) -> None:
    async with opened(tmp_path) as province:
        for _ in range(3):
            await province.ask("POST", "credits", {"scope": "site", "site": SITES[1], "minutes": 3}, 201)
        await province.credits.step()
        await province.taken(SITES[1])
        lists = sa.update(exam_grant_list).values(serial=1)
        await province.centre.database.write(lambda conn: conn.execute(lists))
        await province.ask("POST", "credits", {"scope": "site", "site": SITES[1], "minutes": 3}, 201)
        await province.credits.step()
        before, after = (message for _, message in province.lines.sent)
        assert after.serial > before.serial


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
