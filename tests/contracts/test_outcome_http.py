"""What comes after the close, over the real HTTP kit and a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from demo.figures import stored_answers
from orchestrator.exams import outcome_store
from orchestrator.exams.bands import Scheme
from orchestrator.exams.model import Action, Exam, Stage
from orchestrator.exams.outcome.portal import WRONG_BY_NUMBER
from tests.doubles.exam_conductor import SITES, T0, Centre, S, conducting
from tests.doubles.exam_site import Journal
from tests.doubles.lost_answers import LostAnswers
from tests.doubles.outcome_door import END, RIGHT, sat, served
from wire.chain import EventKind


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    async with conducting(tmp_path) as running:
        yield running


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
