"""Reads an SDP offer (RFC 8866, RFC 8829) into what the relay needs, strictly and within bounds.

Errors: :class:`BadOffer` with a stable ``code``; nothing else leaves :func:`parse_offer`.
"""

from __future__ import annotations

import re

import msgspec

MEDIA_LIMIT = 16
CODEC_LIMIT = 128
LINE_LIMIT = 4096
BANDWIDTH = re.compile(r"^(AS|TIAS):([0-9]{1,10})$")
LINES_LIMIT = 3000
EXTENSION_LIMIT = 64
GROUP_LIMIT = 16
RID_LIMIT = 8
RID = re.compile(r"^[A-Za-z0-9_-]{1,16}$")
SSRC_LIMIT = (1 << 32) - 1
TOKEN = re.compile(r"^[A-Za-z0-9+/_.~-]{1,64}$")
ICE_CHARS = re.compile(r"^[A-Za-z0-9+/]{4,256}$")
FINGERPRINT = re.compile(r"^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){19,63}$")
DIRECTIONS = frozenset({"sendrecv", "sendonly", "recvonly", "inactive"})
DIGESTS = frozenset({"sha-256", "sha-384", "sha-512"})


class BadOffer(Exception):
    """An offer that cannot be read or served. ``code``: ``malformed`` (400) or ``not_acceptable`` (406)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Codec(msgspec.Struct):
    """One payload type of a media section."""

    payload_type: int
    name: str = ""
    clock_rate: int = 0
    channels: int = 1
    parameters: dict[str, str] = {}
    feedback: list[str] = []


class Media(msgspec.Struct):
    """One ``m=`` section, in the offer's order."""

    kind: str
    port: int
    protocol: str
    formats: list[str]
    mid: str = ""
    direction: str = "sendrecv"
    rtcp_mux: bool = False
    codecs: list[Codec] = []
    ufrag: str = ""
    pwd: str = ""
    setup: str = ""
    fingerprints: list[tuple[str, str]] = []
    rids: list[str] = []
    """Encodings that the offer says it sends (RFC 8851), as far as ``a=simulcast`` names them (RFC 8853)."""
    simulcast: list[str] = []
    extensions: dict[str, int] = {}
    """URI -> number of the header extensions (RFC 8285 §5)."""
    repairs: list[tuple[int, int]] = []
    """Pairs of SSRCs (original, its repair) of ``a=ssrc-group:FID`` (RFC 5576 §4.2)."""
    most_bps: int | None = None
    """What the section is to take at most, in bits a second (``b=AS`` or ``b=TIAS``, RFC 8866 §5.8, RFC 3890)."""


class Offer(msgspec.Struct):
    """A whole offer. Transport parameters are those of the bundle's first section or of the session."""

    media: list[Media]
    bundle: list[str]
    ufrag: str
    pwd: str
    setup: str
    fingerprints: list[tuple[str, str]]


class _Session(msgspec.Struct):
    bundle: list[str] = []
    ufrag: str = ""
    pwd: str = ""
    setup: str = ""
    fingerprints: list[tuple[str, str]] = []


def parse_offer(text: str) -> Offer:
    """Read an offer. Raises :class:`BadOffer`."""
    lines = _lines(text)
    session, media = _Session(), []
    for line in lines:
        kind, _, value = line.partition("=")
        if kind == "m":
            media.append(_media_line(value))
            if len(media) > MEDIA_LIMIT:
                raise BadOffer("malformed", f"more than {MEDIA_LIMIT} media sections")
        elif kind == "a":
            name, _, argument = value.partition(":")
            if media:
                _media_attribute(media[-1], name, argument)
            else:
                _session_attribute(session, name, argument)
        elif kind == "b" and media:
            _bandwidth(media[-1], value)
    if not media:
        raise BadOffer("malformed", "no media section")
    return _join(session, media)


def _lines(text: str) -> list[str]:
    lines = [line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line]
    if len(lines) > LINES_LIMIT or any(len(line) > LINE_LIMIT for line in lines):
        raise BadOffer("malformed", "too many or too long lines")
    if not lines or lines[0].strip() != "v=0":
        raise BadOffer("malformed", "the offer does not begin with v=0")
    for line in lines:
        if len(line) < 2 or line[1] != "=" or not line[0].isalpha():
            raise BadOffer("malformed", "a line is not of the form <letter>=<value>")
    return [line.rstrip() for line in lines]


