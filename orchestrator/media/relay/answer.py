"""Chooses codecs and writes the relay's SDP answer: ICE-lite, one transport, one video codec and Opus."""

from __future__ import annotations

import msgspec

from orchestrator.media.relay import codecs, extensions
from orchestrator.media.relay.sdp import BadOffer, Codec, Media, Offer

SECURE_RTP = frozenset({"UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP"})
RIDS = 3
"""Encodings of one picture that are taken."""
TRANSPORT_FEEDBACK = "transport-cc"
VIDEO_FEEDBACK = ("nack", "nack pli", "ccm fir", "goog-remb")


class Ground(msgspec.Struct, frozen=True):
    """What the relay says of itself in every answer."""

    addresses: tuple[str, ...]
    port: int
    fingerprint: str
    """SHA-256, upper-case hexadecimal with colons."""
    start_kbps: int = 1500
    """Where Chromium's bandwidth estimate begins; it would begin at 300 kbit/s and climb for half a minute."""
    maximum_kbps: int = 6000
    video: str = codecs.H264
    """The one video codec of everybody here, so that whoever is on air can be seen by all."""


class Chosen(msgspec.Struct, frozen=True):
    """One accepted media section: its place in the offer, its codec, the SSRC of the relay's packets (viewers only)."""

    index: int
    kind: str
    mid: str
    payload_type: int
    clock_rate: int
    ssrc: int = 0
    repair: int | None = None
    """The payload type of RTX (RFC 4588), when both sides speak it."""
    repair_ssrc: int = 0
    extensions: dict[str, int] = {}
    """URI -> number, as agreed."""
    codec: str = codecs.H264
    """``opus``, ``h264`` or ``vp8``."""


class Terms(msgspec.Struct, frozen=True):
    """What an offer and the relay agreed on."""

    chosen: tuple[Chosen, ...]
    passive: bool
    """The relay is the DTLS server (it always is when the offer leaves the choice)."""
    rids: tuple[str, ...] = ()
    """The encodings of a publisher's picture, in the offer's order; none without simulcast (RFC 8853)."""
    repairs: tuple[tuple[int, int], ...] = ()
    """A publisher's SSRCs of RTX, each with the SSRC that it repairs, as far as the offer names them."""
    most_bps: int | None = None
    """What a viewer wants its picture to take at most, in bits a second."""

    def of(self, kind: str) -> Chosen | None:
        """The accepted section of ``audio`` or ``video``."""
        return next((one for one in self.chosen if one.kind == kind), None)


def agree(offer: Offer, *, publisher: bool, ssrcs: dict[str, int], video: str = codecs.H264) -> Terms:
    """Take the first usable audio and the first usable video section. Raises :class:`BadOffer`.

    A publisher's sections must send, a viewer's must receive. A live section whose codecs are all foreign makes the
    whole offer unacceptable, so that nobody is on air without a picture and without knowing.
    """
    wanted = {"sendrecv", "sendonly"} if publisher else {"sendrecv", "recvonly"}
    chosen: dict[str, Chosen] = {}
    for index, media in enumerate(offer.media):
        if media.kind not in {"audio", "video"} or media.kind in chosen or _dead(media, offer):
            continue
        if media.direction not in wanted:
            continue
        if media.protocol not in SECURE_RTP or not media.rtcp_mux:
            raise BadOffer("malformed", "media must be UDP/TLS/RTP/SAVPF with rtcp-mux")
        codec = codecs.choose(media, video, publisher=publisher)
        if codec is None:
            raise BadOffer("not_acceptable", codecs.refusal(media, video))
        chosen[media.kind] = _chosen(index, media, codec, {} if publisher else ssrcs)
    if not chosen:
        raise BadOffer("not_acceptable", f"no section that {'sends' if publisher else 'receives'} audio or video")
    if len(chosen) > 1 and not all(one.mid and one.mid in offer.bundle for one in chosen.values()):
        raise BadOffer("not_acceptable", "audio and video must be bundled (a=group:BUNDLE)")
    ordered = tuple(sorted(chosen.values(), key=lambda one: one.index))
    numbers = [one.payload_type for one in ordered] + [one.repair for one in ordered if one.repair is not None]
    if len(set(numbers)) != len(numbers):
        raise BadOffer("malformed", "one payload type for two codecs")
    groups = [pair for one in ordered for pair in offer.media[one.index].repairs] if publisher else []
    repairs = tuple((repair, original) for original, repair in groups)
    rids = tuple(_rids(offer.media[one.index], one) for one in ordered if one.kind == "video") if publisher else ()
    most = [offer.media[one.index].most_bps for one in ordered if one.kind == "video" and not publisher]
    return Terms(
        ordered,
        passive=offer.setup != "passive",
        rids=rids[0] if rids else (),
        repairs=repairs,
        most_bps=most[0] if most else None,
    )


