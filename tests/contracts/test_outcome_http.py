"""What comes after the close, over the real HTTP kit and a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from demo.figures import stored_answers
from orchestrator.access.audit import Audit
from orchestrator.exams import outcome_store
from orchestrator.exams.bands import Scheme
from orchestrator.exams.model import UNDO_S, UNTOLD_GRANTS_S, UNTOLD_STOP_S, Action, Exam, Stage
from orchestrator.exams.outcome.portal import WRONG_BY_NUMBER, Portal
from orchestrator.exams.outcome.routes import routes
from orchestrator.exams.outcome.waiting import without_reasons
from orchestrator.exams.store import Stale
from orchestrator.web.kit import Identity, Route
from orchestrator.web.server import application, listening_socket, serving
from tests.doubles.exam_conductor import SITES, T0, Centre, S, conducting
from tests.doubles.exam_site import Journal
from tests.doubles.lost_answers import LostAnswers
from wire.chain import EventKind
from wire.ids import ClockState, ExamState
from wire.messages import ExamClosed, ExamOpened, ExamProgress

END = T0 + 300 * S
RIGHT = {SITES[0]: {"0001": 8, "0002": 5}, SITES[1]: {"0003": 7, "0004": 0}, SITES[2]: {"0005": 6}}


class NamedGate:
    """Lets in whoever the request names."""

    async def admit(self, request: web.Request, route: Route) -> Identity | None:
        name = request.headers.get("who", "ann")
        return None if route.action is None else Identity(f"person-{name}", name, name.title(), "planner")


class Door:
    """The centre's HTTP as one person after the other uses it."""

    def __init__(self, http: aiohttp.ClientSession, exam: Exam) -> None:
        self.http, self.path = http, f"/api/v1/exams/{exam.id}"
        self.portal = f"/api/v1/portal/{exam.id}"

    async def ask(self, path: str, told: object = None, who: str = "ann", method: str = "") -> tuple[int, Any]:
        made = method or ("GET" if told is None else "POST")
        async with self.http.request(made, path, json=told, headers={"who": who}) as reply:
            return reply.status, await reply.json()


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    async with conducting(tmp_path) as running:
        yield running


@asynccontextmanager
async def served(centre: Centre, exam: Exam) -> AsyncIterator[Door]:
    outcome = centre.outcome()
    portal = Portal(centre.database, centre.clock, centre.exams, centre.register, " 1900 0000 ")
    bound = listening_socket("127.0.0.1", 0)
    app = application(routes(outcome, centre.reading, portal, centre.clock), NamedGate())
    base = f"http://127.0.0.1:{bound.getsockname()[1]}"
    async with serving(app, bound), aiohttp.ClientSession(base) as http:
        yield Door(http, exam)


async def sat(centre: Centre, *sites: int) -> tuple[Exam, dict[str, str]]:
    """An exam that these sites have sat, and the receipts; time stands after the last moment of a late site."""
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0)
    receipts: dict[str, str] = {}
    for site in sites:
        receipts |= await centre.sit(exam, SITES[site], RIGHT[SITES[site]], END)
    await centre.at(END)
    if len(sites) < len(SITES):
        await centre.waited_out(exam)
    assert await centre.stage(exam) is Stage.MARKED
    return exam, receipts


async def test_a_silent_site_stands_first_until_a_person_closes_it_by_protocol(centre: Centre) -> None:
    exam, _ = await sat(centre, 0, 1)
    async with served(centre, exam) as door:
        _, told = await door.ask(f"{door.path}/reconciliation")
        assert (told["received"], told["expected"], told["settled"]) == (4, 5, False)
        assert [(one["code"], one["state"], one["why"]) for one in told["sites"]] == [
            ("DC03", "silent", ["no_word"]), ("DC01", "complete", []), ("DC02", "complete", []),
        ]  # fmt: skip
        assert (await centre.reading.results(exam.id)).provisional
        closing = f"{door.path}/sites/{SITES[2]}/closing"
        assert (await door.ask(closing, {"how": "paper", "reason": " "}))[1]["code"] == "no_reason"
        assert (await door.ask(closing, {"how": "paper", "reason": "mất điện", "present": 9}))[1]["code"] == "bad_count"
        status, told = await door.ask(closing, {"how": "paper", "reason": "Biên bản 12, mất điện cả ngày"})
        assert (status, told["settled"], told["received"]) == (200, True, 4)
        assert told["sites"][0]["state"] == "protocol"
        assert told["sites"][0]["closing"]["who"] == "ann"
        results = await centre.reading.results(exam.id)
        assert (results.provisional, results.received, results.expected) == (False, 4, 5)
        _, told = await door.ask(closing, {"how": "reopened", "reason": "máy đã bật lại"})
        assert (told["settled"], told["sites"][0]["state"]) == (False, "silent")


