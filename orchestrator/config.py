"""The centre's configuration: read once, at the edge, into frozen values. See ``deploy/centre.example.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from wire.forwarded import proxies
from wire.ids import PicturePolicy
from wire.settings import Misconfigured, read


class Server(msgspec.Struct, frozen=True):
    """Where the centre listens, the address that others reach it by, and the proxies that may stand before it."""

    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""
    tls_certificate: str = ""
    tls_key: str = ""
    trusted_proxies: tuple[str, ...] = ()


class Storage(msgspec.Struct, frozen=True):
    """Where everything that must survive is kept. ``url`` empty means SQLite in ``folder``."""

    folder: str = "./var"
    url: str = ""


class Live(msgspec.Struct, frozen=True):
    """``redis_url`` empty means memory, for one process."""

    redis_url: str = ""


class Media(msgspec.Struct, frozen=True):
    """The embedded relay. Worker k listens on ``udp_port`` + k; port 0 lets the system choose. ``announce``: addresses
    told to rooms when they are not those of ``bind`` (behind NAT); ``ice_servers``: ``URL[,USER,PASSWORD]`` each;
    ``turn_urls``: TURN servers that know ``turn_secret`` too, told with credentials good for ``turn_hours``; ``video``:
    the one codec of all lectures; ``slate``: rooms see a holding slate whenever nobody sends; ``spares``: one process
    more of each kind (relay, slates, recorder) is started and waits for the day that one of them dies."""

    workers: int = 1
    bind: str = "127.0.0.1"
    udp_port: int = 5004
    announce: tuple[str, ...] = ()
    ice_servers: tuple[str, ...] = ()
    turn_urls: tuple[str, ...] = ()
    turn_secret: str = ""
    turn_hours: float = 12.0
    video: str = "h264"
    maximum_kbps: int = 6000
    slate: bool = True
    spares: bool = True


class Janus(msgspec.Struct, frozen=True):
    """Janus servers in place of the embedded relay, when ``servers`` names any: ``URL[,ADDRESS[,ADMIN]]`` each, the URL
    of the WebSocket API, the address for RTP between servers, the URL of the Admin API. ``viewers_each``: of one
    server, before a lecture is sent on to another; ``sessions_each``: publishers and viewers that one takes at most."""

    servers: tuple[str, ...] = ()
    api_secret: str = ""
    admin_key: str = ""
    admin_secret: str = ""
    viewers_each: int = 300
    sessions_each: int = 2000


class Presence(msgspec.Struct, frozen=True):
    """Seconds without a heartbeat after which a site is late, silent, unknown; days that its history is kept."""

    late_s: float = 12.0
    silent_s: float = 30.0
    unknown_s: float = 120.0
    history_days: int = 90


class Retention(msgspec.Struct, frozen=True):
    """Days after which a night forgets what is over; 0: kept for ever. Pictures, recordings and the history of the
    sites have days of their own; the audit trail is never forgotten."""

    alarms_days: int = 400
    duty_days: int = 400
    orders_days: int = 400
    chat_days: int = 180
    set_aside_days: int = 400


class Exams(msgspec.Struct, frozen=True):
    """``release_folder``: where a copy of each release is left at its moment, for other web servers to serve;
    ``release_hosts``: the addresses at which those copies stand, which new exams tell their sites; ``hotline``: the
    number that the results portal names."""

    release_folder: str = ""
    release_hosts: tuple[str, ...] = ()
    hotline: str = ""


class Lecture(msgspec.Struct, frozen=True):
    """``hotline``: the number that the lecturer's page names, whole time in sight, and that a room without one of its
    own is shown when it is to telephone."""

    hotline: str = ""


class Slides(msgspec.Struct, frozen=True):
    """``keep_days`` that slides are kept after their session; ``libreoffice``: what turns PowerPoint into PDF, empty
    to use what is installed, ``off`` for none."""

    keep_days: int = 30
    libreoffice: str = ""


class Attendance(msgspec.Struct, frozen=True):
    """What holds in the rooms of sessions outside a course: ``policy`` count_only, blurred or full; ``keep_days`` that
    a picture is kept; ``seen_by`` in words for the people in the room; ``tolerance``: the difference of two numbers
    beyond which a room must say why."""

    policy: PicturePolicy = PicturePolicy.BLURRED
    keep_days: int = 30
    seen_by: str = "Ban tổ chức bồi dưỡng của Sở Giáo dục và Đào tạo"
    tolerance: int = 3


class Floor(msgspec.Struct, frozen=True):
    """Seconds: ``grant_s`` for which a room may speak when nobody says how long, ``aside_s`` for which an operator may
    have a site aside."""

    grant_s: int = 180
    aside_s: int = 900


class Recording(msgspec.Struct, frozen=True):
    """Recordings of sessions. ``record``: whether a session outside a course is recorded unless somebody says
    otherwise; ``keep_days`` that it is kept; ``folder`` empty: ``recordings`` in the storage folder; ``segment_s``:
    seconds in a file; ``reserve_mb``: room on that disk that recordings never take."""

    record: bool = True
    keep_days: int = 365
    folder: str = ""
    segment_s: float = 300.0
    reserve_mb: int = 2048


class Sources(msgspec.Struct, frozen=True):
    """Lectures from encoders, cameras and files. ``rtmp_bind``, ``rtmp_port``: where encoders such as OBS send, from
    the first key on; ``rtmp_tls``: by RTMPS with the server's certificate; ``srt_bind``, ``srt_port`` (UDP): the same
    by SRT, ``srt_latency_ms``: how long lost packets may take to come again; ``folder`` of films, empty: ``films`` in
    the storage folder; ``most``: cameras and files at a time; ``convert_*``: what a picture that cannot pass untouched
    becomes at most; ``film_mb``: the largest film that people may send, ``films_mb``: all of them together,
    ``film_keep_days``: days after its session that a sent film is kept."""

    rtmp_bind: str = "127.0.0.1"
    rtmp_port: int = 1935
    rtmp_tls: bool = False
    srt_bind: str = "127.0.0.1"
    srt_port: int = 8890
    srt_latency_ms: int = 200
    folder: str = ""
    most: int = 6
    convert_width: int = 1280
    convert_height: int = 720
    convert_kbps: int = 2000
    film_mb: int = 4096
    films_mb: int = 51200
    film_keep_days: int = 30


class Log(msgspec.Struct, frozen=True):
    """``level``: debug, info, warning or error."""

    level: str = "info"


class Config(msgspec.Struct, frozen=True):
    """The whole configuration."""

    server: Server = Server()
    storage: Storage = Storage()
    live: Live = Live()
    media: Media = Media()
    janus: Janus = Janus()
    presence: Presence = Presence()
    retention: Retention = Retention()
    exams: Exams = Exams()
    lecture: Lecture = Lecture()
    slides: Slides = Slides()
    attendance: Attendance = Attendance()
    floor: Floor = Floor()
    recording: Recording = Recording()
    sources: Sources = Sources()
    log: Log = Log()

    def database_url(self) -> str:
        return self.storage.url or f"sqlite:///{Path(self.storage.folder) / 'diemcau.sqlite3'}"


def load(file: str | None, environment: Mapping[str, str]) -> Config:
    """Read ``file`` (TOML) and the environment. Raises :class:`Misconfigured` with every fault."""
    document: dict[str, object] = {}
    if file is not None:
        try:
            document = tomllib.loads(Path(file).read_text(encoding="utf-8"))
        except OSError as error:
            raise Misconfigured([f"{file}: {error.strerror}"]) from error
        except tomllib.TOMLDecodeError as error:
            raise Misconfigured([f"{file}: {error}"]) from error
    config = read(Config, document, environment)
    faults = _faults(config)
    if faults:
        raise Misconfigured(faults)
    return config


def _media_faults(media: Media) -> list[str]:
    faults = []
    if media.video not in {"h264", "vp8"}:
        faults.append("media.video: must be h264 or vp8")
    if not all(url.startswith(("turn:", "turns:")) for url in media.turn_urls):
        faults.append("media.turn_urls: each must begin with turn: or turns:")
    if media.turn_urls and len(media.turn_secret) < 16:
        faults.append("media.turn_secret: at least 16 characters are needed beside turn_urls")
    if not 0.1 <= media.turn_hours <= 240:
        faults.append("media.turn_hours: must be 0.1 to 240")
    return faults


def _faults(config: Config) -> list[str]:
    faults = []
    if bool(config.server.tls_certificate) != bool(config.server.tls_key):
        faults.append("server: tls_certificate and tls_key go together")
    if not 0 <= config.server.port <= 65535:
        faults.append("server.port: must be 0 to 65535")
    try:
        proxies(config.server.trusted_proxies)
    except ValueError as error:
        faults.append(f"server.trusted_proxies: {error}")
    faults += _media_faults(config.media)
    faults += _janus_faults(config.janus)
    if not 1 <= config.media.workers <= 64:
        faults.append("media.workers: must be 1 to 64")
    if not all(host.startswith(("http://", "https://")) for host in config.exams.release_hosts):
        faults.append("exams.release_hosts: each must begin with http:// or https://")
    faults += _retention_faults(config.retention)
    rooms = config.attendance
    if not 0 <= rooms.keep_days <= 3650 or not 0 <= rooms.tolerance <= 1000:
        faults.append("attendance: keep_days must be 0 to 3650, tolerance 0 to 1000")
    if rooms.keep_days == 0 and rooms.policy is not PicturePolicy.COUNT_ONLY:
        faults.append("attendance.keep_days: pictures need a number of days")
    if not 1 <= len(rooms.seen_by.strip()) <= 300:
        faults.append("attendance.seen_by: 1 to 300 letters")
    faults += _lecture_faults(config)
    faults += _recording_faults(config.recording)
    faults += _source_faults(config)
    if config.log.level not in {"debug", "info", "warning", "error"}:
        faults.append("log.level: must be debug, info, warning or error")
    if not 1 <= config.presence.history_days <= 3660:
        faults.append("presence.history_days: must be 1 to 3660")
    if not config.presence.late_s < config.presence.silent_s < config.presence.unknown_s:
        faults.append("presence: late_s < silent_s < unknown_s must hold")
    return faults


def _lecture_faults(config: Config) -> list[str]:
    faults = []
    if not 15 <= config.floor.grant_s <= 1800 or not 30 <= config.floor.aside_s <= 3600:
        faults.append("floor: grant_s must be 15 to 1800, aside_s 30 to 3600")
    if not 1 <= config.slides.keep_days <= 3650:
        faults.append("slides.keep_days: must be 1 to 3650")
    return faults


def _retention_faults(kept: Retention) -> list[str]:
    if all(0 <= days <= 3660 for days in msgspec.structs.astuple(kept)):
        return []
    return ["retention: each number of days must be 0 to 3660; 0 keeps for ever"]


def _recording_faults(kept: Recording) -> list[str]:
    if 1 <= kept.keep_days <= 3650 and 10 <= kept.segment_s <= 3600 and 0 <= kept.reserve_mb <= 10_000_000:
        return []
    return ["recording: keep_days must be 1 to 3650, segment_s 10 to 3600, reserve_mb 0 to 10000000"]


def _source_faults(config: Config) -> list[str]:
    chosen, faults = config.sources, []
    if not 0 <= chosen.rtmp_port <= 65535:
        faults.append("sources.rtmp_port: must be 0 to 65535")
    if not 0 <= chosen.srt_port <= 65535 or not 20 <= chosen.srt_latency_ms <= 8000:
        faults.append("sources: srt_port must be 0 to 65535, srt_latency_ms 20 to 8000")
    if chosen.rtmp_tls and not config.server.tls_certificate:
        faults.append("sources.rtmp_tls: needs server.tls_certificate")
    if not 1 <= chosen.most <= 64:
        faults.append("sources.most: must be 1 to 64")
    if not (160 <= chosen.convert_width <= 1920 and 90 <= chosen.convert_height <= 1080):
        faults.append("sources.convert_width, convert_height: must be 160x90 to 1920x1080")
    if not 100 <= chosen.convert_kbps <= 10000:
        faults.append("sources.convert_kbps: must be 100 to 10000")
    if not 1 <= chosen.film_mb <= chosen.films_mb <= 10_000_000:
        faults.append("sources.film_mb, films_mb: 1 to 10000000, one film no larger than all of them")
    if not 1 <= chosen.film_keep_days <= 3650:
        faults.append("sources.film_keep_days: must be 1 to 3650")
    return faults


def _janus_faults(janus: Janus) -> list[str]:
    faults = []
    if not all(server.startswith(("ws://", "wss://")) for server in janus.servers):
        faults.append("janus.servers: each must begin with ws:// or wss://")
    admins = [each.split(",")[2].strip() for each in janus.servers if each.count(",") >= 2]
    if not all(admin.startswith(("http://", "https://")) for admin in admins):
        faults.append("janus.servers: the third part is the Admin API's and must begin with http:// or https://")
    if not 1 <= janus.viewers_each <= 10_000:
        faults.append("janus.viewers_each: must be 1 to 10000")
    if not janus.viewers_each <= janus.sessions_each <= 20_000:
        faults.append("janus.sessions_each: must be viewers_each to 20000")
    return faults
