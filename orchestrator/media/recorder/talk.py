"""What the centre and a recorder say to each other, a line of JSON each, over the recorder's standard input and
output."""

from __future__ import annotations

import msgspec

from orchestrator.media.recorder.disk import Closed, Grew, Opened, Trouble


class Track(msgspec.Struct, frozen=True):
    """A stream to write down. ``number`` of its next file, ``starts``: ticks of the line that earlier files fill."""

    name: str
    stream: str
    number: int
    starts: int


class Begin(msgspec.Struct, frozen=True, tag="begin"):
    """The first line to a recorder. ``shift_ns``: centre time − the computer's monotonic clock; ``hosts``: where the
    relay may be found beside the addresses it announces."""

    folder: str
    tracks: list[Track]
    segment_s: float
    reserve: int
    shift_ns: int
    hosts: list[str] = []


class Answer(msgspec.Struct, frozen=True, tag="answer"):
    """To an :class:`Asked`: the answer's SDP, or why there is none (a stable word). ``offers``: it is an offer of the
    server's own, and wants an answer; to that one nothing is said but whether it was refused."""

    track: str
    sdp: str = ""
    refused: str = ""
    offers: bool = False


class Asked(msgspec.Struct, frozen=True, tag="asked"):
    """An offer, for the centre to take to the stream's WHEP address; ``answers``: the answer to the server's own."""

    track: str
    sdp: str
    answers: bool = False


class Line(msgspec.Struct, frozen=True, tag="line"):
    """Whether the stream's packets come; ``state``: connecting, connected, refused or lost."""

    track: str
    state: str
    why: str = ""


class Figures(msgspec.Struct, frozen=True, tag="figures"):
    """Every few seconds and at the end: packets since the beginning, those lost, seconds of processor time of the whole
    recorder, and fragments that the disk did not take."""

    packets: int
    lost: int
    cpu_s: float
    let_go: int = 0


ToRecorder = Begin | Answer
FromRecorder = Asked | Line | Figures | Opened | Grew | Closed | Trouble
