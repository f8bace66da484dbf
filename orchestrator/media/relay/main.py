"""``diemcau relay``: the media relay alone, or as a worker of ``diemcau serve``."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import ipaddress
import os
import signal
import socket
import sys
from collections.abc import Mapping
from typing import Any

import msgspec
import structlog
from aiohttp import web
from aioice.ice import get_host_addresses
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from orchestrator import logs
from orchestrator.clock import CentreClock
from orchestrator.media.ice import IceServers, faults_of
from orchestrator.media.relay.admission import Admission, public_among
from orchestrator.media.relay.codecs import VIDEO
from orchestrator.media.relay.limits import Limits
from orchestrator.media.relay.switchboard import Switchboard
from orchestrator.media.relay.udp import UdpPort
from orchestrator.media.relay.web import Doors
from orchestrator.media.tokens import public_key

log = structlog.get_logger()
ENVIRONMENT_KEY = "DIEMCAU_RELAY__TOKEN_KEY"
ENVIRONMENT_CONTROL = "DIEMCAU_RELAY__CONTROL_KEY"
ENVIRONMENT_TURN = "DIEMCAU_RELAY__TURN_SECRET"
ENVIRONMENT_CLOCK = "DIEMCAU_RELAY__CLOCK_ANCHOR"
"""Tokens are judged by the clock of the centre that made them, whatever the wall clock was set to since."""
USAGE, FAILED = 2, 1
DRAIN_S = 2.0
"""Sessions are ended over so long; whoever started the relay waits longer before it kills (workers.STOP_S)."""


class Plan(msgspec.Struct, frozen=True):
    """What the command line and the environment ask for."""

    bind: str
    http_bind: str
    udp_port: int
    http_port: int
    announce: tuple[str, ...]
    token_key: Ed25519PublicKey | None
    control_key: str
    ice: IceServers
    clock: CentreClock
    video: str
    maximum_kbps: int
    limits: Limits
    ready: bool
    follow_stdin: bool
    wait: bool
    log_level: str


class Ready(msgspec.Struct, frozen=True):
    """The one line on standard output that ``--ready`` asks for, once both ports are open."""

    udp_port: int
    http_port: int
    addresses: tuple[str, ...]


class Usage(Exception):
    """Faults of the command line, all at once."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def run(argv: list[str]) -> int:
    """Run the relay until SIGTERM, SIGINT or, as a worker, the end of standard input. Returns the exit code."""
    try:
        plan = read_plan(parser().parse_args(argv), os.environ)
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else USAGE
    except Usage as error:
        sys.stderr.write("".join(f"diemcau relay: {fault}\n" for fault in error.faults))
        return USAGE
    logs.configure(plan.log_level)
    if plan.wait:
        told = _told_ports(sys.stdin.fileno())
        if told is None:
            return 0
        plan = msgspec.structs.replace(plan, udp_port=told[0], http_port=told[1])
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(serve(plan))
    except OSError as error:
        sys.stderr.write(f"diemcau relay: {error}\n")
        return FAILED
    return 0


def _told_ports(descriptor: int) -> tuple[int, int] | None:
    """The UDP and the HTTP port on the first line; None when the input ends before: nobody needed this process.

    Read by single bytes, so that nothing of what follows is taken from the pipe.
    """
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(descriptor, 1)
        if not byte:
            return None
        line += byte
    udp, http = line.split()
    return int(udp), int(http)


def _loop_factory() -> Any:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def parser() -> argparse.ArgumentParser:
    """The options."""
    options = argparse.ArgumentParser(prog="diemcau relay", description="WHIP in, WHEP out, one UDP port for all media")
    options.add_argument("--bind", default="127.0.0.1", help="IP address of both ports; '::' is IPv6 and IPv4")
    options.add_argument("--http-bind", default="", help="IP address of the HTTP port, if another")
    options.add_argument("--udp-port", type=int, default=5004, help="0: any free one")
    options.add_argument("--http-port", type=int, default=8090, help="0: any free one")
    options.add_argument(
        "--announce", action="append", default=[], metavar="IP", help="address told to peers (repeatable)"
    )
    options.add_argument("--open", action="store_true", help="no tokens; refused on a public address")
    options.add_argument(
        "--token-key", default="", metavar="=KEY", help=f"base64url Ed25519 public key (or {ENVIRONMENT_KEY})"
    )
    options.add_argument(
        "--ice-server", action="append", default=[], metavar="URL[,USER,PASSWORD]", help="for the Link header"
    )
    options.add_argument(
        "--turn-url",
        action="append",
        default=[],
        metavar="URL",
        help=f"told with credentials that end; the secret shared with coturn is in {ENVIRONMENT_TURN}",
    )
    options.add_argument("--turn-hours", type=float, default=IceServers().turn_hours, help="how long they are good")
    options.add_argument("--video", choices=VIDEO, default=VIDEO[0], help="the one video codec")
    options.add_argument("--max-kbps", type=int, default=6000, help="most that a publisher should send")
    options.add_argument("--max-viewers", type=int, default=Limits().viewers_per_stream, help="per stream")
    options.add_argument(
        "--silence-s", type=float, default=Limits().silence_s, help="a peer that is silent for so long is dropped"
    )
    options.add_argument(
        "--connect-s", type=float, default=Limits().connect_s, help="how long a peer may take to connect"
    )
    options.add_argument("--ready", action="store_true", help="print the actual ports as one JSON line")
    options.add_argument("--follow-stdin", action="store_true", help="stop when standard input ends")
    options.add_argument(
        "--wait",
        action="store_true",
        help="be ready to begin, with the UDP and HTTP port on the first line of standard input",
    )
    options.add_argument("--log-level", default="info", choices=["debug", "info", "warning", "error"])
    return options


