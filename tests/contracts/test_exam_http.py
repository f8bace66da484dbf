"""Exams over the real HTTP kit."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import openpyxl
import pytest
from aiohttp import web

from orchestrator.errors import Refused
from orchestrator.exams import store
from orchestrator.exams.marks import Key
from orchestrator.exams.model import Action
from orchestrator.exams.routes import routes
from orchestrator.web.kit import Identity, Route
from orchestrator.web.server import application, listening_socket, serving
from tests.doubles.exam_conductor import BANK, SITES, T0, Centre, S, conducting


class OpenGate:
    """Lets everybody in as Ann; remembers what each route asks for."""

    async def admit(self, request: web.Request, route: Route) -> Identity | None:
        if route.action is not None and "nobody" in request.headers:
            raise Refused("not_signed_in", "Hãy đăng nhập. / Sign in.", 401)
        role = request.headers.get("role", "planner")
        return None if route.action is None else Identity("person-ann", "ann", "Ann", role)


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    async with conducting(tmp_path) as running:
        yield running


@asynccontextmanager
async def served(centre: Centre) -> AsyncIterator[aiohttp.ClientSession]:
    bound = listening_socket("127.0.0.1", 0)
    app = application(routes(centre.exams, centre.reading, centre.bank), OpenGate())
    base = f"http://127.0.0.1:{bound.getsockname()[1]}"
    async with serving(app, bound), aiohttp.ClientSession(base) as http:
        yield http


async def test_an_exam_is_planned_and_sealed_by_http(centre: Centre) -> None:
    async with served(centre) as http:
        async with http.post("/api/v1/bank/import?format=gift", data=BANK.encode() + b"\n\nlost") as reply:
            told = await reply.json()
            assert (told["accepted"], [refusal["line"] for refusal in told["refused"]]) == (12, [25])
        wish = {"title": "Thi", "starts_ms": T0 // 1_000_000, "duration_s": 300, "questions": 8, "sites": None}
        async with http.post("/api/v1/exams", json=wish) as reply:
            assert reply.status == 201
            exam = await reply.json()
            assert (exam["state"], exam["codes"], exam["registered"]) == ("draft", ["101", "102"], 5)
        async with http.post(f"/api/v1/exams/{exam['id']}/orders", json={"order": "seal"}) as reply:
            assert (await reply.json())["state"] == "sealed"
        async with http.post(f"/api/v1/exams/{exam['id']}/orders", json={"order": "seal"}) as reply:
            assert (reply.status, (await reply.json())["code"]) == (409, "illegal_step")
        async with http.post(f"/api/v1/exams/{exam['id']}/orders", json={"order": "release"}) as reply:
            assert (await reply.json())["code"] == "not_an_order"
        async with http.get("/api/v1/exams") as reply:
            assert [one["id"] for one in await reply.json()] == [exam["id"]]
        async with http.get(f"/api/v1/exams/{exam['id']}/vouchers") as reply:
            slips = await reply.json()
            assert set(slips[0]) == {"site", "number", "name", "paper_code", "pin", "voucher"}
            assert reply.headers["Cache-Control"] == "no-store"
        async with http.get(f"/api/v1/exams/{exam['id']}/results") as reply:
            assert (reply.status, (await reply.json())["code"]) == (409, "results_not_ready")
        async with http.get("/api/v1/exams/exam-none") as reply:
            assert reply.status == 404


async def test_only_sealed_papers_are_public(centre: Centre) -> None:
    public = [route.path for route in routes(centre.exams, centre.reading, centre.bank) if route.action is None]
    assert public == ["/agent/papers/{sha256}"]


async def test_a_sealed_paper_resumes_where_it_broke_off(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL)
    paper = (await centre.papers(exam))[0]
    path = f"/agent/papers/{paper.digest.hex()}"
    async with served(centre) as http:
        async with http.get(path, headers={"nobody": "1"}) as reply:
            assert (reply.status, await reply.read()) == (200, paper.sealed)
            tag = reply.headers["ETag"]
        for asked, status, got in (
            ("bytes=10-", 206, paper.sealed[10:]),
            ("bytes=0-3", 206, paper.sealed[:4]),
            ("bytes=-5", 206, paper.sealed[-5:]),
            ("bytes=99999999-", 416, b""),
            ("lines=1-2", 200, paper.sealed),
        ):
            async with http.get(path, headers={"Range": asked, "If-Range": tag}) as reply:
                assert (reply.status, await reply.read()) == (status, got), asked
        async with http.get(path, headers={"Range": "bytes=0-3", "If-Range": '"other"'}) as reply:
            assert reply.status == 200
        for unknown in ("ab" * 32, "no-hex"):
            async with http.get(f"/agent/papers/{unknown}") as reply:
                assert reply.status == 404


async def test_results_come_as_json_and_as_a_workbook(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0)
    for site, number in zip(SITES, ("0001", "0003", "0005"), strict=True):
        await centre.sit(exam, site, {number: 4}, T0 + 300 * S)
    await centre.at(T0 + 300 * S)
    async with served(centre) as http:
        async with http.get(f"/api/v1/exams/{exam.id}/results") as reply:
            results = await reply.json()
            assert {"state", "provisional", "expected", "received", "maximum", "overall"} <= set(results)
            assert results["candidates"][0] | {"receipt": ""} == {
                "number": "0001", "name": "=Thí sinh 0001", "site": "DC01", "code": "101", "correct": 4, "mark": 5.0,
                "band": "trung_binh", "state": "handed_in", "late": 0, "receipt": "", "maximum": 8,
            }  # fmt: skip
        async with http.get(f"/api/v1/exams/{exam.id}/results.xlsx") as reply:
            names = openpyxl.load_workbook(io.BytesIO(await reply.read())).sheetnames
            assert (names[0], names[-3:]) == ("Tổng hợp", ["Phân tích câu hỏi", "Phương án", "Đề thi"])
        async with http.get(f"/api/v1/exams/{exam.id}/results.csv") as reply:
            content = await reply.read()
            assert (reply.content_type, content[:3]) == ("text/csv", b"\xef\xbb\xbf")
            assert f'filename="ket-qua-{exam.id}.csv"' in reply.headers["Content-Disposition"]
            assert '0001,\'=Thí sinh 0001,DC01,101,4,"5,00",Trung bình' in content.decode()


async def test_statistics_come_once_the_exam_is_marked(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    async with served(centre) as http:
        path = f"/api/v1/exams/{exam.id}/statistics"
        async with http.get(path) as reply:
            assert (reply.status, (await reply.json())["code"]) == (409, "results_not_ready")
        await centre.at(T0)
        for site, number in zip(SITES, ("0001", "0003", "0005"), strict=True):
            await centre.sit(exam, site, {number: 4}, T0 + 300 * S)
        await centre.at(T0 + 300 * S)
        async with http.get(path) as reply:
            told = await reply.json()
            assert reply.status == 200
    assert (told["state"], told["statistics"]["paper"]["candidates"]) == ("marked", 3)
    assert told["statistics"]["paper"]["mean"] == 4
    assert [told["questions"][one["item"]]["places"]["101"] for one in told["statistics"]["items"]] == list(range(1, 9))
    assert all(sum(option["key"] for option in one["options"]) == 1 for one in told["statistics"]["items"])


async def test_who_may_not_see_items_gets_neither_their_statistics_nor_their_sheets(centre: Centre) -> None:
    asked = {route.path: route.action for route in routes(centre.exams, centre.reading, centre.bank)}
    assert asked["/api/v1/exams/{exam}/statistics"] == "results.items"
    assert asked["/api/v1/exams/{exam}/results"] == "results.see"
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0)
    for site, number in zip(SITES, ("0001", "0003", "0005"), strict=True):
        await centre.sit(exam, site, {number: 4}, T0 + 300 * S)
    await centre.at(T0 + 300 * S)
    async with served(centre) as http:
        path = f"/api/v1/exams/{exam.id}/results.xlsx"
        async with http.get(path, headers={"role": "viewer"}) as reply:
            names = openpyxl.load_workbook(io.BytesIO(await reply.read())).sheetnames
    assert names[-1] == "Danh sách"


async def test_statistics_follow_a_new_mark(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0)
    for site in SITES:
        await centre.sit(exam, site, {"0001": 8, "0003": 2}, T0 + 300 * S)
    await centre.at(T0 + 300 * S)
    before = await centre.reading.statistics(exam.id)
    assert await centre.reading.statistics(exam.id) is before
    key = await centre.database.read(lambda conn: store.newest_key(conn, exam.id))
    void = Key(2, {item: (() if place == 0 else right) for place, (item, right) in enumerate(key.right.items())})
    await centre.database.write(lambda conn: store.keep_key(conn, exam.id, void, T0))
    await centre.ordered(exam, Action.MARK)
    after = await centre.reading.statistics(exam.id)
    assert (before.statistics.paper.items, after.statistics.paper.items, after.key_version) == (8, 7, 2)
