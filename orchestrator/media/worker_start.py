"""How a relay worker is started: its settings, its command line and its environment."""

from __future__ import annotations

import sys

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from orchestrator.media.children import inherited
from orchestrator.media.tokens import public_text


class RelaySettings(msgspec.Struct, frozen=True):
    """How the workers listen. Worker k takes ``udp_port`` + k; 0 lets the system choose."""

    bind: str = "127.0.0.1"
    udp_port: int = 5004
    announce: tuple[str, ...] = ()
    """Addresses told to peers; empty: those that ``bind`` stands for."""
    workers: int = 1
    ice_servers: tuple[str, ...] = ()
    """``URL[,USER,PASSWORD]`` each, told in the Link header."""
    turn_urls: tuple[str, ...] = ()
    """Told with credentials made from ``turn_secret``, which coturn knows too."""
    turn_secret: str = ""
    turn_hours: float = 12.0
    video: str = "h264"
    maximum_kbps: int = 6000
    log_level: str = "info"
    hang_s: float = 15.0
    """A worker that runs but answers nothing for so long is ended."""
    spare: bool = True
    """One more waits to take the place of one that dies."""


def command(settings: RelaySettings) -> list[str]:
    """A worker that waits to be told its ports."""
    said = [sys.executable, "-m", "orchestrator.media.relay.main", "--bind", settings.bind]
    said += ["--http-bind", "127.0.0.1", "--wait"]
    said += ["--max-kbps", str(settings.maximum_kbps), "--log-level", settings.log_level]
    for address in settings.announce:
        said += ["--announce", address]
    for server in settings.ice_servers:
        said += ["--ice-server", server]
    for url in settings.turn_urls:
        said += ["--turn-url", url]
    said += ["--turn-hours", str(settings.turn_hours), "--video", settings.video]
    return [*said, "--ready", "--follow-stdin"]


def environment(settings: RelaySettings, key: Ed25519PublicKey, control_key: str, anchor: str) -> dict[str, str]:
    """Keys go by the environment: a command line is seen by everybody on the computer. ``anchor`` is of the centre's
    clock."""
    return {
        **inherited(),
        "DIEMCAU_RELAY__TOKEN_KEY": public_text(key),
        "DIEMCAU_RELAY__CONTROL_KEY": control_key,
        "DIEMCAU_RELAY__TURN_SECRET": settings.turn_secret,
        "DIEMCAU_RELAY__CLOCK_ANCHOR": anchor,
    }
