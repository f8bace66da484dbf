"""The journal's own corner of the site desk, on loopback only: what is on the second volume, the head to read out, and
the file for a stick.

`GET /local/journal` · `POST /local/journal/export` with a folder, for the file to be written there · the same without
one gives the file to the browser.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import msgspec
from aiohttp import web

from site_agent.exam.homeward import CannotCarry, Homeward
from site_agent.exam.journal import JournalRefused
from site_agent.local_guard import refused
from wire.ids import ExamId
from wire.unreadable import UNREADABLE

_SENTENCES = {
    "no_box": "Máy này ghép trước phiên bản này, hãy ghép lại với trung tâm. / Pair this computer again.",
    "no_folder": "Không có thư mục này. / There is no such folder.",
    "disk": "Không ghi được vào đó. / It cannot be written there.",
}


class ExportWish(msgspec.Struct, frozen=True):
    """Where to; empty: to the browser."""

    folder: Annotated[str, msgspec.Meta(max_length=1000)] = ""


class ExamHead(msgspec.Struct, frozen=True):
    """An exam and the head that is read out after it."""

    exam: ExamId
    title: str
    head: str


class JournalView(msgspec.Struct, frozen=True):
    """What the desk shows. `second_copy`: `site_agent.exam.second_volume.CopyState`; `volumes`: where a stick is."""

    second_copy: str
    volumes: list[str]
    heads: list[ExamHead]


class Exported(msgspec.Struct, frozen=True):
    """Where the file is."""

    path: str


def journal_routes(
    homeward: Homeward,
    *,
    copy_state: Callable[[], str],
    volumes: Callable[[], list[Path]],
    titles: Callable[[], dict[ExamId, str]],
) -> list[web.AbstractRouteDef]:
    """The routes, to be hung on the server of the computer's own pages."""

    async def view(_request: web.Request) -> web.StreamResponse:
        heads = [ExamHead(exam, title, await homeward.site_head(exam)) for exam, title in titles().items()]
        return _json(JournalView(copy_state(), [str(each) for each in volumes()], heads))

    async def export(request: web.Request) -> web.StreamResponse:
        try:
            folder = msgspec.json.decode(await request.read() or b"{}", type=ExportWish).folder
        except UNREADABLE:
            return refused(400, "bad_request", "Yêu cầu không đúng dạng. / Malformed request.")
        try:
            if not folder:
                return _file(await homeward.carried())
            if not Path(folder).is_dir():
                return refused(400, "no_folder", _SENTENCES["no_folder"])
            return _json(Exported(str(await homeward.export(Path(folder)))))
        except CannotCarry as fault:
            return refused(409, fault.code, _SENTENCES[fault.code])
        except JournalRefused as fault:
            return refused(503, fault.code, "Nhật ký chưa đọc được, hãy thử lại. / The journal is busy, try again.")

    return [web.get("/local/journal", view), web.post("/local/journal/export", export)]


def _json(value: object) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(value), content_type="application/json", headers={"Cache-Control": "no-store"}
    )


def _file(blob: bytes) -> web.Response:
    name = f"nhat-ky-{time.strftime('%Y%m%d-%H%M%S')}.diemcau"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return web.Response(body=blob, content_type="application/octet-stream", headers=headers)
