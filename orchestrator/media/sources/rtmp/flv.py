"""Messages of an encoder as a FLV file, which every demuxer reads (Adobe "FLV 10.1", annex E). Pure."""

from __future__ import annotations

from orchestrator.media.sources.rtmp.chunks import Message

AUDIO, VIDEO, SCRIPT = 8, 9, 18
HEADER = b"FLV\x01\x05\x00\x00\x00\x09\x00\x00\x00\x00"
SET_DATA_FRAME = b"\x02\x00\x0d@setDataFrame"


def tag(message: Message) -> bytes:
    """One tag; a data message loses the word that only servers understand."""
    content = message.content
    if message.kind == SCRIPT and content.startswith(SET_DATA_FRAME):
        content = content[len(SET_DATA_FRAME) :]
    size = len(content).to_bytes(3, "big")
    stamp = (message.at_ms & 0xFFFFFF).to_bytes(3, "big") + bytes([message.at_ms >> 24 & 0xFF])
    return bytes([message.kind]) + size + stamp + b"\0\0\0" + content + (11 + len(content)).to_bytes(4, "big")
