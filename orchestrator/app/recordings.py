"""Builds recordings: the recorders of this process, the timeline, retention, and what people may ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from orchestrator.access.audit import Audit
from orchestrator.app.alarms import AlarmSources
from orchestrator.app.lives import Life
from orchestrator.app.register import Register
from orchestrator.clock import Clock
from orchestrator.config import Config
from orchestrator.links.service import SiteLinks
from orchestrator.live.port import Bus, Leases
from orchestrator.media.port import MediaPlane
from orchestrator.media.routes import Door
from orchestrator.media.tokens import Right
from orchestrator.recordings.marks import Marks
from orchestrator.recordings.model import RecordingRule
from orchestrator.recordings.retention import Retention
from orchestrator.recordings.routes import RecordingPages, routes
from orchestrator.recordings.rules import RuleBook
from orchestrator.recordings.service import Recordings, Settings
from orchestrator.recordings.telling import RoomLights
from orchestrator.recordings.watching import Watching
from orchestrator.sessions.model import Session
from orchestrator.sessions.service import Conductor
from orchestrator.storage.engine import Database
from orchestrator.web.kit import Routes
from wire.ids import SessionId, SiteId, new_id
from wire.messages import Heartbeat

HOUR_NS = 3600 * 10**9
WILDCARDS = frozenset({"", "0.0.0.0", "::"})


class RecordingParts(msgspec.Struct, frozen=True):
    """Lives to keep going, by name, routes to serve."""

    recordings: Recordings
    marks: Marks
    lives: Mapping[str, Life]
    routes: Routes


class RecordingGround(msgspec.Struct, frozen=True):
    """What recordings stand on."""

    database: Database
    clock: Clock
    bus: Bus
    leases: Leases
    audit: Audit
    conductor: Conductor
    plane: MediaPlane
    door: Door
    links: SiteLinks
    register: Register
    alarms: AlarmSources
    offsets_ms: Callable[[], Sequence[float]]


def build_recordings(ground: RecordingGround, config: Config) -> RecordingParts:
    """All parts, connected; nothing runs yet."""
    database, clock, audit, conductor = ground.database, ground.clock, ground.audit, ground.conductor
    settings = _settings(config)
    owner = new_id("recordings")

    def token(session: Session, stream: str) -> str:
        return ground.plane.token(session.id, stream, Right.VIEW, "recorder", clock.now_ns() + HOUR_NS)

    recordings = Recordings(
        database, clock, ground.bus, ground.leases, audit, conductor, ground.door, token, owner, settings
    )

    def is_known(session: SessionId) -> bool:
        return any(one.id == session for one in conductor.all())

    def site_name(site: SiteId) -> str:
        card = ground.register.cards.get(site)
        return f"{card.code} {card.name}" if card else site

    ground.alarms.unrecorded = lambda: [conductor.get(session).topic for session, _ in recordings.troubles()]
    marks = Marks(database, clock, ground.bus, ground.leases, owner, is_known, site_name)
    lights = RoomLights(ground.bus, ground.links.send, conductor.shown_at, lambda one: conductor.get(one).sites)
    ground.links.on_linked(lights.on_linked)
    ground.links.on(Heartbeat, lights.on_heartbeat)
    watching = Watching(database, clock, audit, recordings.folder)
    retention = Retention(database, clock, audit, recordings.folder, ground.offsets_ms)
    rules = RuleBook(database, clock, audit, settings.rule)
    pages = RecordingPages(recordings, watching, retention, rules, database, conductor.all, conductor.get)
    return RecordingParts(
        recordings=recordings,
        marks=marks,
        lives={
            "recordings": recordings.run,
            "recording_marks": marks.run,
            "recording_retention": retention.run,
            "recording_lights": lights.run,
        },
        routes=routes(pages),
    )


def _settings(config: Config) -> Settings:
    chosen = config.recording
    folder = Path(chosen.folder) if chosen.folder else Path(config.storage.folder) / "recordings"
    hosts = ("127.0.0.1",) if config.media.bind in WILDCARDS else (config.media.bind, "127.0.0.1")
    return Settings(
        folder=folder,
        rule=RecordingRule(chosen.record, chosen.keep_days),
        segment_s=chosen.segment_s,
        reserve=chosen.reserve_mb << 20,
        hosts=hosts,
        spare=config.media.spares,
    )
