"""Chooses among the codecs of an offered section: Opus, the relay's one video codec, and RTX beside it."""

from __future__ import annotations

from orchestrator.media.relay.sdp import Codec, Media

H264, VP8 = "h264", "vp8"
VIDEO = (H264, VP8)
NEEDED = {
    H264: "H.264 constrained baseline with packetization-mode=1",
    VP8: "VP8",
}
WRITTEN = {"opus": "opus/48000/2", H264: "H264/90000", VP8: "VP8/90000"}
"""As ``a=rtpmap`` names them."""


def choose(media: Media, video: str, *, publisher: bool) -> Codec | None:
    """The section's codec, or ``None`` when it has none that the relay forwards. ``video``: one of ``VIDEO``."""
    if media.kind == "audio":
        return _opus(media)
    return _h264(media, publisher=publisher) if video == H264 else _vp8(media)


def repair_of(media: Media, codec: Codec) -> int | None:
    """The payload type of RTX for a codec (RFC 4588 §8.6), if the offer has it and NACK with it."""
    if "nack" not in codec.feedback:
        return None
    wanted = str(codec.payload_type)
    found = (one for one in media.codecs if one.name == "rtx" and one.clock_rate == codec.clock_rate)
    return next((one.payload_type for one in found if one.parameters.get("apt") == wanted), None)


def refusal(media: Media, video: str) -> str:
    """What was offered and what is needed."""
    offered = ", ".join(sorted({codec.name for codec in media.codecs if codec.name})[:12]) or "none"
    needed = "Opus" if media.kind == "audio" else NEEDED[video]
    return f"{media.kind} must be {needed}; the offer has {offered}"


def _opus(media: Media) -> Codec | None:
    return next((one for one in media.codecs if one.name == "opus" and one.clock_rate == 48000), None)


def _vp8(media: Media) -> Codec | None:
    return next((one for one in media.codecs if one.name == VP8 and one.clock_rate == 90000), None)


def _h264(media: Media, *, publisher: bool) -> Codec | None:
    """Constrained baseline first; a viewer may take it with any H.264 decoder, a publisher must say baseline."""
    usable = [
        one
        for one in media.codecs
        if one.name == "h264" and one.clock_rate == 90000 and one.parameters.get("packetization-mode") == "1"
    ]
    ranked = sorted(usable, key=lambda one: _profile_rank(one.parameters.get("profile-level-id", "42000a")))
    if not ranked:
        return None
    best = ranked[0]
    if publisher and _profile_rank(best.parameters.get("profile-level-id", "42000a")) > 1:
        return None
    return best


def _profile_rank(profile_level_id: str) -> int:
    """0 constrained baseline, 1 baseline, 2 others (RFC 6184 table 5)."""
    text = profile_level_id.lower()
    try:
        profile, constraints = int(text[0:2], 16), int(text[2:4], 16)
    except ValueError:
        return 3
    constrained = (
        (profile == 0x42 and constraints & 0x40)
        or (profile == 0x4D and constraints & 0x80)
        or (profile == 0x58 and constraints & 0xC0 == 0xC0)
    )
    if constrained:
        return 0
    return 1 if profile == 0x42 else 2
