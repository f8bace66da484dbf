"""The relay's UDP port: both versions of IP on one socket."""

from __future__ import annotations

import asyncio
import socket
import time
from functools import partial

import pytest

from orchestrator.media.relay import udp
from orchestrator.media.relay.peer import Address
from orchestrator.media.relay.udp import UdpPort
from tests.doubles.eventually import eventually

TRIES = 2000


async def test_one_port_speaks_ipv4_and_ipv6_and_calls_each_by_its_own_name() -> None:
    loop, heard = asyncio.get_running_loop(), dict[bytes, Address]()
    port = UdpPort("::", 0)

    def take(data: bytes, address: Address) -> None:
        heard[data] = address
        port.send(data + b" too", address)

    port.on_datagram(take)
    port.start(loop)
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with socket.socket(family, socket.SOCK_DGRAM) as caller:
            caller.settimeout(5)
            caller.connect((host, port.number))
            word = host.encode()
            caller.send(word)
            await eventually(partial(heard.__contains__, word))
            assert heard[word] == (host, caller.getsockname()[1])
            assert caller.recv(100) == word + b" too"
            assert len(port.pack(heard[word])) == 28
    port.stop(loop)


async def test_datagrams_that_came_faster_than_they_were_read_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(udp, "BUFFER_BYTES", 4096)
    loop, port = asyncio.get_running_loop(), UdpPort("127.0.0.1", 0)
    heard: list[bytes] = []
    port.on_datagram(lambda data, _address: heard.append(data))
    assert port.unread() == 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
        for _ in range(100):
            caller.sendto(b"x" * 1000, ("127.0.0.1", port.number))
        lost = port.unread()
        assert 0 < lost < 100
        port.start(loop)
        await eventually(lambda: len(heard) == 100 - lost)
    assert port.unread() == lost
    port.stop(loop)


async def test_a_datagram_came_when_the_system_took_it_and_not_when_it_was_read() -> None:
    loop, port = asyncio.get_running_loop(), UdpPort("127.0.0.1", 0)
    came: list[float] = []
    port.on_datagram(lambda _data, _address: came.append(port.arrived()))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
        caller.connect(("127.0.0.1", port.number))

        async def known() -> bool:
            began = time.time()
            caller.send(b"x")
            sent, count = time.time(), len(came)
            port.start(loop)
            await eventually(lambda: len(came) > count, step_s=0.001)
            loop.remove_reader(port.batch.descriptor)
            return began <= came[-1] <= sent

        tries = 1
        # The system begins to take note some time after it is first asked to, and its clock may be set meanwhile.
        while not await known():
            assert tries < TRIES
            tries += 1
    port.stop(loop)
