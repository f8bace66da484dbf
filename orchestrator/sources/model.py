"""A source of a session, and what may be asked for. Pure; refusals are :class:`orchestrator.errors.Refused`."""

from __future__ import annotations

import re
import secrets
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec

from orchestrator.errors import Refused
from orchestrator.media.sources.job import Way
from orchestrator.media.tokens import Seat
from wire.ids import SessionId

NAME_LIMIT = 80
ADDRESS_LIMIT = 500
MOST = 12
"""Sources of one session at a time."""
KEY_PREFIX = "dc-"
SRT_WORDS = frozenset({"streamid", "passphrase", "latency", "pbkeylen"})
"""What an SRT address may say besides host and port; in microseconds, bytes and text as libsrt understands them."""
PLAIN = re.compile(r"^[\x21-\x7e]+$")


class Source(msgspec.Struct, frozen=True):
    """One source as it is stored. ``sealed`` holds its address under the centre's own key, ``key_hash`` its RTMP key's
    hash; neither is ever shown again. ``shown`` is the part of the address that people may read."""

    id: str
    session: SessionId
    way: Way
    name: str
    seat: Seat
    owner: str
    """The lecturer (a person's id) whose lecture it is, empty where the session has none: a key is theirs."""
    shown: str
    made_by: str
    made_ns: int
    sealed: bytes = b""
    key_hash: bytes | None = None
    wanted: bool = False
    repeat: bool = False
    removed_ns: int | None = None
    clip: str = ""
    """The film that somebody sent (:class:`orchestrator.sources.clip_model.Clip`) and that this source plays."""


class Wish(msgspec.Struct, frozen=True):
    """What a person asks for: ``address`` of a camera or an encoder, ``file`` of the centre's folder."""

    way: Way
    name: str = ""
    seat: Seat = Seat.LECTURER
    address: str = ""
    file: str = ""
    repeat: bool = False
    encrypt: bool = False
    """Of an encoder that pushes by SRT: with a passphrase, which the centre chooses."""


class Place(msgspec.Struct, frozen=True):
    """A checked address: whole, and as it may be shown."""

    address: str
    shown: str


def may_name_addresses(role: str) -> bool:
    """Whether a person may have the centre fetch from an address: a lecturer, however they came in, may not."""
    return role not in {"lecturer", "guest_lecturer", "assistant", "standby"}


def new_key() -> str:
    """An encoder's key: 96 random bits that a person can copy by hand."""
    text = secrets.token_hex(12)
    return KEY_PREFIX + "-".join(text[at : at + 6] for at in range(0, 24, 6))


def new_secret() -> str:
    """A passphrase for SRT: 80 random bits, and as many letters as the protocol asks for."""
    return secrets.token_hex(10)


def checked_name(name: str, way: Way) -> str:
    """The name people see; what they left empty is the way's own."""
    name = " ".join(name.split())
    if len(name) > NAME_LIMIT or not name.isprintable():
        raise Refused("bad_name", f"Tên nguồn dài tối đa {NAME_LIMIT} chữ. / At most {NAME_LIMIT} letters.", 422)
    return (
        name or {Way.RTMP: "OBS", Way.RTSP: "Camera", Way.SRT: "SRT", Way.SRT_IN: "SRT", Way.FILE: "Phim / Film"}[way]
    )


def checked_seat(seat: Seat) -> Seat:
    """A lecturer's place or the standby's: the slate is the centre's own."""
    if seat is Seat.SLATE:
        raise Refused("bad_seat", "Chọn giảng viên hoặc dự phòng. / Lecturer or standby.", 422)
    return seat


def checked_address(way: Way, address: str) -> Place:
    """An address that we may fetch from. Refuses ``bad_address`` with what is wrong, never repeating it."""
    address = address.strip()
    if not address or len(address) > ADDRESS_LIMIT or not PLAIN.match(address):
        raise _bad("Địa chỉ trống, quá dài hoặc có ký tự lạ. / Empty, too long or with strange letters.")
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _bad("Địa chỉ không đọc được. / The address cannot be read.") from None
    schemes = {"rtsp", "rtsps"} if way is Way.RTSP else {"srt"}
    if parts.scheme not in schemes:
        needed = " hoặc / or ".join(f"{scheme}://" for scheme in sorted(schemes))
        raise _bad(f"Địa chỉ phải bắt đầu bằng {needed}.")
    if not host:
        raise _bad("Thiếu tên máy. / No host.")
    where = f"[{host}]" if ":" in host else host
    if way is Way.SRT:
        return _srt(parts.scheme, where, port, parts.query)
    # What follows a question mark often is a password too.
    shown = f"{parts.scheme}://{where}{f':{port}' if port else ''}{parts.path}{'?…' if parts.query else ''}"
    return Place(address, shown)


def _srt(scheme: str, where: str, port: int | None, query: str) -> Place:
    if not port:
        raise _bad("Thiếu số cổng. / No port.")
    words = parse_qsl(query, keep_blank_values=True)
    strange = {name for name, _ in words} - SRT_WORDS - {"mode"}
    if strange or any(name == "mode" and value != "caller" for name, value in words):
        allowed = ", ".join(sorted(SRT_WORDS))
        raise _bad(f"Chỉ dùng {allowed}. / Only these words.")
    kept = urlencode([pair for pair in words if pair[0] != "mode"] + [("mode", "caller")])
    return Place(f"{scheme}://{where}:{port}?{kept}", f"{scheme}://{where}:{port}")


def _bad(sentence: str) -> Refused:
    return Refused("bad_address", sentence, 422)
