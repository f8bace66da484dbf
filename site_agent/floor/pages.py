"""`POST /local/floor/hand`, `GET` `POST /local/floor/questions`, WebSocket `/local/floor/picture`: on loopback only."""

from __future__ import annotations

from typing import Annotated

import msgspec
from aiohttp import web

from site_agent.floor.capture import FloorPictures
from site_agent.floor.service import FloorRefused, SiteFloor
from site_agent.local_guard import refused
from wire.floor import QUESTION_LETTERS
from wire.unreadable import UNREADABLE

MALFORMED = "Yêu cầu không đúng dạng. / Malformed request."


class HandMoved(msgspec.Struct, frozen=True):
    """Body of `POST /local/floor/hand`; `up` False also gives back a floor that the room has."""

    up: bool


class Question(msgspec.Struct, frozen=True):
    """Body of `POST /local/floor/questions`; `id` is the page's own, the same when it asks again."""

    id: Annotated[str, msgspec.Meta(min_length=8, max_length=40)]
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=QUESTION_LETTERS)]


def floor_routes(floor: SiteFloor, pictures: FloorPictures) -> list[web.AbstractRouteDef]:
    """The routes of the floor on this computer's own pages."""

    async def hand(request: web.Request) -> web.StreamResponse:
        try:
            floor.wish(up=msgspec.json.decode(await request.read(), type=HandMoved).up)
        except UNREADABLE:
            return refused(400, "bad_request", MALFORMED)
        except FloorRefused as fault:
            return refused(fault.status, fault.code, fault.message)
        return _json({"done": True})

    async def questions(_request: web.Request) -> web.StreamResponse:
        return _json(floor.questions())

    async def ask(request: web.Request) -> web.StreamResponse:
        try:
            asked = msgspec.json.decode(await request.read(), type=Question)
            await floor.question(asked.id, asked.text)
        except UNREADABLE:
            return refused(400, "bad_request", MALFORMED)
        except FloorRefused as fault:
            return refused(fault.status, fault.code, fault.message)
        return _json(floor.questions())

    return [
        web.post("/local/floor/hand", hand),
        web.get("/local/floor/questions", questions),
        web.post("/local/floor/questions", ask),
        web.get("/local/floor/picture", pictures.serve),
    ]


def _json(value: object) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(value), content_type="application/json", headers={"Cache-Control": "no-store"}
    )
