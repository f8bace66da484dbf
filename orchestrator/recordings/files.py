"""Files of fragments as they lie on the disk: read through box by box, repaired, joined without being copied.

A joined recording is the head of its first file, an index, and the fragments of all files: only the index is made anew.
A session that went on in another codec (``media.video`` was changed in its midst) is joined in the one that most of it
is in; the rest is taken file by file.
A single file that is downloaded alone begins at nought: its decode times are counted from its own beginning on the way
out, the file itself is not touched.
"""

from __future__ import annotations

import bisect
import hashlib
import os
import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path

import msgspec

from orchestrator.media.recorder import mp4

CHUNK = 256 << 10
PART_TICKS = 2 * mp4.VIDEO_RATE
MOST_PARTS = 60_000
HEAD_LIMIT = 1 << 20


class Spot(msgspec.Struct, frozen=True):
    """One fragment. Times in ticks of the line; ``times``: where each decode time stands in the file, its track and
    value."""

    offset: int
    size: int
    starts: int
    ends: int
    key: bool
    times: tuple[tuple[int, int, int], ...]


class Scan(msgspec.Struct, frozen=True):
    """A file read through: the size of its head, its whole fragments, and where the last of them ends."""

    head: int
    spots: list[Spot]
    good: int

    @property
    def ends(self) -> int:
        return max((spot.ends for spot in self.spots), default=0)


def scan(path: Path, limit: int | None = None) -> Scan:
    """Read a file's boxes up to ``limit`` bytes; what is not whole at its end is left out. Raises :class:`OSError`."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size if limit is None else limit
        at, head, spots = 0, 0, list[Spot]()
        moof: tuple[int, bytes] | None = None
        while at + 8 <= size:
            file.seek(at)
            length, kind = struct.unpack(">I4s", file.read(8))
            if length < 8 or at + length > size:
                break
            if kind == b"moof" and length <= HEAD_LIMIT:
                moof = (at, file.read(length - 8))
            elif kind == b"mdat" and moof is not None:
                spots.append(_spot(moof[0], at + length - moof[0], moof[1]))
                moof = None
            elif not spots and moof is None:
                head = at + length
            at += length
        return Scan(head, spots, spots[-1].offset + spots[-1].size if spots else head)


def _spot(offset: int, size: int, moof: bytes) -> Spot:
    starts, ends, key, times = [], [], False, []
    for at, kind, content in _boxes(moof, 0, len(moof)):
        if kind != b"traf":
            continue
        track, base, place, length, first = 0, 0, 0, 0, 0
        for inner, name, body in _boxes(moof, content, at):
            if name == b"tfhd":
                track = struct.unpack_from(">I", moof, body + 4)[0]
            elif name == b"tfdt":
                base, place = struct.unpack_from(">Q", moof, body + 4)[0], offset + 8 + body + 4
            elif name == b"trun":
                count = struct.unpack_from(">I", moof, body + 4)[0]
                rows = struct.iter_unpack(">3I", moof[body + 12 : min(inner, body + 12 + 12 * count)])
                durations = [(duration, flags) for duration, _, flags in rows]
                length, first = sum(each for each, _ in durations), durations[0][1] if durations else 0
        rate = mp4.VIDEO_RATE if track == mp4.VIDEO else mp4.AUDIO_RATE
        starts.append(base * mp4.VIDEO_RATE // rate)
        ends.append(-(-(base + length) * mp4.VIDEO_RATE // rate))
        times.append((place, track, base))
        key = key or (track == mp4.VIDEO and not first & 0x10000)
    picture = next((index for index, (_, track, _) in enumerate(times) if track == mp4.VIDEO), 0)
    return Spot(offset, size, starts[picture] if starts else 0, max(ends, default=0), key, tuple(times))


def _boxes(data: bytes, at: int, until: int) -> Iterator[tuple[int, bytes, int]]:
    """End, kind and first content byte of each box in a stretch."""
    while at + 8 <= until:
        length, kind = struct.unpack_from(">I4s", data, at)
        if length < 8 or at + length > until:
            return
        yield at + length, kind, at + 8
        at += length


class Repaired(msgspec.Struct, frozen=True):
    """What a file came to after its writer died: cut to its last whole fragment."""

    size: int
    ends: int
    digest: bytes


def repair(path: Path) -> Repaired | None:
    """Cut off what is not whole. None when nothing is left, or there is no such file: it is removed then."""
    try:
        found = scan(path)
        if not found.spots:
            path.unlink()
            return None
        if found.good != path.stat().st_size:
            os.truncate(path, found.good)
        return Repaired(found.good, found.ends, digest_of(path))
    except FileNotFoundError:
        return None


def digest_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


class Piece(msgspec.Struct, frozen=True):
    """Bytes of a joined file: given, or a stretch of a file on the disk."""

    size: int
    data: bytes = b""
    path: Path | None = None
    offset: int = 0


class Whole:
    """Pieces one after another, of which any stretch can be read."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = [piece for piece in pieces if piece.size]
        self._begins = [0, *accumulate(piece.size for piece in self._pieces)]

    @property
    def size(self) -> int:
        return self._begins[-1]

    def read(self, at: int, count: int) -> bytes:
        """At most ``count`` bytes from ``at``; fewer at the end of a piece, none at the end of all. Blocks."""
        index = bisect.bisect_right(self._begins, at) - 1
        if not 0 <= index < len(self._pieces):
            return b""
        piece, inside = self._pieces[index], at - self._begins[index]
        count = min(count, piece.size - inside)
        if piece.path is None:
            return piece.data[inside : inside + count]
        with piece.path.open("rb") as file:
            file.seek(piece.offset + inside)
            return file.read(count)


