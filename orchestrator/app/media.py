"""The media plane that the configuration asks for, and the door for WHIP and WHEP that belongs to it."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orchestrator.clock import Clock
from orchestrator.config import Config
from orchestrator.media.ice import IceServers
from orchestrator.media.janus.door import JanusDoor
from orchestrator.media.janus.plane import JanusPlane, JanusSettings
from orchestrator.media.port import MediaEngine
from orchestrator.media.relay.admission import Admission
from orchestrator.media.routes import Door
from orchestrator.media.worker_start import RelaySettings
from orchestrator.media.workers import EmbeddedRelay


def build_media(config: Config, key: Ed25519PrivateKey, public_url: str, clock: Clock) -> tuple[MediaEngine, Door]:
    """Janus where servers are named, else our own relay. ``clock`` is the one by which rights to a stream are given."""
    media = config.media
    if not config.janus.servers:
        relay = EmbeddedRelay(_relay(config), key, public_url)
        return relay, relay
    settings = JanusSettings(
        servers=config.janus.servers,
        api_secret=config.janus.api_secret,
        admin_key=config.janus.admin_key,
        admin_secret=config.janus.admin_secret,
        viewers_each=config.janus.viewers_each,
        sessions_each=config.janus.sessions_each,
        maximum_kbps=media.maximum_kbps,
        video=media.video,
    )
    plane = JanusPlane(settings, key, public_url)
    servers = IceServers(media.ice_servers, media.turn_urls, media.turn_secret, media.turn_hours)
    door = JanusDoor(
        plane, Admission(key.public_key(), clock.now_ns), lambda subject: servers.links(subject, clock.now_ns() / 1e9)
    )
    plane.open_inside(door)
    return plane, door


def _relay(config: Config) -> RelaySettings:
    media = config.media
    return RelaySettings(
        bind=media.bind,
        udp_port=media.udp_port,
        announce=media.announce,
        workers=media.workers,
        ice_servers=media.ice_servers,
        turn_urls=media.turn_urls,
        turn_secret=media.turn_secret,
        turn_hours=media.turn_hours,
        video=media.video,
        maximum_kbps=media.maximum_kbps,
        log_level=config.log.level,
        spare=media.spares,
    )