async def test_what_comes_after_a_closing_by_protocol_is_taken_in_all_the_same(centre: Centre) -> None:
    exam, _ = await sat(centre, 0, 1)
    async with served(centre, exam) as door:
        closing = f"{door.path}/sites/{SITES[2]}/closing"
        await door.ask(closing, {"how": "telephone", "reason": "đã gọi hiệu trưởng"})
        await centre.sit(exam, SITES[2], RIGHT[SITES[2]], END)
        await centre.at(centre.clock.ns + 20 * S)
        _, told = await door.ask(f"{door.path}/reconciliation")
        assert (told["settled"], told["counts"]["complete"], told["received"]) == (True, 3, 5)
        assert (await centre.reading.results(exam.id)).candidates[-1].correct == 6
        code = (await door.ask(closing, {"how": "paper", "reason": "nhầm"}))[1]["code"]
        assert code == "already_complete"


async def test_one_silent_school_holds_up_nobody_once_a_person_says_that_nobody_sits_there(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0)
    for site in SITES[:2]:
        await centre.sit(exam, site, RIGHT[site], END)
    async with served(centre, exam) as door:
        closing = f"{door.path}/sites/{SITES[2]}/closing"
        told = {"how": "telephone", "present": 1, "reason": "hiệu trưởng: đã về hết"}
        assert (await door.ask(closing, told))[1]["code"] == "not_over"
        await centre.at(END + 600 * S)
        _, waiting = await door.ask(f"{door.path}/waiting")
        assert (waiting["stage"], [one["code"] for one in waiting["sites"]]) == ("closing", ["DC03"])
        longest_s = 120 + UNTOLD_GRANTS_S + UNTOLD_STOP_S
        assert waiting["sites"][0]["until_ms"] == (END + longest_s * S) // 1_000_000
        assert waiting["until_ms"] == (END + (longest_s + 7) * S) // 1_000_000
        assert (await door.ask(closing, {**told, "reason": ""}))[1]["code"] == "no_reason"
        assert (await door.ask(closing, {**told, "present": 9}))[1]["code"] == "bad_count"
        assert (await door.ask(f"{door.path}/sites/{SITES[0]}/closing", told))[1]["code"] == "already_complete"
        assert (await door.ask(closing, told))[0] == 200
        await centre.at(centre.clock.ns + (UNDO_S - 1) * S)
        assert await centre.stage(exam) is Stage.CLOSING
        await centre.at(centre.clock.ns + S)
        assert await centre.stage(exam) is Stage.MARKED
        _, waiting = await door.ask(f"{door.path}/waiting")
        assert (waiting["stage"], waiting["until_ms"], waiting["sites"]) == ("marked", None, [])
    deeds = await centre.database.read(lambda conn: Audit(centre.clock).newest(conn, 100))
    (closed,) = [deed for deed in deeds if deed.action == "exam.site_closing"]
    assert (closed.who, "hiệu trưởng: đã về hết" in closed.detail, '"stage":"closing"' in closed.detail) == (
        "ann", True, True,
    )  # fmt: skip
    assert SITES[2] in next(deed.detail for deed in deeds if deed.action == "exam.finish")


async def test_the_last_protocol_is_taken_back_within_half_a_minute_and_not_later(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0)
    for site in SITES[:2]:
        await centre.sit(exam, site, RIGHT[site], END)
    await centre.at(END)
    async with served(centre, exam) as door:
        closing = f"{door.path}/sites/{SITES[2]}/closing"
        told, taken_back = {"how": "telephone", "reason": "đã gọi"}, {"how": "reopened", "reason": "nhầm trường"}
        assert (await door.ask(closing, told))[0] == 200
        await centre.at(centre.clock.ns + (UNDO_S - 1) * S)
        assert (await door.ask(closing, taken_back))[0] == 200
        await centre.at(centre.clock.ns + 60 * S)
        assert await centre.stage(exam) is Stage.CLOSING
        assert (await door.ask(closing, told))[0] == 200
        await centre.at(centre.clock.ns + UNDO_S * S)
        assert await centre.stage(exam) is Stage.MARKED


