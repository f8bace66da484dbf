"""The words of tus 1.0 (https://tus.io/protocols/resumable-upload): headers read and refused."""

from __future__ import annotations

import base64
import binascii
from collections.abc import AsyncIterator, Awaitable, Callable

from aiohttp import web

from orchestrator.errors import Refused
from orchestrator.essays.uploads import PIECE

TUS = "1.0.0"
HEADERS = {"Tus-Resumable": TUS}

Append = Callable[[int, AsyncIterator[bytes], Callable[[], None]], Awaitable[int]]
"""(offset, the bytes as they come, what ends them with ConnectionResetError): the new offset."""


async def pieces(request: web.Request) -> AsyncIterator[bytes]:
    """The body as it comes."""
    async for piece in request.content.iter_chunked(PIECE):
        yield piece


def check_version(request: web.Request) -> None:
    """Refuse another version of the protocol."""
    if request.headers.get("Tus-Resumable") != TUS:
        raise Refused("wrong_tus", "Cần giao thức tus 1.0.0. / tus 1.0.0 is needed.", 412)


def whole(text: str | None) -> int:
    """A length or an offset."""
    if text is None or not (text.isascii() and text.isdecimal() and len(text) <= 15):
        raise Refused("bad_request", "Thiếu hoặc sai độ dài. / A length is missing or wrong.", 400)
    return int(text)


def metadata(text: str) -> dict[str, str]:
    """``Upload-Metadata``: pairs of a key and a Base64 value (tus 1.0, creation)."""
    told = {}
    for pair in text[:8000].split(",") if text else []:
        key, _, value = pair.strip().partition(" ")
        try:
            told[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as fault:
            raise Refused("bad_request", "Upload-Metadata sai. / Malformed Upload-Metadata.", 400) from fault
    return told


def digest(text: str) -> bytes | None:
    """The promised SHA-256 in hex; None when none was promised."""
    try:
        found = bytes.fromhex(text)
    except ValueError as fault:
        raise Refused("bad_request", "sha256 sai. / Malformed sha256.", 400) from fault
    return found if len(found) == 32 else None


def checksum(text: str) -> bytes | None:
    """``Upload-Checksum: sha256 <Base64>`` (tus 1.0, checksum)."""
    if not text:
        return None
    algorithm, _, value = text.partition(" ")
    try:
        found = base64.b64decode(value, validate=True)
    except binascii.Error:
        found = b""
    if algorithm != "sha256" or len(found) != 32:
        raise Refused("bad_checksum", "Chỉ nhận mã kiểm sha256. / Only sha256 checksums are taken.", 400)
    return found


def supported(largest: int) -> web.StreamResponse:
    """The answer to OPTIONS; ``largest`` in bytes."""
    told = {"Tus-Version": TUS, "Tus-Extension": "creation,termination", "Tus-Max-Size": str(largest)}
    return web.Response(status=204, headers=HEADERS | told)


def created(place: str) -> web.StreamResponse:
    """The answer to a new upload (tus 1.0, creation)."""
    return web.Response(status=201, headers=HEADERS | {"Location": place})


def standing(offset: int, size: int) -> web.StreamResponse:
    """The answer to HEAD: how far an upload is."""
    told = {"Upload-Offset": str(offset), "Upload-Length": str(size), "Cache-Control": "no-store"}
    return web.Response(headers=HEADERS | told)


async def patched(request: web.Request, append: Append) -> web.StreamResponse:
    """More bytes of an upload, and the answer. Raises :class:`Refused`."""
    check_version(request)
    if request.content_type != "application/offset+octet-stream":
        raise Refused("wrong_type", "Sai kiểu nội dung. / Wrong content type.", 415)
    offset = whole(request.headers.get("Upload-Offset"))
    try:
        reached = await append(offset, pieces(request), lambda: request.content.set_exception(ConnectionResetError()))
    except ConnectionResetError:
        # The line broke, or the page came back by another one: nobody reads this answer.
        return web.Response(status=408, headers=HEADERS | {"Connection": "close"})
    return web.Response(status=204, headers=HEADERS | {"Upload-Offset": str(reached)})


def gone() -> web.StreamResponse:
    """The answer to DELETE (tus 1.0, termination)."""
    return web.Response(status=204, headers=HEADERS)