def read_plan(options: argparse.Namespace, environment: Mapping[str, str]) -> Plan:
    """Check the options. Raises :class:`Usage`."""
    faults: list[str] = []
    http_bind = options.http_bind or options.bind
    for name, text in (
        ("--bind", options.bind),
        ("--http-bind", http_bind),
        *(("--announce", one) for one in options.announce),
    ):
        if not _is_ip(text):
            faults.append(f"{name}: {text!r} is not an IP address")
    faults += [
        f"{name}: must be 0 to 65535"
        for name, port in (("--udp-port", options.udp_port), ("--http-port", options.http_port))
        if not 0 <= port <= 65535
    ]
    if faults:
        raise Usage(faults)
    key = None
    text = options.token_key or environment.get(ENVIRONMENT_KEY, "")
    if text:
        try:
            key = public_key(text)
        except ValueError as error:
            faults.append(f"--token-key: {error}")
    elif options.open:
        reachable = public_among([*_addresses(options.bind), *_addresses(http_bind), *options.announce])
        if reachable:
            faults.append(
                f"--open is refused on a public address without --token-key: {', '.join(dict.fromkeys(reachable))}"
            )
    else:
        faults.append("either --token-key or --open is needed")
    ice = IceServers(
        tuple(options.ice_server), tuple(options.turn_url), environment.get(ENVIRONMENT_TURN, ""), options.turn_hours
    )
    faults += faults_of(ice, "--")
    clock = CentreClock()
    try:
        clock = CentreClock(environment.get(ENVIRONMENT_CLOCK, ""))
    except ValueError:
        faults.append(f"{ENVIRONMENT_CLOCK}: not a number of nanoseconds")
    announce = tuple(options.announce) or tuple(_addresses(options.bind))
    if not announce:
        faults.append("--announce: this computer has no address of its own to tell")
    if faults:
        raise Usage(faults)
    return Plan(
        bind=options.bind,
        http_bind=http_bind,
        udp_port=options.udp_port,
        http_port=options.http_port,
        announce=announce[:8],
        token_key=key,
        control_key=environment.get(ENVIRONMENT_CONTROL, ""),
        ice=ice,
        clock=clock,
        video=options.video,
        maximum_kbps=options.max_kbps,
        limits=Limits(viewers_per_stream=options.max_viewers, silence_s=options.silence_s, connect_s=options.connect_s),
        ready=options.ready,
        follow_stdin=options.follow_stdin,
        wait=options.wait,
        log_level=options.log_level,
    )


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _addresses(bind: str) -> list[str]:
    """The addresses that ``bind`` stands for: itself, or all of the computer's."""
    if not ipaddress.ip_address(bind).is_unspecified:
        return [bind]
    return list(get_host_addresses(use_ipv4=True, use_ipv6=":" in bind))


async def serve(plan: Plan) -> None:
    """Open both ports, serve, and end all sessions properly when told to stop."""
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    port = UdpPort(plan.bind, plan.udp_port)
    try:
        async with asyncio.TaskGroup() as group:
            board = Switchboard(port, plan.announce, plan.limits, group, plan.maximum_kbps, plan.video)
            doors = Doors(
                board,
                Admission(plan.token_key, plan.clock.now_ns),
                plan.limits,
                ice=plan.ice,
                control_key=plan.control_key,
            )
            port.start(loop)
            runner = web.AppRunner(doors.app(), access_log=None, shutdown_timeout=1.0)
            await runner.setup()
            await web.SockSite(runner, _listening(plan.http_bind, plan.http_port)).start()
            pulse = group.create_task(board.run())
            if plan.follow_stdin:
                _follow_stdin(loop, stopping)
            _announce(plan, runner, port)
            # What stands now stands until the end; the collector need not look at it while packets wait.
            gc.collect()
            gc.freeze()
            await stopping.wait()
            await board.drain(DRAIN_S)
            await runner.cleanup()
            pulse.cancel()
    finally:
        port.stop(loop)


def _listening(host: str, port: int) -> socket.socket:
    """A listening socket; ``::`` takes IPv4 too."""
    six = ":" in host
    family = socket.AF_INET6 if six else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=1024, dualstack_ipv6=host == "::")


def _announce(plan: Plan, runner: web.AppRunner, port: UdpPort) -> None:
    ready = Ready(port.number, runner.addresses[0][1], plan.announce)
    log.info("relay_ready", udp_port=ready.udp_port, http_port=ready.http_port, open=plan.token_key is None)
    if plan.ready:
        sys.stdout.write(msgspec.json.encode(ready).decode() + "\n")
        sys.stdout.flush()


def _follow_stdin(loop: asyncio.AbstractEventLoop, stopping: asyncio.Event) -> None:
    """A worker ends with its parent, however that ends: the pipe closes."""
    descriptor = sys.stdin.fileno()

    def readable() -> None:
        with contextlib.suppress(BlockingIOError):
            if not os.read(descriptor, 4096):
                loop.remove_reader(descriptor)
                stopping.set()

    os.set_blocking(descriptor, False)
    loop.add_reader(descriptor, readable)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