def _rids(media: Media, taken: Chosen) -> tuple[str, ...]:
    """Simulcast needs the extension that says which packet is whose (RFC 8853 §6.1.2)."""
    if extensions.RID not in taken.extensions:
        return ()
    named = [one for one in dict.fromkeys(media.simulcast) if one in media.rids][:RIDS]
    return tuple(named) if len(named) > 1 else ()


def _chosen(index: int, media: Media, codec: Codec, ssrcs: dict[str, int]) -> Chosen:
    """``ssrcs`` is empty for a publisher.

    A viewer without RTX is sent the very same packet again, and SRTP must never seal two contents under one number and
    key (RFC 3711 §9.1): it is given no time of sending, which would differ. Sound is sent without any extension: they
    would be a tenth of a packet, and the answer names the SSRCs.
    """
    repair = codecs.repair_of(media, codec)
    if not ssrcs:
        numbered = (extensions.TRANSPORT_SEQUENCE,) if TRANSPORT_FEEDBACK in codec.feedback else ()
        agreed = extensions.agree(media.extensions, (*extensions.FROM_PUBLISHER, *numbered))
    elif media.kind == "video" and repair is not None:
        agreed = extensions.agree(media.extensions, (extensions.ABS_SEND_TIME, extensions.MID))
    else:
        agreed = {}
    return Chosen(
        index,
        media.kind,
        media.mid,
        codec.payload_type,
        codec.clock_rate,
        ssrcs.get(media.kind, 0),
        repair=repair,
        repair_ssrc=ssrcs.get(f"{media.kind}-repair", 0) if repair is not None else 0,
        extensions=agreed,
        codec=codec.name,
    )


def _dead(media: Media, offer: Offer) -> bool:
    return media.port == 0 and media.mid not in offer.bundle


def write_answer(
    offer: Offer, terms: Terms, ground: Ground, *, ufrag: str, pwd: str, publisher: bool, label: str, serial: int
) -> str:
    """The answer's text. ``label`` names the stream in msid and CNAME, ``serial`` is the session id of ``o=``."""
    by_index = {one.index: one for one in terms.chosen}
    lines = [
        "v=0",
        f"o=- {serial} 1 IN {_address(ground.addresses[0])}",
        "s=-",
        "t=0 0",
        "a=ice-lite",
    ]
    if offer.bundle:
        lines.append("a=group:BUNDLE " + " ".join(one.mid for one in terms.chosen))
    lines += ["a=extmap-allow-mixed", f"a=msid-semantic: WMS {label}"]
    transport = [
        f"a=ice-ufrag:{ufrag}",
        f"a=ice-pwd:{pwd}",
        f"a=fingerprint:sha-256 {ground.fingerprint}",
        f"a=setup:{'passive' if terms.passive else 'active'}",
    ]
    for index, media in enumerate(offer.media):
        taken = by_index.get(index)
        if taken is None:
            lines += _rejected(media)
        else:
            lines += _section(media, taken, ground, publisher=publisher, label=label)
            if taken.kind == "video" and terms.rids:
                lines += [f"a=rid:{rid} recv" for rid in terms.rids] + [f"a=simulcast:recv {';'.join(terms.rids)}"]
            lines += transport
            if taken is terms.chosen[0]:
                lines += candidate_lines(ground)
    return "\r\n".join(lines) + "\r\n"


