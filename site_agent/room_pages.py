"""The room's corner of the site desk, on loopback only: the live picture, the seats, the reference, the count by hand.

`GET /local/room` · `GET /local/room/picture.jpg` the room now · `GET /local/room/trial.jpg` the picture of the newest
trial · `POST /local/room/{corners,reference,trial,by-hand}`. Pictures are for whoever sits at this computer, whatever
the room's rule says of the centre.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Protocol, TypeVar

import msgspec
import structlog
from aiohttp import web

from site_agent.camera.frames import Picture, to_jpeg, to_side
from site_agent.camera.keeper import MOST_CORNERS, RoomKeeper, Unfit
from site_agent.camera.owner import NoPicture
from site_agent.camera.room import ratio_of
from site_agent.local_guard import refused
from site_agent.room_trial import Busy, Trials, TrialView
from wire.messages import CameraHealth
from wire.unreadable import UNREADABLE

log = structlog.get_logger()

LIVE_SIDE = 960
LIVE_QUALITY = 70

_Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]
_T = TypeVar("_T")

SENTENCES = {
    "corners": "Vùng ghế cần từ 3 đến 40 góc. / 3 to 40 corners are needed.",
    "outside": "Góc nằm ngoài hình. / A corner lies outside the picture.",
    "too_small": "Vùng ghế quá nhỏ. / The area is too small.",
    "nobody": "Camera chưa thấy ai nên chưa so được với số đếm tay. / The camera sees nobody: nothing to compare.",
    "dark": "Hình quá tối: hãy bật đèn rồi thử lại. / Too dark: switch on the light.",
    "covered": "Ống kính bị che: hãy bỏ vật che rồi thử lại. / The lens is covered.",
    "partly_covered": "Một phần ống kính bị che so với ảnh chuẩn. / Part of the lens is covered.",
    "blurred": "Hình bị nhòe: hãy lau ống kính, chỉnh nét rồi thử lại. / Blurred: wipe the lens, focus.",
    "frozen": "Hình đứng yên: hãy rút và cắm lại camera. / Frozen: plug the camera in again.",
    "no_picture": "Chưa có hình từ camera: hãy kiểm tra dây camera. / No picture: check the camera's cable.",
    "no_model": "Máy này thiếu mô hình đếm người. / The counting model is missing.",
    "busy": "Đang đếm thử, hãy đợi vài giây. / A trial is running, wait a few seconds.",
    "not_kept": "Máy chưa ghi được, hãy thử lại. / The computer could not keep it, try again.",
}


class Camera(Protocol):
    """``CameraOwner`` is one."""

    @property
    def health(self) -> CameraHealth: ...
    async def frame(self) -> Picture: ...


class Corners(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The polygon of the seats as shares of the picture; none: everybody in the picture counts."""

    corners: Annotated[list[tuple[float, float]], msgspec.Meta(max_length=MOST_CORNERS)]


class Reference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Take the picture of the room now, or forget the one there is."""

    forget: bool = False


class ByHand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """People in the room at this moment, counted by a person."""

    number: Annotated[int, msgspec.Meta(ge=1, le=10_000)]


class RoomView(msgspec.Struct, frozen=True):
    """The room as it is set up. ``ratio``: people by hand for one by camera."""

    camera: CameraHealth
    corners: list[tuple[float, float]]
    reference_ms: int | None
    by_hand: int | None
    by_camera: int | None
    by_hand_ms: int | None
    ratio: float | None
    trial: TrialView | None


class RoomPages:
    """Routes for the server of the computer's own pages. ``drawn``: told of new seats and of another reference."""

    def __init__(
        self,
        camera: Camera,
        keeper: RoomKeeper,
        trials: Trials,
        now_ms: Callable[[], int],
        *,
        drawn: Callable[[], None] = lambda: None,
    ) -> None:
        self._camera = camera
        self._keeper = keeper
        self._trials = trials
        self._now_ms = now_ms
        self._drawn = drawn

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/local/room", self._room),
            web.get("/local/room/picture.jpg", _answering(self._picture)),
            web.get("/local/room/trial.jpg", _answering(self._trial_picture)),
            web.post("/local/room/corners", _answering(self._corners)),
            web.post("/local/room/reference", _answering(self._reference)),
            web.post("/local/room/trial", _answering(self._trial)),
            web.post("/local/room/by-hand", _answering(self._by_hand)),
        ]

    async def _room(self, _request: web.Request) -> web.Response:
        told = self._keeper.told
        view = RoomView(
            self._camera.health,
            told.polygon,
            told.reference_ms,
            told.by_hand,
            told.by_camera,
            told.by_hand_ms,
            ratio_of(told),
            self._trials.newest,
        )
        headers = {"Cache-Control": "no-store"}
        return web.Response(body=msgspec.json.encode(view), content_type="application/json", headers=headers)

    async def _picture(self, _request: web.Request) -> web.Response:
        picture = await self._camera.frame()
        return _jpeg(await asyncio.to_thread(lambda: to_jpeg(to_side(picture.frame, LIVE_SIDE), LIVE_QUALITY)))

    async def _trial_picture(self, _request: web.Request) -> web.Response:
        if self._trials.picture is None:
            raise NoPicture("no trial yet")
        return _jpeg(self._trials.picture)

    async def _corners(self, request: web.Request) -> web.Response:
        asked = await _body(request, Corners)
        await asyncio.to_thread(self._keeper.draw, asked.corners)
        if asked.corners and self._keeper.told.reference is None:
            await self._refer_too()
        self._drawn()
        return await self._room(request)

    async def _refer_too(self) -> None:
        """Seats fit a view: with the first ones its picture is kept, so that a camera that was turned is found."""
        try:
            picture = await self._camera.frame()
            await asyncio.to_thread(self._keeper.refer, picture.frame, self._now_ms())
        except (NoPicture, Unfit) as fault:
            log.info("reference_not_taken", why=str(fault))

    async def _reference(self, request: web.Request) -> web.Response:
        if (await _body(request, Reference)).forget:
            await asyncio.to_thread(self._keeper.forget_reference)
        else:
            picture = await self._camera.frame()
            await asyncio.to_thread(self._keeper.refer, picture.frame, self._now_ms())
        self._drawn()
        return await self._room(request)

    async def _trial(self, request: web.Request) -> web.Response:
        await self._trials.count()
        return await self._room(request)

    async def _by_hand(self, request: web.Request) -> web.Response:
        await self._trials.calibrate((await _body(request, ByHand)).number)
        return await self._room(request)


def _answering(act: _Serve) -> _Serve:
    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await act(request)
        except web.HTTPBadRequest as bad:
            return refused(400, "bad_request", bad.text or "")
        except Unfit as unfit:
            return refused(422, unfit.code, SENTENCES.get(unfit.code, unfit.code))
        except Busy:
            return refused(409, "busy", SENTENCES["busy"])
        except NoPicture:
            return refused(503, "no_picture", SENTENCES["no_picture"])
        except OSError:
            return refused(503, "not_kept", SENTENCES["not_kept"])

    return answer


async def _body(request: web.Request, kind: type[_T]) -> _T:
    if request.content_type != "application/json":
        raise web.HTTPBadRequest(text="Cần JSON. / JSON expected.")
    try:
        return msgspec.json.decode(await request.read() or b"{}", type=kind)
    except UNREADABLE as fault:
        raise web.HTTPBadRequest(text="Yêu cầu không đúng dạng. / Malformed request.") from fault


def _jpeg(octets: bytes) -> web.Response:
    return web.Response(body=octets, content_type="image/jpeg", headers={"Cache-Control": "no-store"})
