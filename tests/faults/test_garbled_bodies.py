"""Bodies that are no JSON, no UTF-8 or nested without end, sent to every door of a running centre and of a running
agent: each is refused with a sentence, and both go on."""

from __future__ import annotations

import ast
import re
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import aiohttp

from demo.operator import Operator
from site_agent.local_guard import origin_of
from tests.doubles.small_day import local_state, small_day

ROOT = Path(__file__).parents[2]
GARBLED = (b'"\xff"', b'{"a":"\xc3("}', b'{"text":"\xc3(","number":"\xff"}', b"\xff\xfe", b"[" * 20_000, b"", b"nul")
WRITES = ("post", "put", "patch")
Speak = Callable[[bytes], Awaitable[tuple[int, str]]]


def doors_of_an_agent() -> set[str]:
    """Paths of the agent's pages that take a body, as its source names them."""
    found: set[str] = set()
    for file in (ROOT / "site_agent").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            if re.search(r"(web\.|add_)(post|put|patch)$", ast.unparse(node.func)):
                found.add(str(node.args[0].value))
    return found


async def fallen_over(door: str, speak: Speak) -> list[str]:
    """What is told of each body that is answered otherwise than with a refusal that a page can show."""
    wrong: list[str] = []
    for body in GARBLED:
        status, told = await speak(body)
        if status >= 500:
            wrong.append(f"{door} {body[:30]!r}: {status} {told[:80]}")
    return wrong


def described(api: dict[str, dict[str, dict[str, object]]]) -> Iterator[tuple[str, str]]:
    """Method and path, without its variable parts, of what takes a body of JSON."""
    for path, operations in api.items():
        for method, operation in operations.items():
            if method in WRITES and "requestBody" in operation:
                yield method, re.sub(r"{\w+}", "x", path)


def of_the_centre(admin: Operator, method: str, path: str) -> Speak:
    async def speak(body: bytes) -> tuple[int, str]:
        status, _, told = await admin.speak(method, path, {"Content-Type": "application/json"}, body)
        return status, told

    return speak


def of_an_agent(http: aiohttp.ClientSession, base: str, path: str) -> Speak:
    async def speak(body: bytes) -> tuple[int, str]:
        headers = {"Content-Type": "application/json", "Origin": base}
        async with http.post(base + path, data=body, headers=headers) as reply:
            return reply.status, await reply.text(errors="replace")

    return speak


async def test_a_garbled_body_is_refused_at_every_door(tmp_path: Path) -> None:
    async with small_day(tmp_path) as stage:
        school, admin = stage.schools[0], stage.admin
        doors = sorted(doors_of_an_agent())
        wrong: list[str] = []
        for base in (origin_of(school.screen_url), origin_of(school.desk_url)):
            assert base is not None
            for door in doors:
                wrong += await fallen_over(door, of_an_agent(admin.http, base, door))
        at_the_centre = list(described((await admin.get("/api/v1/openapi.json"))["paths"]))
        for method, path in at_the_centre:
            wrong += await fallen_over(path, of_the_centre(admin, method, path))
        assert wrong == []
        assert (len(doors) > 12, len(at_the_centre) > 60) == (True, True)
        assert (await local_state(stage, school))["site"]["code"] == school.site.code
        school.agent.check()
        stage.centre.check()
