"""What a site finds out about itself before the day, and the rehearsal that asks for it.

A certificate is a durable record: the newest one of a site counts, older ones are its history.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

import msgspec

from wire.fields import ID, Id, Line, Ns, Number, Paragraph, Word
from wire.ids import RehearsalId

MOST_FIGURES = 16
MOST_CHECKS = 40


class CheckName(StrEnum):
    """What is looked at. The words for people, and what to do, are the pages'."""

    PAIRED = "paired"
    CAMERA = "camera"
    ROOM_IN_VIEW = "room_in_view"
    COUNTING = "counting"
    SPEAKER = "speaker"
    MICROPHONE = "microphone"
    SCREEN = "screen"
    PATH = "path"
    BANDWIDTH = "bandwidth"
    CLOCK = "clock"
    DISK = "disk"
    FLUSH = "flush"
    PAPER = "paper"
    PHONE = "phone"
    ADDRESS = "address"
    POWER = "power"
    RESTART = "restart"
    VERSIONS = "versions"
    REHEARSAL = "rehearsal"


class CheckState(StrEnum):
    """How a check ended. `weak`: the day can be held, but somebody should look; `waiting`: not looked at yet."""

    GOOD = "good"
    WEAK = "weak"
    BAD = "bad"
    WAITING = "waiting"


Figure = Annotated[float, msgspec.Meta(ge=-1e15, le=1e15)]


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a certificate. `reason` is a stable word when the state is not good; `note` names a device or such.

    `figures` are measurements by name with their unit in the name: `up_kbps`, `bound_ms`, `free_mb`. `desk`, of `phone`
    alone: what candidates open to reach this site's exam desk, empty where no other device could.
    """

    name: CheckName
    state: CheckState
    reason: Word = ""
    note: Line = ""
    at_ns: Ns = 0
    figures: Annotated[dict[Word, Figure], msgspec.Meta(max_length=MOST_FIGURES)] = {}
    desk: Line = ""


class Certificate(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Durable record: everything a site knows of its own readiness at `at_ns`, in the rehearsal it was asked in."""

    id: Id
    at_ns: Ns
    rehearsal: Annotated[RehearsalId, ID] | None = None
    agent_version: Word = ""
    platform: Line = ""
    checks: Annotated[list[Check], msgspec.Meta(max_length=MOST_CHECKS)]


class RehearsalOrder(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: rehearse. Look at everything now, again at the simulated start `t0_ns`, and by itself until `until_ns`.

    At `t0_ns` the site notes by its own clock when it would have opened (`CheckName.REHEARSAL`, figures `lo_ms` and
    `hi_ms` relative to T0). A repeat with the same id is harmless; a moved start is a new order.
    """

    id: Annotated[RehearsalId, ID]
    title: Line
    t0_ns: Ns
    until_ns: Ns


class RehearsalOff(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: this rehearsal is called off."""

    id: Annotated[RehearsalId, ID]


COMMON_REASONS = ("not_looked", "not_now", "probe_failed", "took_too_long")
"""Reasons that any check may have while it waits: not looked at yet; put off while a lecture or an exam runs; the
look itself failed or did not end."""

REASONS: Mapping[CheckName, tuple[str, ...]] = {
    CheckName.PAIRED: ("not_paired", "line_down", "refused"),
    CheckName.CAMERA: ("no_camera", "camera_lost", "dark", "covered", "partly_covered", "blurred", "frozen"),
    CheckName.ROOM_IN_VIEW: ("camera_first", "nobody_seen", "partly_covered", "turned_away", "moved", "no_reference"),
    CheckName.COUNTING: ("camera_first", "no_model", "cannot_count"),
    CheckName.SPEAKER: ("no_sound_system", "no_speaker", "not_tried", "not_heard", "faint", "microphone_first"),
    CheckName.MICROPHONE: ("no_sound_system", "no_microphone", "silent", "quiet", "clipping", "noisy"),
    CheckName.SCREEN: ("no_browser", "page_silent", "no_lecture", "stalled", "dark", "few_frames", "no_sound"),
    CheckName.PATH: ("line_down", "no_relay", "udp_blocked", "tcp_only", "tls_only", "udp_lossy"),
    CheckName.BANDWIDTH: ("line_down", "centre_busy", "not_measured", "slow_down", "slow_up"),
    CheckName.CLOCK: ("clock_unknown", "clock_loose", "wall_clock_off"),
    CheckName.DISK: ("disk_full", "disk_low", "cannot_write"),
    CheckName.FLUSH: ("cannot_write", "flush_too_fast", "flush_slow"),
    CheckName.PAPER: ("no_paper", "paper_missing", "paper_damaged", "not_opened"),
    CheckName.PHONE: ("no_network", "not_tried", "not_arrived"),
    CheckName.ADDRESS: ("no_network", "address_changed", "address_dynamic"),
    CheckName.POWER: ("on_battery", "battery_low", "sleeps"),
    CheckName.RESTART: ("restart_pending", "up_too_long"),
    CheckName.VERSIONS: ("no_browser", "old_browser", "old_system"),
    CheckName.REHEARSAL: ("not_yet", "clock_unknown", "opened_loose", "missed"),
}
"""Every reason of every check: pages and command line have words and advice for each, and for `COMMON_REASONS`."""


_Bytes = Annotated[int, msgspec.Meta(ge=0, le=64 << 20)]


class MeasureAsk(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Up: the site wishes to measure its line. Its turn comes as a `MeasureTurn` with the same `ask`, after
    a while when many ask; a site whose link was down meanwhile asks again."""

    ask: Number


class MeasureTurn(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down, transient: measure now, until `until_ns`; the next site waits for this one's upload.

    `GET` at `path` of the centre gives at most `down_bytes`, `POST` there takes at most `up_bytes`; each ends after
    `limit_s` wherever it is, so a slow line counts what came through. Each once. `whep_url` and `token` open the way of
    the pictures to a stream that nobody sends, to see by which path it stands.
    """

    ask: Number
    path: Line
    down_bytes: _Bytes
    up_bytes: _Bytes
    limit_s: Annotated[float, msgspec.Meta(gt=0, le=60)]
    until_ns: Ns
    whep_url: Paragraph
    token: Paragraph
