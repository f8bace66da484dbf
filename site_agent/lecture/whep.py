"""Asks a WHEP endpoint for a stream (draft-ietf-wish-whep §4): one POST, one answer, one DELETE; or the endpoint offers
itself and is answered by PATCH."""

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
    """A viewer's session: the description to take, the address under which it can be ended, and the Link headers, in
    one line. ``counter``: the description is the endpoint's own offer, to be answered by :func:`answer`."""

    sdp: str
    resource: str
    links: str = ""
    counter: bool = False


async def ask(http: aiohttp.ClientSession, url: str, token: str, offer_sdp: str) -> WhepSession:
    """Offer to view; raises WhepRefused."""
    headers = {"Content-Type": "application/sdp", "Authorization": f"Bearer {token}", **_own(url)}
    try:
        async with http.post(url, data=offer_sdp, headers=headers, timeout=aiohttp.ClientTimeout(HTTP_S)) as reply:
            body = await reply.text()
            # draft-ietf-wish-whep-04: an endpoint that makes the offers itself says so by 406 and its offer.
            counter = reply.status == 406 and reply.content_type == "application/sdp"
            if reply.status != 201 and not counter:
                raise WhepRefused(f"{reply.status} {body[:200]}")
            links = ", ".join(reply.headers.getall("Link", []))
            return WhepSession(body, urljoin(url, reply.headers.get("Location", "")), links, counter)
    except (aiohttp.ClientError, TimeoutError) as fault:
        raise WhepRefused(str(fault) or type(fault).__name__) from fault


async def answer(http: aiohttp.ClientSession, session: WhepSession, token: str, answer_sdp: str) -> None:
    """Answer the endpoint's own offer; raises WhepRefused."""
    headers = {"Content-Type": "application/sdp", "Authorization": f"Bearer {token}", **_own(session.resource)}
    limit = aiohttp.ClientTimeout(HTTP_S)
    try:
        async with http.patch(session.resource, data=answer_sdp, headers=headers, timeout=limit) as reply:
            if reply.status // 100 != 2:
                raise WhepRefused(f"{reply.status} {(await reply.text())[:200]}")
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
