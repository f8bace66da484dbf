"""Bodies that are no JSON, no UTF-8 or nested without end, sent to every door of a running centre and of a running
agent: each is refused with a sentence, and both go on."""

from __future__ import annotations

import ast
import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from demo.operator import Operator
from site_agent.local_guard import origin_of
from tests.doubles.small_day import local_state, small_day

pytestmark = pytest.mark.timeout(240)
ROOT = Path(__file__).parents[2]
GARBLED = (b'"\xff"', b'{"a":"\xc3("}', b"[" * 20_000)
LONG = {"/exam/talk", "/local/readiness/look", "/local/room/trial"}
"""They wait, or look at the room, whatever the body."""
WRITES = ("post", "put", "patch")
Speak = Callable[[bytes], Awaitable[tuple[int, str]]]


def doors_of_an_agent() -> dict[str, set[str]]:
    """Paths of the agent's pages that take a body, as its source names them, each with its file's fields."""
    found: dict[str, set[str]] = {}
    for file in (ROOT / "site_agent").rglob("*.py"):
        doors, fields = set[str](), set[str]()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                fields.add(node.target.id)
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            if re.search(r"(web\.|add_)(post|put|patch)$", ast.unparse(node.func)):
                doors.add(str(node.args[0].value))
        found |= dict.fromkeys(doors, fields)
    return found


def garbled(fields: set[str]) -> list[bytes]:
    """Bodies for a door whose struct may have these fields."""
    return [*GARBLED, *(b'{"%s":"\xc3("}' % name.encode() for name in sorted(fields))]


async def fallen_over(door: str, fields: set[str], speak: Speak) -> list[str]:
    """What is told of each body that is answered otherwise than with a refusal that a page can show."""
    bodies = garbled(set() if door in LONG else fields)
    told = zip(bodies, await asyncio.gather(*(speak(body) for body in bodies)), strict=True)
    return [f"{door} {body[:30]!r}: {status} {text[:80]}" for body, (status, text) in told if status >= 500]


def described(api: dict[str, Any]) -> Iterator[tuple[str, str, set[str]]]:
    """Method, path without its variable parts, and fields of what takes a body of JSON."""
    for path, operations in api["paths"].items():
        for method, operation in operations.items():
            if method in WRITES and "requestBody" in operation:
                schema = operation["requestBody"]["content"]["application/json"]["schema"]
                kind = api["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], {})
                yield method, re.sub(r"{\w+}", "x", path), set(kind.get("properties", {}))


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
        doors = doors_of_an_agent()
        bases = [str(origin_of(school.screen_url)), str(origin_of(school.desk_url))]
        looks = [
            fallen_over(door, doors[door], of_an_agent(admin.http, base, door)) for base in bases for door in doors
        ]
        at_the_centre = list(described(await admin.get("/api/v1/openapi.json")))
        looks += [
            fallen_over(path, fields, of_the_centre(admin, method, path)) for method, path, fields in at_the_centre
        ]
        assert [fault for found in await asyncio.gather(*looks) for fault in found] == []
        assert (len(doors) > 12, len(at_the_centre) > 60) == (True, True)
        assert (await local_state(stage, school))["site"]["code"] == school.site.code
        school.agent.check()
        stage.centre.check()
