"""A joined file over HTTP with ranges (RFC 9110 §14), read piece by piece off the event loop."""

from __future__ import annotations

import asyncio

from aiohttp import web

from orchestrator.recordings.files import CHUNK, Whole

TYPE = "video/mp4"


async def serve(request: web.Request, whole: Whole, *, tag: str, save_as: str = "") -> web.StreamResponse:
    """The whole or the one range that was asked for; 416 where there is none. A file that shrank ends the answer."""
    headers = {"Accept-Ranges": "bytes", "ETag": f'"{tag}"', "Cache-Control": "private, no-store"}
    if save_as:
        headers["Content-Disposition"] = f'attachment; filename="{save_as}"'
    start, end = 0, whole.size
    status = 200
    if "Range" in request.headers and request.headers.get("If-Range") in (None, f'"{tag}"'):
        asked = _range(request, whole.size)
        if asked is None:
            return web.Response(status=416, headers={**headers, "Content-Range": f"bytes */{whole.size}"})
        start, end = asked
        status = 206
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{whole.size}"
    response = web.StreamResponse(status=status, headers=headers)
    response.content_type = TYPE
    response.content_length = end - start
    await response.prepare(request)
    if request.method == "HEAD":
        return response
    while start < end:
        data = await asyncio.to_thread(whole.read, start, min(CHUNK, end - start))
        if not data:
            break
        await response.write(data)
        start += len(data)
    await response.write_eof()
    return response


def _range(request: web.Request, size: int) -> tuple[int, int] | None:
    try:
        asked = request.http_range
    except ValueError:
        return None
    start, stop = asked.start, asked.stop
    if start is None:
        return None
    if start < 0:
        start, stop = max(0, size + start), size
    end = size if stop is None else min(stop, size)
    return (start, end) if start < end else None
