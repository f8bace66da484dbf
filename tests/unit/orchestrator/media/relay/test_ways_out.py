"""What really leaves the socket: the plain loop and the arrays send the same packets, readable by aiortc."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from aiortc import rtp
from pylibsrtp import Policy, Session

from orchestrator.media.relay.batch import Batch, pack_address
from orchestrator.media.relay.extensions import ABS_SEND_TIME, MID, block
from orchestrator.media.relay.lane import Lane
from orchestrator.media.relay.livegroup import LiveGroup
from orchestrator.media.relay.rtp import Packet
from orchestrator.media.relay.vp8 import PICTURE_ONLY, WITH_LAYER

KEY = secrets.token_bytes(30)
AGREED: list[dict[str, int]] = [
    {ABS_SEND_TIME: 3, MID: 9},
    {},
    {MID: 4},
    {ABS_SEND_TIME: 1},
    {ABS_SEND_TIME: 3, MID: 9},
]


class Room:
    """One viewer: its keys and a socket to read from."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(5)
        self._out = Session(Policy(key=KEY, ssrc_type=Policy.SSRC_ANY_OUTBOUND))
        self._in = Session(Policy(key=KEY, ssrc_type=Policy.SSRC_ANY_INBOUND))
        self.srtp: Any = self._out._srtp[0]
        self.sockaddr = pack_address(self.socket.getsockname())

    def read(self) -> bytes:
        return self._in.unprotect(self.socket.recv(2048))


@pytest.fixture
def rooms() -> Iterator[list[Room]]:
    found = [Room() for _ in AGREED]
    yield found
    for room in found:
        room.socket.close()


@pytest.fixture
def out() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        yield one


def lanes() -> list[Lane]:
    return [
        Lane(102, 1000 + n, 90000, 0, n * 77, shift=n, extension=block(agreed, "v"), timed=ABS_SEND_TIME in agreed)
        for n, agreed in enumerate(AGREED)
    ]


@pytest.mark.parametrize("way", ["loop", "arrays"])
def test_each_viewer_gets_its_own_header_and_the_shared_payload(
    way: str, rooms: list[Room], out: socket.socket
) -> None:
    exits = list(zip(lanes(), rooms, strict=True))
    group, batch = LiveGroup(exits, out.fileno()), Batch(out)
    for n in range(3):
        packet = Packet(65534 + n & 0xFFFF, 4_294_967_000 + 90 * n & 0xFFFFFFFF, 0x80 if n else 0, b"body%d" % n)
        if way == "arrays":
            assert group.forward(packet) == (len(rooms), 0)
        else:
            batch.forward(packet, exits)
            batch.flush()
        for index, room in enumerate(rooms):
            raw = room.read()
            read = rtp.RtpPacket.parse(raw)
            assert (read.payload, read.payload_type, read.ssrc, read.marker) == (
                packet.payload,
                102,
                1000 + index,
                1 if n else 0,
            )
            assert read.sequence_number == (packet.sequence + index) & 0xFFFF
            assert read.timestamp == (packet.timestamp + 77 * index) & 0xFFFFFFFF
            found = dict(rtp.unpack_header_extensions(*_extension(raw)))
            agreed = AGREED[index]
            assert set(found) == set(agreed.values())
            assert MID not in agreed or found[agreed[MID]] == b"v"
            assert ABS_SEND_TIME not in agreed or found[agreed[ABS_SEND_TIME]] != bytes(3)


@pytest.mark.parametrize("way", ["loop", "arrays"])
@pytest.mark.parametrize("has", [PICTURE_ONLY, WITH_LAYER])
def test_each_viewer_gets_its_own_numbers_of_pictures(
    way: str, has: int, rooms: list[Room], out: socket.socket
) -> None:
    found = lanes()
    for index, lane in enumerate(found):
        lane.picture_shift, lane.layer_shift = 32_000 * (index % 2), 99 * index % 256
    exits = list(zip(found, rooms, strict=True))
    packet = Packet(7, 7, 0, b"\x90\xe0\x83\xff\xc8\x20body", has)
    if way == "arrays":
        assert LiveGroup(exits, out.fileno()).forward(packet) == (len(rooms), 0)
    else:
        batch = Batch(out)
        batch.forward(packet, exits)
        batch.flush()
    for index, (lane, room) in enumerate(zip(found, rooms, strict=True)):
        payload = rtp.RtpPacket.parse(room.read()).payload
        picture = (0x3FF + 32_000 * (index % 2)) % (1 << 15)
        layer = (0xC8 + 99 * index) % 256 if has == WITH_LAYER else 0xC8
        assert payload == b"\x90\xe0" + (0x8000 | picture).to_bytes(2, "big") + bytes((layer,)) + b"\x20body"
        assert payload == lane.content(packet)


def test_what_cannot_be_sealed_is_not_sent_and_counted_as_dropped(rooms: list[Room], out: socket.socket) -> None:
    exits = list(zip(lanes(), rooms, strict=True))
    group, batch = LiveGroup(exits, out.fileno()), Batch(out)
    first, second = Packet(7, 90, 0, b"first"), Packet(8, 180, 0, b"second")
    # SRTP seals no number twice (RFC 3711 §9.1), so that two of the rooms cannot be sent it again.
    batch.forward(first, [exits[1], exits[4]])
    batch.flush()
    assert [rtp.RtpPacket.parse(rooms[n].read()).payload for n in (1, 4)] == [b"first"] * 2
    assert group.forward(first) == (3, 2)
    assert group.forward(second) == (5, 0)
    for n, room in enumerate(rooms):
        wanted = [b"second"] if n in {1, 4} else [b"first", b"second"]
        assert [rtp.RtpPacket.parse(room.read()).payload for _ in wanted] == wanted


def _extension(raw: bytes) -> tuple[int, bytes]:
    if not raw[0] & 0x10:
        return 0, b""
    words = int.from_bytes(raw[14:16], "big")
    return int.from_bytes(raw[12:14], "big"), raw[16 : 16 + 4 * words]
