"""Boxes of fragmented MP4 (ISO/IEC 14496-12, -15; Opus in ISO BMFF 0.6.8; VP codec ISO media file format binding
1.0). Pure: values in, bytes out.

Parameter sets stay in the samples (``avc3``), as those of VP8 do, so that fragments of several files may follow one
another behind one head.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

import msgspec

VIDEO, AUDIO = 1, 2
"""Track numbers, in every file the same."""
VIDEO_RATE, AUDIO_RATE = 90000, 48000
ENTRIES = (b"avc3", b"vp08")
"""Sample entries of pictures, in files of different codecs different ones."""
_KEY, _OTHER = 0x02000000, 0x01010000
"""sample_depends_on and sample_is_non_sync_sample (§8.8.3.1)."""
_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


class Sample(msgspec.Struct, frozen=True):
    """``duration`` in the track's ticks."""

    data: bytes
    duration: int
    key: bool = True


class H264Head(msgspec.Struct, frozen=True):
    """What the head of a file says of its pictures."""

    sps: bytes
    pps: bytes
    width: int
    height: int

    def entry(self) -> bytes:
        """The sample entry (ISO/IEC 14496-15 §5.4.2.1)."""
        sets = struct.pack(">BBBBBBH", 1, self.sps[1], self.sps[2], self.sps[3], 0xFF, 0xE1, len(self.sps))
        sets += self.sps + struct.pack(">BH", 1, len(self.pps)) + self.pps
        return box(b"avc3", _visual(self), box(b"avcC", sets))


class Vp8Head(msgspec.Struct, frozen=True):
    """The same of VP8, whose key pictures say all that a decoder must know."""

    width: int
    height: int

    def entry(self) -> bytes:
        """Version 1: profile 0, level 3.1, 8 bits of 4:2:0, colours unspecified, nothing to initialise with."""
        return box(b"vp08", _visual(self), full(b"vpcC", 1, 0, bytes((0, 31, 8 << 4 | 1 << 1, 2, 2, 2, 0, 0))))


VideoHead = H264Head | Vp8Head


def _visual(video: VideoHead) -> bytes:
    """The fixed part of a picture's sample entry (ISO/IEC 14496-12 §12.1.3)."""
    return struct.pack(">6xH16xHHIIIH32xHh", 1, video.width, video.height, 0x480000, 0x480000, 0, 1, 0x18, -1)


def box(kind: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">I4s", len(content) + 8, kind) + content


def full(kind: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def head(video: VideoHead | None) -> bytes:
    """``ftyp`` and ``moov``: sound always, pictures when there are any."""
    tracks = [_video_track(video)] if video else []
    tracks.append(_audio_track())
    numbers = [VIDEO, AUDIO] if video else [AUDIO]
    extends = [full(b"trex", 0, 0, struct.pack(">5I", number, 1, 0, 0, 0)) for number in numbers]
    movie = struct.pack(">4IIH10x", 0, 0, 1000, 0, 0x10000, 0x0100) + _MATRIX + bytes(24) + struct.pack(">I", 3)
    return box(b"ftyp", b"iso6", struct.pack(">I", 1), b"iso6mp41dash") + box(
        b"moov", full(b"mvhd", 0, 0, movie), *tracks, box(b"mvex", *extends)
    )


def _track(number: int, width: int, height: int, rate: int, handler: bytes, media_head: bytes, entry: bytes) -> bytes:
    volume = 0 if width else 0x0100
    header = struct.pack(">5I8x2hHH", 0, 0, number, 0, 0, 0, 0, volume, 0) + _MATRIX
    tables = [full(kind, 0, 0, bytes(4)) for kind in (b"stts", b"stsc", b"stco")]
    sizes = full(b"stsz", 0, 0, bytes(8))
    described = full(b"stsd", 0, 0, struct.pack(">I", 1), entry)
    reference = full(b"dref", 0, 0, struct.pack(">I", 1), full(b"url ", 0, 1))
    return box(
        b"trak",
        full(b"tkhd", 0, 3, header, struct.pack(">II", width << 16, height << 16)),
        box(
            b"mdia",
            full(b"mdhd", 0, 0, struct.pack(">4IHH", 0, 0, rate, 0, 0x55C4, 0)),
            full(b"hdlr", 0, 0, bytes(4), handler, bytes(12), b"Diem Cau\0"),
            box(
                b"minf",
                media_head,
                box(b"dinf", reference),
                box(b"stbl", described, tables[0], tables[1], sizes, tables[2]),
            ),
        ),
    )


def _video_track(video: VideoHead) -> bytes:
    media = full(b"vmhd", 0, 1, bytes(8))
    return _track(VIDEO, video.width, video.height, VIDEO_RATE, b"vide", media, video.entry())


def _audio_track() -> bytes:
    fixed = struct.pack(">6xH8xHHHHI", 1, 2, 16, 0, 0, AUDIO_RATE << 16)
    # Version, channels, pre-skip, input rate, gain, family: the packets come from the middle of a stream.
    opus = box(b"dOps", struct.pack(">BBHIhB", 0, 2, 0, AUDIO_RATE, 0, 0))
    return _track(AUDIO, 0, 0, AUDIO_RATE, b"soun", full(b"smhd", 0, 0, bytes(4)), box(b"Opus", fixed, opus))


class Run(msgspec.Struct, frozen=True):
    """Samples of one track in a fragment, from ``starts`` on in its ticks."""

    track: int
    starts: int
    samples: Sequence[Sample]


def fragment(number: int, runs: Sequence[Run]) -> bytes:
    """``moof`` and ``mdat``. ``runs`` must not be empty, nor any of them."""
    size = len(_moof(number, runs, [0] * len(runs)))
    offsets, at = [], size + 8
    for run in runs:
        offsets.append(at)
        at += sum(len(sample.data) for sample in run.samples)
    data = b"".join(sample.data for run in runs for sample in run.samples)
    return _moof(number, runs, offsets) + box(b"mdat", data)


def _moof(number: int, runs: Sequence[Run], offsets: Sequence[int]) -> bytes:
    tracks = [_traf(run, offset) for run, offset in zip(runs, offsets, strict=True)]
    return box(b"moof", full(b"mfhd", 0, 0, struct.pack(">I", number)), *tracks)


def _traf(run: Run, offset: int) -> bytes:
    rows = b"".join(struct.pack(">3I", one.duration, len(one.data), _KEY if one.key else _OTHER) for one in run.samples)
    return box(
        b"traf",
        full(b"tfhd", 0, 0x020000, struct.pack(">I", run.track)),
        full(b"tfdt", 1, 0, struct.pack(">Q", run.starts)),
        full(b"trun", 0, 0x000701, struct.pack(">Ii", len(run.samples), offset), rows),
    )


class Part(msgspec.Struct, frozen=True):
    """A run of fragments that begins with a key picture: its size in bytes and its length in ticks of the pictures."""

    size: int
    duration: int


def index(starts: int, parts: Sequence[Part]) -> bytes:
    """``sidx`` (§8.16.3) of what follows it directly, so that players find any moment without reading through.

    At most 65535 parts fit; the caller sees to it.
    """
    rows = b"".join(struct.pack(">3I", one.size & 0x7FFFFFFF, one.duration, 0x90000000) for one in parts)
    return full(b"sidx", 1, 0, struct.pack(">2I2Q2H", VIDEO, VIDEO_RATE, starts, 0, 0, len(parts)), rows)
