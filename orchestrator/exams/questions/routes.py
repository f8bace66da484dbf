"""HTTP of the bank's questions, one by one."""

from aiohttp import web

from orchestrator.errors import Refused
from orchestrator.exams.questions.desk import ImageSent, QuestionDesk, QuestionLine, QuestionPage, QuestionWish
from orchestrator.web.kit import Routes, body, content, delete, get, json, post, put, who
from wire.ids import ItemId

IMAGE_LIMIT = 6 << 20


def routes(desk: QuestionDesk) -> Routes:
    """All routes of the question pages."""
    pages = _Pages(desk)
    right = "bank.edit"
    return [
        get("/api/v1/bank/questions", pages.every, action=right, summary="Bank", reply=list[QuestionLine]),
        post(
            "/api/v1/bank/questions",
            pages.add,
            action=right,
            summary="Add a question",
            body=QuestionWish,
            reply=QuestionPage,
        ),
        get("/api/v1/bank/questions/{question}", pages.one, action=right, summary="A question", reply=QuestionPage),
        put(
            "/api/v1/bank/questions/{question}",
            pages.edit,
            action=right,
            summary="Edit a question",
            body=QuestionWish,
            reply=QuestionPage,
        ),
        delete("/api/v1/bank/questions/{question}", pages.delete, action=right, summary="Remove a question"),
        post(
            "/api/v1/bank/questions/{question}/archive",
            pages.archive,
            action=right,
            summary="Put a question away",
            reply=QuestionPage,
        ),
        post(
            "/api/v1/bank/questions/{question}/restore",
            pages.restore,
            action=right,
            summary="Take a question back into use",
            reply=QuestionPage,
        ),
        post("/api/v1/bank/images", pages.keep_image, action=right, summary="Send an image", reply=ImageSent),
        get("/api/v1/bank/images/{digest}", pages.image, action=right, summary="An image of the bank"),
    ]


class _Pages:
    def __init__(self, desk: QuestionDesk) -> None:
        self._desk = desk

    async def every(self, _request: web.Request) -> web.Response:
        return json(await self._desk.lines())

    async def one(self, request: web.Request) -> web.Response:
        reply = json(await self._desk.page(_question(request)))
        reply.headers["Cache-Control"] = "no-store"
        return reply

    async def add(self, request: web.Request) -> web.Response:
        return json(await self._desk.add(who(request).username, await body(request, QuestionWish)), 201)

    async def edit(self, request: web.Request) -> web.Response:
        wish = await body(request, QuestionWish)
        return json(await self._desk.edit(who(request).username, _question(request), wish))

    async def archive(self, request: web.Request) -> web.Response:
        return await self._put_away(request, away=True)

    async def restore(self, request: web.Request) -> web.Response:
        return await self._put_away(request, away=False)

    async def delete(self, request: web.Request) -> web.Response:
        await self._desk.delete(who(request).username, _question(request), _version(request))
        return json({})

    async def keep_image(self, request: web.Request) -> web.Response:
        return json(await self._desk.keep_image(await content(request, IMAGE_LIMIT)), 201)

    async def image(self, request: web.Request) -> web.Response:
        image = await self._desk.image(request.match_info["digest"])
        headers = {"Cache-Control": "private, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=image.content, content_type=image.media, headers=headers)

    async def _put_away(self, request: web.Request, *, away: bool) -> web.Response:
        page = await self._desk.put_away(who(request).username, _question(request), _version(request), away=away)
        return json(page)


def _question(request: web.Request) -> ItemId:
    return ItemId(request.match_info["question"])


def _version(request: web.Request) -> int:
    told = request.query.get("version", "")
    if not (told.isascii() and told.isdecimal() and len(told) < 10):
        raise Refused("bad_request", "Thiếu số lần sửa (version). / The version is missing.")
    return int(told)
