"""An exam that is shuffled for every candidate: sealed by a centre, sat at desks, made again for an appeal."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from orchestrator.access.audit import Audit
from orchestrator.exams import order_cli, store
from orchestrator.exams.home.deciding import Deciding
from orchestrator.exams.model import Action, Exam
from orchestrator.exams.sealing import Sealer
from site_agent.exam.window import Phase
from tests.doubles.centre_time import HeldTime
from tests.doubles.eventually import eventually
from tests.doubles.exam_conductor import BANK, SITES, T0, Centre, S, conducting
from tests.doubles.exam_desk import Site, running
from tests.doubles.exam_site import Journal
from tests.doubles.exam_visitor import Visitor
from tests.doubles.paper_office import served
from wire.chain import EventKind
from wire.codec import decode_record
from wire.ids import ItemId, SiteId
from wire.messages import ExamClosed, ExamEvent, ExamOpened, ExamPlan, ExamRelease
from wire.paper import Shuffle

PAGES = ("0001", "0002")


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    async with conducting(tmp_path) as running_:
        yield running_


class FromCentre:
    """What one site's computer has of a centre."""

    def __init__(self, centre: Centre, exam: Exam, site: SiteId) -> None:
        self._centre, self._exam, self._site = centre, exam, site
        self.site_secret = centre.register.secrets[site]
        self.exam_key = centre.key.public_key().public_bytes_raw()

    async def fetch(self, digest: bytes) -> bytes:
        return next(paper.sealed for paper in await self._centre.papers(self._exam) if paper.digest == digest)

    def sent(self, kind: type[ExamPlan] | type[ExamRelease]) -> Any:
        content = next(raw for to, k, raw in self._centre.wires.sent if (to, k) == (self._site, kind.__name__))
        return msgspec.msgpack.decode(content, type=kind)


async def released(centre: Centre, **changes: object) -> Exam:
    """An exam whose secret is out."""
    exam = await centre.ordered(await centre.planned(**changes), Action.SEAL, Action.ARM)
    for moment in (T0 - 60 * S, T0):
        await centre.at(moment)
    return exam


@asynccontextmanager
async def desk_at(centre: Centre, exam: Exam, folder: Path, site: SiteId = SITES[0]) -> AsyncIterator[Site]:
    """A site's computer that has opened the exam."""
    folder.mkdir(exist_ok=True)
    told = FromCentre(centre, exam, site)
    async with running(folder, told, HeldTime(T0 + S)) as desk:
        await desk.exams.on_plan(told.sent(ExamPlan))
        await desk.exams.on_release(told.sent(ExamRelease))
        await eventually(lambda: desk.exams.halls[exam.id].window.phase is Phase.OPEN)
        yield desk


@asynccontextmanager
async def page_of(centre: Centre, exam: Exam, desk: Site, number: str) -> AsyncIterator[Visitor]:
    """A candidate's page with the paper before it."""
    pins = {voucher.number: voucher.pin for voucher in await centre.reading.vouchers("ann", exam.id)}
    async with (
        aiohttp.ClientSession() as client,
        client.ws_connect(f"{desk.url}/exam/ws", headers={"Origin": desk.url}) as socket,
    ):
        page = Visitor(socket)
        await page.sit(exam.id, number, pins[number])
        yield page


async def closed(centre: Centre, exam: Exam, sites: Sequence[SiteId] = SITES) -> None:
    """These sites, the last ones, are through."""
    for site in sites:
        await centre.record(site, ExamClosed(exam=exam.id, at_ns=T0 + 300 * S))
    await centre.at(T0 + 300 * S)


# --- planning and paper ------------------------------------------------------------------------------------------