def _address(ip: str) -> str:
    return f"IP6 {ip}" if ":" in ip else f"IP4 {ip}"


def candidate_lines(ground: Ground) -> list[str]:
    """One host candidate an address (RFC 8445 §5.1.2.1), and the end of them."""
    lines = []
    for rank, ip in enumerate(ground.addresses):
        priority = (126 << 24) + ((65535 - rank) << 8) + 255
        lines.append(f"a=candidate:{rank + 1} 1 udp {priority} {ip} {ground.port} typ host")
    return [*lines, "a=end-of-candidates"]


def _rejected(media: Media) -> list[str]:
    lines = [f"m={media.kind} 0 {media.protocol} {' '.join(media.formats)}", "c=IN IP4 0.0.0.0", "a=inactive"]
    if media.mid:
        lines.append(f"a=mid:{media.mid}")
    return lines


def _section(media: Media, taken: Chosen, ground: Ground, *, publisher: bool, label: str) -> list[str]:
    codec = next(one for one in media.codecs if one.payload_type == taken.payload_type)
    number = codec.payload_type
    formats = str(number) if taken.repair is None else f"{number} {taken.repair}"
    lines = [f"m={media.kind} {ground.port} {media.protocol} {formats}", f"c=IN {_address(ground.addresses[0])}"]
    if publisher and taken.kind == "video":
        lines.append(f"b=AS:{ground.maximum_kbps}")
    if taken.mid:
        lines.append(f"a=mid:{taken.mid}")
    lines += ["a=rtcp-mux", "a=recvonly" if publisher else "a=sendonly"]
    lines += [f"a=extmap:{one} {uri}" for uri, one in taken.extensions.items()]
    lines.append(f"a=rtpmap:{number} {codecs.WRITTEN[taken.codec]}")
    lines += [f"a=fmtp:{number} {parameters}" for parameters in _format(codec, taken, ground, publisher=publisher)]
    if taken.kind == "video":
        lines += [f"a=rtcp-fb:{number} {one}" for one in VIDEO_FEEDBACK if one in codec.feedback]
    elif "nack" in codec.feedback:
        lines.append(f"a=rtcp-fb:{number} nack")
    if extensions.TRANSPORT_SEQUENCE in taken.extensions:
        lines.append(f"a=rtcp-fb:{number} {TRANSPORT_FEEDBACK}")
    if taken.repair is not None:
        lines += [f"a=rtpmap:{taken.repair} rtx/{taken.clock_rate}", f"a=fmtp:{taken.repair} apt={number}"]
    return lines if publisher else lines + _sources(taken, label)


def _sources(taken: Chosen, label: str) -> list[str]:
    """The SSRCs of what a viewer is sent (RFC 5576), the repairs after what they repair."""
    lines, ssrcs = [f"a=msid:{label} {label}-{taken.kind}"], [taken.ssrc]
    if taken.repair is not None:
        ssrcs.append(taken.repair_ssrc)
        lines.append(f"a=ssrc-group:FID {taken.ssrc} {taken.repair_ssrc}")
    for ssrc in ssrcs:
        lines += [f"a=ssrc:{ssrc} cname:{label}", f"a=ssrc:{ssrc} msid:{label} {label}-{taken.kind}"]
    return lines


def _format(codec: Codec, taken: Chosen, ground: Ground, *, publisher: bool) -> list[str]:
    if taken.kind == "audio":
        return ["minptime=10;useinbandfec=1"]
    parts = []
    if taken.codec == codecs.H264:
        profile = codec.parameters.get("profile-level-id", "42000a")
        parts += ["level-asymmetry-allowed=1", "packetization-mode=1", f"profile-level-id={profile}"]
    if publisher:
        parts += [f"x-google-start-bitrate={ground.start_kbps}", f"x-google-max-bitrate={ground.maximum_kbps}"]
    return [";".join(parts)] if parts else []