def _number(text: str, low: int, high: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise BadOffer("malformed", "a number was expected")
    value = int(text)
    if not low <= value <= high:
        raise BadOffer("malformed", "a number is out of range")
    return value


def _media_line(value: str) -> Media:
    words = value.split()
    if len(words) < 4 or not TOKEN.match(words[0]) or not TOKEN.match(words[2]):
        raise BadOffer("malformed", "a media line is incomplete")
    kind, protocol, formats = words[0], words[2], words[3:]
    if len(formats) > CODEC_LIMIT or not all(TOKEN.match(word) for word in formats):
        raise BadOffer("malformed", "a media line has bad formats")
    codecs = []
    if kind in {"audio", "video"}:
        codecs = [Codec(_number(word, 0, 127)) for word in formats]
    return Media(kind, _number(words[1].split("/")[0], 0, 65535), protocol, formats, codecs=codecs)


def _bandwidth(media: Media, value: str) -> None:
    """The least of what stands there; modifiers that are not known are passed over (RFC 8866 §5.8)."""
    found = BANDWIDTH.match(value)
    if found is not None:
        bps = int(found[2]) * (1000 if found[1] == "AS" else 1)
        media.most_bps = bps if media.most_bps is None else min(bps, media.most_bps)


def _session_attribute(session: _Session, name: str, value: str) -> None:
    if name == "group":
        words = value.split()
        if words and words[0] == "BUNDLE":
            session.bundle = words[1:]
    else:
        _transport_attribute(session, name, value)


def _transport_attribute(place: _Session | Media, name: str, value: str) -> None:
    if name == "ice-ufrag":
        place.ufrag = value
    elif name == "ice-pwd":
        place.pwd = value
    elif name == "setup":
        place.setup = value
    elif name == "fingerprint":
        words = value.split()
        if len(words) != 2 or not FINGERPRINT.match(words[1]):
            raise BadOffer("malformed", "a certificate fingerprint is malformed")
        if len(place.fingerprints) < 8:
            place.fingerprints.append((words[0].lower(), words[1]))


def _media_attribute(media: Media, name: str, value: str) -> None:
    if name in DIRECTIONS:
        media.direction = name
    elif name == "mid":
        if not TOKEN.match(value):
            raise BadOffer("malformed", "a mid is malformed")
        media.mid = value
    elif name == "rtcp-mux":
        media.rtcp_mux = True
    elif name in {"rtpmap", "fmtp", "rtcp-fb"} and media.codecs:
        _codec_attribute(media, name, value)
    elif name == "rid":
        words = value.split()
        if len(words) >= 2 and RID.match(words[0]) and words[1] == "send" and len(media.rids) < RID_LIMIT:
            media.rids.append(words[0])
    elif name == "simulcast":
        media.simulcast = _sent(value)
    elif name == "extmap":
        _extension(media, value)
    elif name == "ssrc-group":
        words = value.split()
        if len(words) == 3 and words[0] == "FID" and len(media.repairs) < GROUP_LIMIT:
            media.repairs.append((_number(words[1], 0, SSRC_LIMIT), _number(words[2], 0, SSRC_LIMIT)))
    else:
        _transport_attribute(media, name, value)


def _sent(value: str) -> list[str]:
    """The send list of ``a=simulcast`` (RFC 8853 §5.1): streams apart by ``;``, alternatives by ``,``, ``~`` paused."""
    words = value.split()
    lists = dict(zip(words[::2], words[1::2], strict=False))
    streams = lists.get("send", "").split(";")[:RID_LIMIT]
    return [one.split(",")[0].removeprefix("~") for one in streams if one]


def _extension(media: Media, value: str) -> None:
    words = value.split()
    if len(words) < 2 or len(words[1]) > 255:
        raise BadOffer("malformed", "an extmap is malformed")
    number = _number(words[0].partition("/")[0], 0, 4351)
    if len(media.extensions) < EXTENSION_LIMIT:
        media.extensions.setdefault(words[1], number)


def _codec_attribute(media: Media, name: str, value: str) -> None:
    number, _, rest = value.partition(" ")
    if name == "rtcp-fb" and number == "*":
        chosen = media.codecs
    else:
        payload_type = _number(number, 0, 127)
        chosen = [codec for codec in media.codecs if codec.payload_type == payload_type]
    for codec in chosen:
        if name == "rtpmap":
            _rtpmap(codec, rest)
        elif name == "fmtp":
            codec.parameters = _parameters(rest)
        elif len(codec.feedback) < 32:
            codec.feedback.append(rest.strip())


def _rtpmap(codec: Codec, value: str) -> None:
    words = value.strip().split("/")
    if len(words) < 2 or not TOKEN.match(words[0]):
        raise BadOffer("malformed", "an rtpmap is malformed")
    codec.name = words[0].lower()
    codec.clock_rate = _number(words[1], 1, 10_000_000)
    codec.channels = _number(words[2], 1, 255) if len(words) > 2 else 1


def _parameters(value: str) -> dict[str, str]:
    pairs = [part.strip().partition("=") for part in value.split(";")[:32]]
    return {key.strip().lower(): text.strip() for key, _, text in pairs if key}


def _join(session: _Session, media: list[Media]) -> Offer:
    """Settle the transport of the bundle: its first live section's, else the session's (RFC 8843 §7.3)."""
    live = [one for one in media if one.port != 0 or one.mid in session.bundle]
    first = next((one for one in live if one.mid in session.bundle), live[0] if live else media[0])
    ufrag, pwd = first.ufrag or session.ufrag, first.pwd or session.pwd
    if not ICE_CHARS.match(ufrag) or not ICE_CHARS.match(pwd) or len(pwd) < 22:
        raise BadOffer("malformed", "ICE credentials are missing or malformed")
    prints = [one for one in first.fingerprints or session.fingerprints if one[0] in DIGESTS]
    if not prints:
        raise BadOffer("malformed", "no usable certificate fingerprint")
    setup = first.setup or session.setup or "actpass"
    if setup not in {"actpass", "active", "passive"}:
        raise BadOffer("malformed", "a=setup is malformed")
    return Offer(media, session.bundle, ufrag, pwd, setup, prints)
