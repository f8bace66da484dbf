"""The bank over the real HTTP kit: every format in, Word and Excel out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from orchestrator.exams.bank_export import docx, xlsx
from orchestrator.exams.formats import parse
from orchestrator.exams.model import Action
from orchestrator.exams.routes import routes
from orchestrator.web.kit import Identity, Route
from orchestrator.web.server import application, listening_socket, serving
from tests.doubles.exam_conductor import BANK, Centre, conducting
from tests.doubles.word_files import CHOICES, package, qti_item, qti_package


class OpenGate:
    """Lets everybody in as Ann."""

    async def admit(self, request: web.Request, route: Route) -> Identity | None:
        return Identity("person-ann", "ann", "Ann", "planner")


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    async with conducting(tmp_path) as running:
        yield running


@asynccontextmanager
async def served(centre: Centre) -> AsyncIterator[aiohttp.ClientSession]:
    bound = listening_socket("127.0.0.1", 0)
    base = f"http://127.0.0.1:{bound.getsockname()[1]}"
    app = application(routes(centre.exams, centre.reading, centre.bank), OpenGate())
    async with serving(app, bound), aiohttp.ClientSession(base) as http:
        yield http


async def imported(http: aiohttp.ClientSession, content: bytes, question_format: str = "auto") -> dict[str, Any]:
    async with http.post(f"/api/v1/bank/import?format={question_format}", data=content) as reply:
        told: dict[str, Any] = await reply.json()
        return told


@pytest.mark.parametrize("write", [docx, xlsx])
async def test_the_bank_goes_out_and_comes_in_again_as_the_same_questions(centre: Centre, write: object) -> None:
    name = "docx" if write is docx else "xlsx"
    async with served(centre) as http:
        assert (await imported(http, BANK.encode()))["accepted"] == 12
        async with http.get(f"/api/v1/bank/export?format={name}") as reply:
            assert (reply.status, reply.headers["Cache-Control"]) == (200, "no-store")
            file = await reply.read()
        wanted = {(q.text, q.options, q.letter) for q in parse(BANK.encode()).questions}
        assert {(q.text, q.options, q.letter) for q in parse(file).questions} == wanted
        again = await imported(http, file, name)
        assert (again["accepted"], len(again["refused"]), again["remarks"]) == (0, 12, [])


async def test_a_qti_package_is_taken_and_its_near_twin_told(centre: Centre) -> None:
    item = qti_item(CHOICES)
    async with served(centre) as http:
        assert (await imported(http, qti_package({"1.xml": item})))["accepted"] == 1
        told = await imported(http, item.replace("Chọn một.", "Chọn một đi.").encode(), "qti")
        assert told["accepted"] == 1
        assert [remark["kind"] for remark in told["remarks"]] == ["alike_questions"]


async def test_a_bomb_and_an_unknown_export_are_refused(centre: Centre) -> None:
    async with served(centre) as http:
        told = await imported(http, package({"word/document.xml": bytes(8 << 20)}))
        assert told["code"] == "unreadable_file"
        async with http.get("/api/v1/bank/export?format=pdf") as reply:
            assert (reply.status, (await reply.json())["code"]) == (400, "unknown_format")
        async with http.get("/api/v1/bank/template.xlsx") as reply:
            assert (await reply.read()).startswith(b"PK")


async def test_the_keys_stay_at_the_centre_from_the_sealing_of_an_exam_until_it_is_over(centre: Centre) -> None:
    exam = await centre.planned()
    async with served(centre) as http:

        async def asked() -> int:
            async with http.get("/api/v1/bank/export?format=xlsx") as reply:
                return reply.status

        assert await asked() == 200
        await centre.ordered(exam, Action.SEAL)
        assert await asked() == 409
        await centre.ordered(exam, Action.ARM, Action.CANCEL)
        assert await asked() == 200
