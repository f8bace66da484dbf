"""Fetches sealed papers from the centre: resumable (RFC 9110 §14.2), verified by digest, harmless to repeat."""

import asyncio
import hashlib
from pathlib import Path

import aiohttp

from wire.exam_release import MAX_CERTIFICATE_BYTES

MAX_PAPER_BYTES = 32 * 1024 * 1024
SMALL_WITHIN_S = 5.0
_CHUNK = 64 * 1024


class DownloadFailed(Exception):
    """The centre gave no paper, or not the one asked for; try again later."""


async def fetch_small(url: str, limit: int = MAX_CERTIFICATE_BYTES, within_s: float = SMALL_WITHIN_S) -> bytes:
    """A small public file, whole; raises `DownloadFailed` for anything but 200, for more than `limit` bytes, and for a
    host that takes longer than `within_s`."""
    timeout = aiohttp.ClientTimeout(total=within_s)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as client, client.get(url, allow_redirects=False) as reply:
            if reply.status != 200:
                raise DownloadFailed(f"answered {reply.status}")
            body = bytearray()
            async for chunk in reply.content.iter_chunked(_CHUNK):
                body += chunk
                if len(body) > limit:
                    raise DownloadFailed("too_large")
            return bytes(body)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise DownloadFailed(f"{type(error).__name__}: {error}") from error


class PaperDownload:
    """Reads `<centre>/agent/papers/<sha256>`; what has come so far waits in `folder` for the next attempt."""

    def __init__(self, centre_url: str, folder: Path) -> None:
        self._url = centre_url.rstrip("/") + "/agent/papers/"
        self._folder = folder

    async def fetch(self, digest: bytes) -> bytes:
        """The sealed paper with this SHA-256; raises `DownloadFailed`."""
        part = self._folder / f"{digest.hex()}.part"
        try:
            await self._read_rest(digest.hex(), part)
            sealed = await asyncio.to_thread(part.read_bytes)
            await asyncio.to_thread(part.unlink)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise DownloadFailed(f"{type(error).__name__}: {error}") from error
        if hashlib.sha256(sealed).digest() != digest:
            raise DownloadFailed("what came is not the paper asked for")
        return sealed

    async def _read_rest(self, name: str, part: Path) -> None:
        await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True)
        have = await asyncio.to_thread(lambda: part.stat().st_size if part.exists() else 0)
        headers = {"Range": f"bytes={have}-"} if have else {}
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=30)
        async with (
            aiohttp.ClientSession(timeout=timeout) as client,
            client.get(self._url + name, headers=headers) as reply,
        ):
            if reply.status == 416:
                return
            if reply.status not in (200, 206):
                raise DownloadFailed(f"the centre answered {reply.status}")
            if reply.status == 200:
                have = 0
            await _append(reply, part, have)


async def _append(reply: aiohttp.ClientResponse, part: Path, have: int) -> None:
    with await asyncio.to_thread(part.open, "ab") as file:
        file.truncate(have)
        async for chunk in reply.content.iter_chunked(_CHUNK):
            have += len(chunk)
            if have > MAX_PAPER_BYTES:
                raise DownloadFailed("the paper is larger than any paper")
            await asyncio.to_thread(file.write, chunk)