async def test_an_exam_is_shuffled_only_if_it_was_planned_so_and_then_nothing_of_it_is_printed(centre: Centre) -> None:
    await centre.bank.take("ann", BANK.encode(), "gift")
    wish = {"title": "Cuối khóa", "starts_ms": T0 // 1_000_000, "duration_s": 300, "questions": 8}
    async with served(centre) as ask:
        usual = (await ask.send("POST", "/api/v1/exams", wish))[1]
        status, made = await ask.send("POST", "/api/v1/exams", {**wish, "shuffle": True})
        assert (status, usual["shuffled"], made["shuffled"]) == (201, False, True)
        for each in (usual, made):
            await ask.send("POST", f"/api/v1/exams/{each['id']}/orders", {"order": "seal"})
        for what in ("papers/101.pdf", "sheets.pdf", f"sheets.pdf?site={SITES[0]}"):
            assert (await ask.get(f"/api/v1/exams/{usual['id']}/print/{what}"))[0] == 200
            status, told = await ask.get(f"/api/v1/exams/{made['id']}/print/{what}")
            assert (status, told["code"]) == (409, "shuffled")
            assert "xáo trộn riêng cho từng thí sinh" in told["message"]
        for what in ("slips.pdf", "roster.pdf"):
            assert (await ask.get(f"/api/v1/exams/{made['id']}/print/{what}"))[0] == 200


async def test_no_answer_sheet_of_a_shuffled_exam_is_entered(centre: Centre) -> None:
    exam = await released(centre, shuffle=True)
    sheet = {"code": "101", "letters": ["A"] * 8, "reason": "Mất điện cả buổi thi"}
    async with served(centre) as ask:
        path = f"/api/v1/exams/{exam.id}/sheets/0001"
        for status, told in (await ask.get(path), await ask.send("POST", path, sheet)):
            assert (status, told["code"]) == (409, "shuffled")


async def test_questions_that_keep_their_order_have_only_their_options_shuffled(centre: Centre) -> None:
    exam = await centre.planned(shuffle=True, in_order=True)
    assert exam.plan.shuffle is Shuffle.OPTIONS
    sealed = await centre.ordered(exam, Action.SEAL, Action.ARM)
    assert sealed.plan == exam.plan
    manifest = centre.wires.sites[SITES[0]].manifest
    assert manifest is not None
    assert manifest.plan.shuffle is Shuffle.OPTIONS


# --- the same order everywhere ------------------------------------------------------------------------------------


async def test_everybody_sees_an_order_of_their_own_at_whichever_desk_they_sit_and_the_centre_finds_it_again(
    centre: Centre, tmp_path: Path
) -> None:
    exam = await released(centre, shuffle=True, codes=1)
    orders: dict[str, list[tuple[str, list[str]]]] = {}
    async with desk_at(centre, exam, tmp_path / "one") as desk:
        for number in PAGES:
            async with page_of(centre, exam, desk, number) as page:
                orders[number] = page.order
        async with page_of(centre, exam, desk, "0001") as again:
            assert again.order == orders["0001"]
        elsewhere = desk.exams.halls[exam.id].papers.frame("101", "0001")
    assert orders["0001"] != orders["0002"]
    assert sorted(item for item, _ in orders["0001"]) == sorted(item for item, _ in orders["0002"])
    async with desk_at(centre, exam, tmp_path / "one") as restarted, page_of(centre, exam, restarted, "0001") as page:
        assert page.order == orders["0001"]
    async with desk_at(centre, exam, tmp_path / "two") as desk, page_of(centre, exam, desk, "0002") as page:
        assert page.order == orders["0002"]
    async with desk_at(centre, exam, tmp_path / "three", SITES[1]) as school:
        assert school.exams.halls[exam.id].papers.frame("101", "0001") == elsewhere

    async with served(centre) as ask:
        path = f"/api/v1/exams/{exam.id}/papers/of"
        assert (await ask.get(f"{path}/0001"))[1]["code"] == "not_over"
        await closed(centre, exam)
        for number in PAGES:
            _, told = await ask.get(f"{path}/{number}")
            assert [(one["item"], [o["option"] for o in one["options"]]) for one in told["questions"]] == orders[number]
            assert sorted(one["in_code"] for one in told["questions"]) == list(range(1, 9))
        assert (await ask.get(f"{path}/9999"))[1]["code"] == "no_such_candidate"
        assert (await ask.get(f"{path}/0001", "op:operator"))[0] == 403


async def test_the_paper_in_the_usual_way_is_one_frame_in_the_order_of_the_code(centre: Centre, tmp_path: Path) -> None:
    exam = await released(centre, codes=1)
    async with desk_at(centre, exam, tmp_path / "one") as desk:
        async with page_of(centre, exam, desk, "0001") as one, page_of(centre, exam, desk, "0002") as other:
            assert one.order == other.order
        papers = desk.exams.halls[exam.id].papers
        assert papers.frame("101", "0001") is papers.frame("101", "0002")


# --- answers, marks, statistics, receipts -------------------------------------------------------------------------


async def test_marks_and_receipts_go_by_ids_whatever_letters_the_candidates_saw(centre: Centre, tmp_path: Path) -> None:
    exam = await released(centre, shuffle=True, codes=1)
    right = (await centre.database.read(lambda conn: store.newest_key(conn, exam.id))).right
    clicked: dict[str, list[str]] = {}
    receipts: dict[str, str] = {}
    async with desk_at(centre, exam, tmp_path / "site") as desk:
        for number, good in zip(PAGES, (8, 3), strict=True):
            async with page_of(centre, exam, desk, number) as page:
                letters = clicked.setdefault(number, [])
                for place, (item, options) in enumerate(page.order):
                    key = options.index(right[ItemId(item)][0])
                    letter = key if place < good else (key + 1) % len(options)
                    assert (await page.answer(item, options[letter]))["note"] == ""
                    letters.append("ABCD"[letter])
                receipts[number] = await page.hand_in()
        said = [decode_record(body) for _, body in await desk.journal.bodies(0, 500)]
    await centre.record(SITES[0], *(one for one in said if isinstance(one, (ExamEvent, ExamOpened))))
    await closed(centre, exam)
    marked = {one.number: one for one in (await centre.reading.results(exam.id)).candidates}
    assert {number: (marked[number].correct, marked[number].receipt) for number in PAGES} == {
        "0001": (8, receipts["0001"]),
        "0002": (3, receipts["0002"]),
    }
    facility = {one.item: one.facility for one in (await centre.reading.statistics(exam.id)).statistics.items}
    async with served(centre) as ask:
        for number in PAGES:
            _, told = await ask.get(f"/api/v1/exams/{exam.id}/papers/of/{number}")
            assert [one["chosen"] for one in told["questions"]] == clicked[number]
        first_three = [one["item"] for one in told["questions"]][:3]
    assert {item for item, share in facility.items() if share == 1.0} == set(first_three)


@pytest.mark.parametrize("shuffle", [False, True])
async def test_results_and_statistics_are_the_same_as_without_shuffling(centre: Centre, shuffle: bool) -> None:
    exam = await released(centre, shuffle=shuffle)
    for site, right in zip(SITES, ({"0001": 8, "0002": 5}, {"0003": 4, "0004": 0}, {"0005": 7}), strict=True):
        await centre.sit(exam, site, right, T0 + 300 * S)
    await centre.at(T0 + 300 * S)
    results = await centre.reading.results(exam.id)
    assert {one.number: one.correct for one in results.candidates} == {
        "0001": 8, "0002": 5, "0003": 4, "0004": 0, "0005": 7,
    }  # fmt: skip
    assert results.overall.mean == pytest.approx(6.0)
    paper = (await centre.reading.statistics(exam.id)).statistics.paper
    assert (paper.candidates, paper.items) == (5, 8)
    assert paper.mean == pytest.approx(4.8)


async def test_a_person_who_decides_reads_question_and_letter_as_the_candidate_saw_them(centre: Centre) -> None:
    exam = await released(centre, shuffle=True, codes=1)
    papers = {paper.digest: paper.sealed for paper in await centre.papers(exam)}
    item = centre.wires.sites[SITES[0]].paper("101", papers.__getitem__).items[0]
    journal = Journal(exam.id, "0001")
    events = [journal.write(EventKind.SIGN_IN, T0 - S), journal.write(EventKind.OPEN, T0)]
    events.append(journal.write(EventKind.LATE, T0 + 400 * S, item.id, item.options[2].id))
    await centre.record(SITES[0], *events)
    deciding = Deciding(
        centre.database, centre.clock, Audit(centre.clock), Sealer(centre.key, b"r" * 32), again=lambda _: None
    )
    (line,) = await deciding.lines(exam.id)
    await closed(centre, exam)
    async with served(centre) as ask:
        _, told = await ask.get(f"/api/v1/exams/{exam.id}/papers/of/0001")
    asked = next(one for one in told["questions"] if one["item"] == item.id)
    letter = next(one["letter"] for one in asked["options"] if one["option"] == item.options[2].id)
    assert (line.question, line.chosen) == (asked["number"], letter)


# --- the command --------------------------------------------------------------------------------------------------


async def test_the_command_makes_a_candidates_order_again_from_the_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with conducting(tmp_path) as centre:
        exam = await released(centre, shuffle=True, codes=1)
        await centre.sit(exam, SITES[0], {"0001": 8}, T0 + 300 * S)
        await closed(centre, exam, SITES[1:])
        async with served(centre) as ask:
            _, told = await ask.get(f"/api/v1/exams/{exam.id}/papers/of/0001")
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "at_rest.key").write_bytes(b"r" * 32)
    monkeypatch.setenv("DIEMCAU_STORAGE__FOLDER", str(tmp_path))
    monkeypatch.setenv("DIEMCAU_STORAGE__URL", f"sqlite:///{tmp_path / 'centre.sqlite3'}")
    capsys.readouterr()
    assert await in_thread(exam.id, "0001", "--json") == 0
    assert json.loads(capsys.readouterr().out) == told
    assert await in_thread(exam.id, "0001") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 + 8
    for line, one in zip(lines[2:], told["questions"], strict=True):
        assert one["item"] in line
        assert f"{one['chosen']}={one['options']['ABCD'.index(one['chosen'])]['in_code']}✓" in line
    assert await in_thread(exam.id, "9999") == 1
    assert "no_such_candidate" in capsys.readouterr().err
    assert await in_thread() == 2


async def in_thread(*arguments: str) -> int:
    """The command has a loop of its own."""
    return await asyncio.to_thread(order_cli.run, arguments)
