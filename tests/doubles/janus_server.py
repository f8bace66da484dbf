"""A real Janus from Debian's package, for a test: its WebSocket on an address that the test made, and nothing else."""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

PLUGINS = Path("/usr/lib/x86_64-linux-gnu/janus")
START_S = 20.0
ADMIN_SECRET = "of the test"


STOPS_WITHIN_S = 10.0


class RunningJanus(msgspec.Struct, frozen=True):
    """Its process, the URL of its WebSocket, and its address."""

    process: subprocess.Popen[bytes]
    url: str
    address: str
    admin: str
    log: Path

    @property
    def told(self) -> str:
        """As the centre's configuration names it."""
        return f"{self.url},{self.address},{self.admin}"

    def kill(self) -> None:
        """As when the power goes."""
        self.process.kill()
        self.process.wait(10)

    def hang(self) -> None:
        """It answers nothing any more; the system still takes connections for it. A thread that runs on another
        processor goes on for a moment after the signal was sent: not after this."""
        self.process.send_signal(signal.SIGSTOP)
        until = time.monotonic() + STOPS_WITHIN_S
        tasks = Path(f"/proc/{self.process.pid}/task")
        while not all(is_stopped(task) for task in tasks.iterdir()):
            assert time.monotonic() < until, "Janus does not stop"
            time.sleep(0.005)

    def wake(self) -> None:
        """The opposite."""
        self.process.send_signal(signal.SIGCONT)


def is_stopped(task: Path) -> bool:
    """Whether a thread is stopped, or gone (proc(5), the third field of stat)."""
    try:
        return (task / "stat").read_text("ascii").rpartition(")")[2].split()[0] == "T"
    except (FileNotFoundError, ProcessLookupError):
        return True


@functools.cache
def media_network() -> tuple[str, str]:
    """Two addresses of a cable within this computer, as Janus gathers none on loopback. It stays while this process
    lives: each change of the computer's networks makes the browsers of other tests break off what they load. Needs
    root."""
    mark = os.getpid() % 100_000
    here, there = f"dcj{mark}", f"dck{mark}"
    subnet = f"10.78.{mark % 250}"
    _ip("link", "add", here, "type", "veth", "peer", "name", there)
    atexit.register(_ip, "link", "del", here)
    for end, last in ((here, 1), (there, 2)):
        _ip("addr", "add", f"{subnet}.{last}/32", "dev", end)
        _ip("link", "set", end, "up")
    return f"{subnet}.1", f"{subnet}.2"


@contextlib.contextmanager
def janus_server(
    address: str, *, namespace: str = "", rtp_ports: tuple[int, int] = (21000, 21999)
) -> Iterator[RunningJanus]:
    """A server that gathers only ``address`` and speaks WebSocket there."""
    program = shutil.which("janus")
    assert program, "janus is missing: run `make test` as root, or install Debian's package"
    with tempfile.TemporaryDirectory(prefix="diemcau-janus-") as folder:
        home = Path(folder)
        port, admin = (8188, 7088) if namespace else _free_ports(address)
        _configure(home, address, (port, admin), rtp_ports)
        command = [program, "-F", folder, "-o"]
        if namespace:
            command = ["ip", "netns", "exec", namespace, *command]
        log = home / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=output)
        try:
            _until_listening(address, port, process, log, namespace)
            yield RunningJanus(process, f"ws://{address}:{port}", address, f"http://{address}:{admin}/admin", log)
        finally:
            process.send_signal(signal.SIGCONT)
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)


def _configure(home: Path, address: str, ports: tuple[int, int], rtp_ports: tuple[int, int]) -> None:
    port, admin = ports
    (home / "janus.jcfg").write_text(
        f"""
general: {{
  configs_folder = "{home}"
  plugins_folder = "{PLUGINS / "plugins"}"
  transports_folder = "{PLUGINS / "transports"}"
  events_folder = "{home}"
  loggers_folder = "{home}"
  debug_level = 3
  interface = "{address}"
  reclaim_session_timeout = 10
  admin_secret = "{ADMIN_SECRET}"
}}
media: {{ slowlink_threshold = 4 rtp_port_range = "{rtp_ports[0]}-{rtp_ports[1]}" }}
nat: {{ ice_enforce_list = "{address}" ice_keepalive_conncheck = true }}
plugins: {{ disable = "{",".join(sorted(_plugins() - {"libjanus_videoroom.so"}))}" }}
transports: {{ disable = "{",".join(sorted(_transports() - {"libjanus_websockets.so", "libjanus_http.so"}))}" }}
"""
    )
    (home / "janus.transport.websockets.jcfg").write_text(
        f'general: {{ json = "compact" ws = true ws_port = {port} ws_ip = "{address}" wss = false }}\nadmin: {{ }}\n'
    )
    (home / "janus.transport.http.jcfg").write_text(
        f'general: {{ http = false }}\nadmin: {{ admin_http = true admin_port = {admin} admin_ip = "{address}" }}\n'
    )
    (home / "janus.plugin.videoroom.jcfg").write_text("general: { }\n")


def _plugins() -> set[str]:
    return {file.name for file in (PLUGINS / "plugins").glob("*.so")}


def _transports() -> set[str]:
    return {file.name for file in (PLUGINS / "transports").glob("*.so")}


def _free_ports(address: str) -> tuple[int, int]:
    """Both held at once, so that they are not the same."""
    with socket.socket() as one, socket.socket() as other:
        for probe in (one, other):
            probe.bind((address, 0))
        return int(one.getsockname()[1]), int(other.getsockname()[1])


def _until_listening(address: str, port: int, process: subprocess.Popen[bytes], log: Path, namespace: str) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        assert process.poll() is None, f"janus ended with {process.returncode}: {log.read_text()[-800:]}"
        if namespace:
            listening = ["ip", "netns", "exec", namespace, "ss", "-Hltn", f"sport = :{port}"]
            if subprocess.run(listening, capture_output=True, check=True).stdout.strip():
                return
        else:
            with socket.socket() as probe:
                probe.settimeout(0.1)
                if probe.connect_ex((address, port)) == 0:
                    return
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
    raise AssertionError(f"janus did not start: {log.read_text()[-800:]}")


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)
