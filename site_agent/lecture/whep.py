"""Asks a WHEP endpoint for a stream (draft-ietf-wish-whep §4): one POST, one answer, one DELETE."""

import contextlib
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import aiohttp

HTTP_S = 10.0
GOODBYE_S = 2.0


class WhepRefused(Exception):
    """The endpoint refused or cannot be reached; the sentence says which."""


@dataclass(frozen=True, slots=True)
class WhepSession:
    """An accepted viewer: the answer, the address under which it can be ended, and the Link headers, in one line."""

    answer_sdp: str
    resource: str
    links: str = ""


async def ask(http: aiohttp.ClientSession, url: str, token: str, offer_sdp: str) -> WhepSession:
    """Offer to view; raises WhepRefused."""
    headers = {"Content-Type": "application/sdp", "Authorization": f"Bearer {token}", **_own(url)}
    try:
        async with http.post(url, data=offer_sdp, headers=headers, timeout=aiohttp.ClientTimeout(HTTP_S)) as reply:
            body = await reply.text()
            if reply.status != 201:
                raise WhepRefused(f"{reply.status} {body[:200]}")
            links = ", ".join(reply.headers.getall("Link", []))
            return WhepSession(body, urljoin(url, reply.headers.get("Location", "")), links)
    except (aiohttp.ClientError, TimeoutError) as fault:
        raise WhepRefused(str(fault) or type(fault).__name__) from fault


async def leave(http: aiohttp.ClientSession, session: WhepSession, token: str) -> None:
    """End a viewer's session; an endpoint that is gone needs no goodbye."""
    headers = {"Authorization": f"Bearer {token}", **_own(session.resource)}
    with contextlib.suppress(aiohttp.ClientError, TimeoutError):
        async with http.delete(session.resource, headers=headers, timeout=aiohttp.ClientTimeout(GOODBYE_S)):
            pass


def _own(url: str) -> dict[str, str]:
    """This computer's own pages take requests only from themselves (`site_agent/local_guard.py`)."""
    parts = urlsplit(url)
    return {"Origin": f"{parts.scheme}://{parts.netloc}"} if parts.hostname == "127.0.0.1" else {}