async def test_a_step_that_was_decided_before_a_protocol_was_taken_back_is_not_made(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(END)
    now = await centre.exams.exam(exam.id)
    with pytest.raises(Stale):
        await centre.exams._move(now, Action.FINISH)
    assert await centre.stage(exam) is Stage.CLOSING


async def test_a_site_that_is_linked_and_open_is_not_closed_from_afar(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(END)
    await centre.exams.note_progress(SITES[0], [ExamProgress(exam=exam.id, state=ExamState.OPEN)])
    async with served(centre, exam) as door:
        told = {"how": "telephone", "reason": "đã gọi"}
        assert (await door.ask(f"{door.path}/sites/{SITES[0]}/closing", told))[1]["code"] == "still_open"
        assert (await door.ask(f"{door.path}/sites/{SITES[1]}/closing", told))[0] == 200


async def test_who_only_looks_is_not_told_who_closed_a_site_and_why(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(END)
    await centre.given_up(exam, SITES[0])
    told = await centre.outcome().waiting(exam.id)
    (closing,) = [one.closing for one in told.sites if one.closing]
    assert (closing.who, closing.reason) == ("ann", "đã gọi hiệu trưởng")
    (bare,) = [one.closing for one in without_reasons(told).sites if one.closing]
    assert (bare.who, bare.reason, bare.how) == ("", "", closing.how)


async def test_a_protocol_is_taken_back_and_results_wait_again_while_others_still_sit(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(END)
    async with served(centre, exam) as door:

        async def waited_for() -> dict[str, bool]:
            _, waiting = await door.ask(f"{door.path}/waiting")
            return {one["code"]: one["closing"] is None for one in waiting["sites"]}

        await centre.given_up(exam, *SITES[:2])
        assert await waited_for() == {"DC03": True, "DC01": False, "DC02": False}
        taken_back = {"how": "reopened", "reason": "nhầm trường: phòng 2 còn người"}
        assert (await door.ask(f"{door.path}/sites/{SITES[0]}/closing", taken_back))[0] == 200
        await centre.given_up(exam, SITES[2])
        assert await waited_for() == {"DC01": True, "DC02": False, "DC03": False}
        assert await centre.stage(exam) is Stage.CLOSING
        await centre.record(SITES[0], ExamClosed(exam=exam.id, at_ns=END + S))
        await centre.exams.step()
        assert await centre.stage(exam) is Stage.MARKED


async def test_a_silent_site_without_candidates_of_its_own_holds_up_nobody_either(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(spares=1), Action.SEAL, Action.ARM)
    spare = next(site for site in exam.sites if site not in SITES)
    opened = ExamOpened(exam=exam.id, lo_ns=T0, hi_ns=T0, clock=ClockState.SYNCED)
    await centre.at(T0)
    for site in SITES:
        await centre.sit(exam, site, RIGHT[site], END)
    await centre.record(spare, opened)
    await centre.at(END)
    async with served(centre, exam) as door:
        _, waiting = await door.ask(f"{door.path}/waiting")
        assert [one["site"] for one in waiting["sites"]] == [spare]
        told = {"how": "telephone", "reason": "máy dự phòng, không ai ngồi"}
        assert (await door.ask(f"{door.path}/sites/{spare}/closing", told))[0] == 200
        await centre.at(centre.clock.ns + UNDO_S * S)
        assert await centre.stage(exam) is Stage.MARKED


async def test_a_site_that_has_told_its_closing_needs_no_protocol_while_others_still_sit(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0)
    journal = Journal(exam.id, "0001")
    await centre.record(SITES[0], journal.write(EventKind.SIGN_IN, T0), journal.write(EventKind.OPEN, T0))
    await centre.record(SITES[0], ExamClosed(exam=exam.id, at_ns=END))
    await centre.at(END)
    async with served(centre, exam) as door:
        told = {"how": "telephone", "reason": "đã gọi"}
        assert (await door.ask(f"{door.path}/sites/{SITES[0]}/closing", told))[1]["code"] == "site_closed"


async def test_the_conductor_looks_again_at_once_after_the_last_protocol(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(END)
    woken = asyncio.Event()
    centre.exams.look = woken.set  # type: ignore[method-assign]
    async with served(centre, exam) as door:
        await door.ask(f"{door.path}/sites/{SITES[0]}/closing", {"how": "telephone", "reason": "đã gọi"})
    assert woken.is_set()


async def test_a_site_of_which_a_candidate_never_ended_is_partial(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0)
    for site in SITES:
        await centre.sit(exam, site, {"0001": 8, "0003": 7, "0005": 6}, END)
    journal = Journal(exam.id, "0002")
    await centre.record(SITES[0], journal.write(EventKind.SIGN_IN, T0), journal.write(EventKind.OPEN, T0))
    await centre.at(END)
    async with served(centre, exam) as door:
        _, told = await door.ask(f"{door.path}/reconciliation")
    worst = told["sites"][0]
    assert (worst["code"], worst["state"], worst["why"]) == ("DC01", "partial", ["unfinished"])


async def test_a_key_revised_after_publishing_is_shown_first_approved_by_another_and_published_again(
    centre: Centre, count_lost: LostAnswers
) -> None:
    exam, receipts = await sat(centre, 0, 1, 2)
    async with served(centre, exam) as door:
        await centre.ordered(exam, Action.PUBLISH)
        before = {row.number: row.correct for row in (await centre.reading.results(exam.id)).candidates}
        received = stored_answers(centre.folder / "centre.sqlite3", exam.id)
        item = await first_right_item(centre, exam)
        wish = {"changes": [{"item": item}], "reason": "Câu 1 sai dữ kiện", "void": "drop"}
        assert (await door.ask(f"{door.path}/key/proposals", wish))[1]["code"] == "too_many_void"
        _, marking = await door.ask(f"{door.path}/marking")
        assert not marking["editable"]
        await allow_void(centre, exam)
        status, seen = await door.ask(f"{door.path}/key/proposals", wish)
        made = seen["difference"]
        assert (status, made["candidates"], seen["proposal"]["state"]) == (201, 5, "open")
        assert made["gained"] + made["lost"] == len(made["rows"]) > 0
        assert {row.number: row.correct for row in (await centre.reading.results(exam.id)).candidates} == before
        one = f"{door.path}/key/proposals/{seen['proposal']['id']}"
        assert (await door.ask(f"{one}/apply", {}))[1]["code"] == "same_person"
        status, applied = await door.ask(f"{one}/apply", {}, who="bình")
        assert (status, applied["state"], applied["key_version"]) == (200, "applied", 2)
        assert (await door.ask(f"{one}/apply", {}, who="bình"))[1]["code"] in {"not_open", "stale"}
        after = await centre.reading.results(exam.id)
        assert (after.maximum, after.key_version, after.state) == (7, 2, Stage.MARKED)
        asked = {"number": "0001", "receipt": receipts["0001"]}
        _, told = await door.ask(door.portal, asked)
        assert (told["exam"]["again"], told["maximum"], told["mark"]) == (True, 8, 10.0)
        await centre.ordered(exam, Action.PUBLISH)
        _, told = await door.ask(door.portal, asked)
        assert (told["exam"]["published"], told["exam"]["again"], told["maximum"]) == (2, False, 7)
        _, marking = await door.ask(f"{door.path}/marking")
        assert [one["version"] for one in marking["publications"]] == [2, 1]
        assert len({one["digest"] for one in marking["publications"]}) == 2
        assert [one["version"] for one in marking["versions"]] == [1, 2]
        count_lost(received, stored_answers(centre.folder / "centre.sqlite3", exam.id))


async def test_a_credited_item_takes_no_point_from_anybody(centre: Centre) -> None:
    exam, _ = await sat(centre, 0, 1, 2)
    await allow_void(centre, exam)
    async with served(centre, exam) as door:
        item = await first_right_item(centre, exam)
        wish = {"changes": [{"item": item}], "reason": "Câu có hai đáp án", "void": "credit"}
        _, seen = await door.ask(f"{door.path}/key/proposals", wish)
        made = seen["difference"]
        assert (made["lost"], made["band_down"]) == (0, 0)
        _, again = await door.ask(f"{door.path}/key/proposals/{seen['proposal']['id']}")
        assert again["difference"] == made
        one = f"{door.path}/key/proposals/{seen['proposal']['id']}"
        assert (await door.ask(f"{one}/withdraw", {}))[1]["state"] == "withdrawn"
        assert (await door.ask(f"{one}/apply", {}, who="bình"))[1]["code"] == "not_open"
        unknown = {"changes": [{"item": "item-none"}], "reason": "x"}
        assert (await door.ask(f"{door.path}/key/proposals", unknown))[1]["code"] == "bad_key_change"


async def test_bands_are_checked_and_fixed_once_published(centre: Centre) -> None:
    exam, _ = await sat(centre, 0, 1, 2)
    bands = [{"key": "dat", "name": "Đạt", "floor": 650}, {"key": "chua", "name": "Chưa đạt", "floor": 0}]
    async with served(centre, exam) as door:
        _, told = await door.ask(f"{door.path}/bands/check", {"bands": bands[:1]})
        assert len(told["faults"]) == 2
        status, told = await door.ask(f"{door.path}/bands", {"bands": bands, "passing": 650}, method="PUT")
        assert (status, told["begins"]) == (200, {"dat": 6, "chua": 0})
        results = await centre.reading.results(exam.id)
        assert results.overall.bands == {"dat": 3, "chua": 2}
        assert results.overall.passed == 3
        await centre.ordered(exam, Action.PUBLISH)
        status, told = await door.ask(f"{door.path}/bands", {"bands": bands}, method="PUT")
        assert (status, told["code"]) == (409, "published")


async def test_the_portal_tells_nothing_without_the_right_receipt(centre: Centre) -> None:
    exam, receipts = await sat(centre, 0, 1)
    async with served(centre, exam) as door:
        _, listed = await door.ask("/api/v1/portal")
        assert [(one["exam"], one["over"], one["published"]) for one in listed] == [(exam.id, True, 0)]
        assert listed[0]["hotline"] == "1900 0000"
        refusals = [
            await door.ask(door.portal, {"number": number, "receipt": receipt})
            for number, receipt in (("0001", receipts["0002"]), ("9999", receipts["0001"]), ("0005", "A" * 10))
        ]
        assert {(status, told["code"], len(told)) for status, told in refusals} == {(404, "no_match", 2)}
        typed = f" {receipts['0001'][:5].lower()}-{receipts['0001'][5:]} "
        status, told = await door.ask(door.portal, {"number": " 0001 ", "receipt": typed})
        assert (status, told["receipt"], told["state"], told["answers"]) == (200, receipts["0001"], "handed_in", 8)
        assert (told["mark"], told["correct"], told["site"]) == (None, None, "DC01 · Trường 1")
        await centre.ordered(exam, Action.PUBLISH)
        _, told = await door.ask(door.portal, {"number": "0001", "receipt": receipts["0001"]})
        assert (told["mark"], told["correct"], told["band"]) == (10.0, 8, "Xuất sắc")
        assert (told["exam"]["provisional"], told["exam"]["received"], told["exam"]["expected"]) == (True, 4, 5)


async def test_wrong_receipts_are_counted(centre: Centre) -> None:
    exam, receipts = await sat(centre, 0)
    async with served(centre, exam) as door:
        for _ in range(WRONG_BY_NUMBER):
            assert (await door.ask(door.portal, {"number": "0002", "receipt": "B" * 10}))[0] == 404
        status, told = await door.ask(door.portal, {"number": "0002", "receipt": receipts["0002"]})
        assert (status, told["code"]) == (429, "too_many_attempts")
        assert (await door.ask(door.portal, {"number": "0001", "receipt": receipts["0001"]}))[0] == 200


async def test_an_exam_that_has_not_begun_is_not_on_the_portal(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    async with served(centre, exam) as door:
        assert await door.ask("/api/v1/portal") == (200, [])
        assert (await door.ask(door.portal))[0] == 404


async def test_a_place_and_a_site_have_pages_and_printed_summaries(centre: Centre) -> None:
    exam, _ = await sat(centre, 0, 1, 2)
    async with served(centre, exam) as door:
        results = await centre.reading.results(exam.id)
        district = results.places[0]
        _, told = await door.ask(f"{door.path}/places/{district.id}")
        assert (told["group"]["name"], [one["key"] for one in told["sites"]]) == ("Bắc Hà", ["DC01", "DC02"])
        assert (told["overall"]["registered"], told["group"]["registered"], told["candidates"]) == (5, 4, [])
        _, told = await door.ask(f"{door.path}/places/DC03")
        assert [one["number"] for one in told["candidates"]] == ["0005"]
        assert (await door.ask(f"{door.path}/places/none"))[0] == 404
        for path in (f"{door.path}/results.pdf?unit=Sở+%23x", f"{door.path}/places/{district.id}/summary.pdf"):
            async with door.http.get(path) as reply:
                assert (reply.content_type, (await reply.read())[:5]) == ("application/pdf", b"%PDF-")


async def first_right_item(centre: Centre, exam: Exam) -> str:
    """The item that stands first under code 101: whoever got anything right there has it right."""
    statistics = await centre.reading.statistics(exam.id)
    return statistics.statistics.items[0].item


async def allow_void(centre: Centre, exam: Exam) -> None:
    """Of eight items one is more than the usual tenth."""
    await centre.database.write(lambda conn: outcome_store.keep_scheme(conn, exam.id, Scheme(most_void=20), "ann", T0))
