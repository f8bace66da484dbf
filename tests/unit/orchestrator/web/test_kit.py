"""The kit: errors in one place, bodies checked, sizes bounded, OpenAPI from the routes themselves."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import msgspec
import pytest
from aiohttp import web

from orchestrator.errors import Refused
from orchestrator.web.kit import BODY_LIMIT, Identity, Route, Routes, body, content, get, json, post, who
from orchestrator.web.openapi import document
from orchestrator.web.pages import routes as page_routes
from orchestrator.web.server import application, listening_socket, serving

PERSON = Identity("person-1", "an", "Nguyễn Văn An", "operator")


class OpenGate:
    """Admits everybody as the same person; public routes without one."""

    async def admit(self, request: web.Request, route: Route) -> Identity | None:
        return None if route.action is None else PERSON


class Greeting(msgspec.Struct, frozen=True):
    name: str
    times: int = 1


async def greet(request: web.Request) -> web.StreamResponse:
    return json(await body(request, Greeting))


async def size(request: web.Request) -> web.StreamResponse:
    return json(len(await content(request, 10)))


async def refuse(request: web.Request) -> web.StreamResponse:
    raise Refused("too_many", "Chờ một chút.", 429, retry_after_s=7)


async def fail(request: web.Request) -> web.StreamResponse:
    raise RuntimeError("a secret detail")


async def me(request: web.Request) -> web.StreamResponse:
    return json(who(request))


ROUTES: Routes = [
    post("/api/v1/greet", greet, action="any", summary="greet", body=Greeting, reply=Greeting),
    post("/api/v1/size", size, action="any"),
    get("/api/v1/refuse", refuse, action="any"),
    get("/api/v1/fail", fail, action="any"),
    get("/api/v1/me/{x}", me, action="any", reply=Identity),
]


@asynccontextmanager
async def running(routes: Routes) -> AsyncIterator[aiohttp.ClientSession]:
    bound = listening_socket("127.0.0.1", 0)
    async with (
        serving(application(routes, OpenGate()), bound),
        aiohttp.ClientSession(f"http://127.0.0.1:{bound.getsockname()[1]}") as http,
    ):
        yield http


async def test_a_body_is_read_as_its_type_and_faults_name_their_place() -> None:
    async with running(ROUTES) as http:
        async with http.post("/api/v1/greet", json={"name": "An"}) as reply:
            assert (reply.status, await reply.json()) == (200, {"name": "An", "times": 1})
        for wrong in (b"{", b'{"name": 5}', b"\xff", b"[]"):
            async with http.post("/api/v1/greet", data=wrong) as reply:
                assert (reply.status, (await reply.json())["code"]) == (400, "bad_request")
        async with http.post("/api/v1/greet", json={"name": 5}) as reply:
            assert "$.name" in (await reply.json())["message"]


async def test_a_body_too_large_is_refused_whether_it_says_so_or_not() -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 5

    async with running(ROUTES) as http:
        for sent in (b"x" * 11, endless()):
            async with http.post("/api/v1/size", data=sent) as reply:
                assert (reply.status, (await reply.json())["code"]) == (413, "too_large")
        async with http.post("/api/v1/size", data=b"x" * 10) as reply:
            assert await reply.json() == 10
    assert BODY_LIMIT == 1 << 20


async def test_a_refusal_keeps_its_code_sentence_and_fields() -> None:
    async with running(ROUTES) as http, http.get("/api/v1/refuse") as reply:
        told = {"code": "too_many", "message": "Chờ một chút.", "retry_after_s": 7}
        assert (reply.status, await reply.json()) == (429, told)
        assert reply.headers["Retry-After"] == "7"


async def test_an_unexpected_fault_tells_nothing_of_itself() -> None:
    async with running(ROUTES) as http, http.get("/api/v1/fail") as reply:
        assert reply.status == 500
        assert "secret" not in await reply.text()


async def test_every_answer_carries_safe_headers() -> None:
    async with running(ROUTES) as http, http.get("/api/v1/me/1") as reply:
        assert await reply.json() == msgspec.to_builtins(PERSON)
        assert "default-src 'self'" in reply.headers["Content-Security-Policy"]
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("PUT", "/api/v1/greet", 405)])
async def test_what_is_not_there_says_so_in_json(method: str, path: str, status: int) -> None:
    async with running(ROUTES) as http, http.request(method, path) as reply:
        assert reply.status == status
        assert set(await reply.json()) == {"code", "message"}


async def test_pages_that_were_not_built_say_what_to_do(tmp_path: Path) -> None:
    async with running(page_routes(folder=tmp_path)) as http:
        async with http.get("/wall") as reply:
            assert (reply.status, (await reply.json())["code"]) == (503, "pages_not_built")
        async with http.get("/", allow_redirects=False) as reply:
            assert (reply.status, reply.headers["Location"]) == (302, "/wall")


async def test_an_asset_cannot_be_reached_outside_its_folder(tmp_path: Path) -> None:
    async with running(page_routes(folder=tmp_path)) as http:
        for name in ("..%2f..%2fetc%2fpasswd", "..%2findex.html", "x.js"):
            async with http.get(f"/assets/{name}") as reply:
                assert reply.status == 404


def test_openapi_describes_every_api_route_with_its_types() -> None:
    made = document(ROUTES, "1")
    assert made["openapi"] == "3.1.0"
    assert set(made["paths"]) == {"/api/v1/greet", "/api/v1/size", "/api/v1/refuse", "/api/v1/fail", "/api/v1/me/{x}"}
    greet_route = made["paths"]["/api/v1/greet"]["post"]
    assert greet_route["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/Greeting")
    assert made["components"]["schemas"]["Greeting"]["required"] == ["name"]
    assert made["paths"]["/api/v1/me/{x}"]["get"]["parameters"][0]["name"] == "x"


async def test_an_asset_is_packed_for_whoever_unpacks_it(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "a.js").write_bytes(b"1;" * 500)
    (tmp_path / "assets" / "a.js.gz").write_bytes(gzip.compress(b"1;" * 500))
    async with running(page_routes(folder=tmp_path)) as http:
        for accepted, encoding in (("gzip, br", "gzip"), ("identity", None)):
            async with http.get("/assets/a.js", headers={"Accept-Encoding": accepted}) as reply:
                assert (reply.headers.get("Content-Encoding"), reply.headers["Vary"]) == (encoding, "Accept-Encoding")
                assert reply.headers["Cache-Control"] == "public, max-age=31536000, immutable"
                assert await reply.read() == b"1;" * 500
