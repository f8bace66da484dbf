"""DTLS-SRTP (RFC 5764) by aiortc's transport, fed from the relay's one socket instead of its own ICE."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

from aiortc.rtcdtlstransport import (
    SRTP_AEAD_AES_128_GCM,
    SRTP_AES128_CM_SHA1_80,
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)

QUEUE = 32
"""Handshake datagrams waiting; beyond it they are dropped and DTLS sends them again."""


class IceSeat:
    """Stands where aiortc expects an ICE transport: a bounded queue in, a callable out."""

    role = "controlled"

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue(QUEUE)
        self._send_datagram = send
        self._closed = False

    async def _recv(self) -> bytes:
        if self._closed and self._queue.empty():
            raise ConnectionError
        datagram = await self._queue.get()
        if datagram is None:
            raise ConnectionError
        return datagram

    async def _send(self, data: bytes) -> None:
        self._send_datagram(data)

    def feed(self, datagram: bytes) -> bool:
        """Hand in a DTLS datagram; false when the queue is full."""
        try:
            self._queue.put_nowait(datagram)
        except asyncio.QueueFull:
            return False
        return True

    def close(self) -> None:
        """End the transport's reading."""
        self._closed = True
        while self._queue.full():
            self._queue.get_nowait()
        self._queue.put_nowait(None)


class SrtpKeys:
    """The sessions that a finished handshake leaves: seal and open packets of one peer."""

    def __init__(self, inbound: Any, outbound: Any) -> None:
        self.inbound = inbound
        self.outbound = outbound
        self.raw = outbound._srtp[0]
        """libsrtp's own pointer, for :mod:`batch`; valid as long as this object lives."""


class Dtls:
    """One peer's handshake and its end."""

    def __init__(
        self, certificate: RTCCertificate, fingerprints: list[tuple[str, str]], *, passive: bool, seat: IceSeat
    ) -> None:
        self._seat = seat
        self._transport = RTCDtlsTransport(cast("Any", seat), [certificate])
        self._transport._set_role("server" if passive else "client")
        # AES-GCM first: on processors with AES instructions it costs a quarter less than AES-CM with SHA-1.
        self._transport._srtp_profiles = [SRTP_AEAD_AES_128_GCM, SRTP_AES128_CM_SHA1_80]
        self._remote = RTCDtlsParameters([RTCDtlsFingerprint(name, value) for name, value in fingerprints])

    async def handshake(self) -> SrtpKeys | None:
        """Run the handshake; ``None`` when it failed. Time limits are the caller's."""
        await self._transport.start(self._remote)
        if self._transport.state != "connected":
            return None
        return SrtpKeys(self._transport._rx_srtp, self._transport._tx_srtp)

    def on_closed(self, call: Callable[[], None]) -> None:
        """Have ``call`` called when the peer ends the DTLS association."""

        def changed() -> None:
            if self._transport.state in {"closed", "failed"}:
                call()

        self._transport.on("statechange", changed)

    async def stop(self) -> None:
        """Say goodbye (close_notify) and stop reading."""
        self._transport.remove_all_listeners()
        self._seat.close()
        await self._transport.stop()


def fingerprint_of(certificate: RTCCertificate) -> str:
    """SHA-256 of the certificate as SDP writes it."""
    return next(one.value for one in certificate.getFingerprints() if one.algorithm == "sha-256")
