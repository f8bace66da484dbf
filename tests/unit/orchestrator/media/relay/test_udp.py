"""The relay's UDP port: both versions of IP on one socket."""

from __future__ import annotations

import asyncio
import socket
from functools import partial

from orchestrator.media.relay.peer import Address
from orchestrator.media.relay.udp import UdpPort
from tests.doubles.eventually import eventually


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
