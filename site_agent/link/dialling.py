"""Reaching the centre and proving to each other who is who."""

import asyncio
from collections.abc import Iterator
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from site_agent.link.identity import Identity
from wire.codec import ProtocolError, decode_one, encode
from wire.handshake import signed_hello, welcome_is_signed
from wire.messages import (
    MAX_FRAME_BYTES,
    PROTOCOL_VERSION,
    SUBPROTOCOL,
    Challenge,
    Hello,
    Refusal,
    Welcome,
)

OPEN_WITHIN_S = 10.0
KEEPALIVE_S = 10.0
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_M = TypeVar("_M", bound=msgspec.Struct)


class LinkRefused(Exception):
    """The centre refused the link, or is not the centre this computer was paired with (`wrong_centre`)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def dial(server: str) -> connect:
    """Open the WebSocket of the centre at `server` (http:// or https://); an async context manager."""
    address = urlsplit(server)
    scheme = "wss" if address.scheme == "https" else "ws"
    return connect(
        f"{scheme}://{address.netloc}{address.path.rstrip('/')}/agent/link",
        subprotocols=[Subprotocol(SUBPROTOCOL)],
        max_size=MAX_FRAME_BYTES,
        compression=None,
        open_timeout=OPEN_WITHIN_S,
        ping_interval=KEEPALIVE_S,
        ping_timeout=KEEPALIVE_S,
        close_timeout=1,
        proxy=None if address.hostname in _LOOPBACK else True,
    )


async def heard(socket: ClientConnection, kind: type[_M]) -> _M:
    """Return the handshake message of this kind; raise `LinkRefused` for a refusal, `ProtocolError` for nonsense."""
    octets = await socket.recv()
    if isinstance(octets, str):
        raise ProtocolError("malformed", "the centre sent text")
    try:
        refusal = decode_one(octets, Refusal)
    except ProtocolError:
        return decode_one(octets, kind)
    raise LinkRefused(refusal.code, refusal.message)


async def greet(socket: ClientConnection, challenge: Challenge, identity: Identity, plain: Hello) -> Welcome:
    """Say hello to a challenge; return the centre's welcome once its signature holds. Raise `LinkRefused`."""
    if PROTOCOL_VERSION not in challenge.versions:
        raise LinkRefused("version", f"the centre speaks {challenge.versions}")
    hello = signed_hello(identity.signer(), challenge, plain)
    await socket.send(encode(hello))
    welcome = await heard(socket, Welcome)
    if not welcome_is_signed(identity.centre_key, challenge, hello, welcome):
        raise LinkRefused("wrong_centre", "the welcome is not signed by the centre this computer was paired with")
    return welcome


async def within(seconds: float | None, event: asyncio.Event) -> bool:
    """Wait for the event; tell whether it came within `seconds` (None: wait for ever)."""
    try:
        async with asyncio.timeout(None if seconds is None else max(0.0, seconds)):
            await event.wait()
    except TimeoutError:
        return event.is_set()
    return True


def leaves(group: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    """Return the plain exceptions of a group of groups."""
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from leaves(error)
        else:
            yield error