def joined(paths: Sequence[tuple[Path, int]]) -> Whole:
    """One file out of several, each up to its size: the head of the first that has pictures, an index, all
    fragments."""
    read = [(path, scan(path, size)) for path, size in paths]
    read = _of_one_codec([(path, found) for path, found in read if found.spots])
    if not read:
        return Whole([])
    path, first = next(((path, found) for path, found in read if found.spots[0].key), read[0])
    with path.open("rb") as file:
        head = file.read(min(first.head, HEAD_LIMIT))
    pieces = [Piece(found.good - found.head, path=path, offset=found.head) for path, found in read]
    pictures = any(spot.key for _, found in read for spot in found.spots)
    table = _index([spot for _, found in read for spot in found.spots]) if pictures else b""
    return Whole([Piece(len(head), head), Piece(len(table), table), *pieces])


def _of_one_codec(read: list[tuple[Path, Scan]]) -> list[tuple[Path, Scan]]:
    """The files whose pictures one head can describe, and those of sound alone."""
    codecs = [_codec(path, found) for path, found in read]
    lengths: Counter[bytes] = Counter()
    for codec, (_, found) in zip(codecs, read, strict=True):
        lengths[codec] += found.ends - found.spots[0].starts if codec else 0
    if len(lengths) < 2:
        return read
    most = max(lengths, key=lambda codec: lengths[codec])
    return [one for codec, one in zip(codecs, read, strict=True) if codec in {b"", most}]


def _codec(path: Path, found: Scan) -> bytes:
    """The sample entry of its pictures; empty where there are none."""
    with path.open("rb") as file:
        head = file.read(min(found.head, HEAD_LIMIT))
    return next((entry for entry in mp4.ENTRIES if entry in head), b"")


def _index(spots: Sequence[Spot]) -> bytes:
    """Parts of at least two seconds that begin with a key picture (or stand where there is none for long)."""
    begins = [0]
    apart = max(PART_TICKS, (spots[-1].ends - spots[0].starts) // MOST_PARTS)
    for number, spot in enumerate(spots):
        if spot.key and spot.starts - spots[begins[-1]].starts >= apart:
            begins.append(number)
    parts = []
    for begin, after in zip(begins, [*begins[1:], len(spots)], strict=True):
        until = spots[after].starts if after < len(spots) else spots[-1].ends
        size = sum(spot.size for spot in spots[begin:after])
        parts.append(mp4.Part(size, max(0, until - spots[begin].starts)))
    return mp4.index(spots[0].starts, parts)


def alone(path: Path, size: int) -> Whole:
    """One file by itself, its time counted from its own beginning."""
    found = scan(path, size)
    pieces = list[Piece]()
    at = 0
    first = min((v * mp4.VIDEO_RATE // _rate(t) for spot in found.spots[:1] for _, t, v in spot.times), default=0)
    for spot in found.spots:
        for place, track, value in sorted(spot.times):
            shifted = max(0, value - first * _rate(track) // mp4.VIDEO_RATE)
            pieces += [Piece(place - at, path=path, offset=at), Piece(8, struct.pack(">Q", shifted))]
            at = place + 8
    return Whole([*pieces, Piece(found.good - at, path=path, offset=at)])


def _rate(track: int) -> int:
    return mp4.VIDEO_RATE if track == mp4.VIDEO else mp4.AUDIO_RATE
