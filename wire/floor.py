"""The floor: who may speak to all rooms of a session, who asks to, written questions, and a private word with one site.

The centre keeps the truth and tells each site one whole picture (`FloorNow`), anew after every new link and on each
change; a site says what its room wishes (`HandWish`) and says it again until a picture names the wish as heard. So
nothing is lost with a line, and nothing is done twice. `Heartbeat.takes` names `FLOOR`: an older agent is told nothing.
"""

from enum import StrEnum
from typing import Annotated

import msgspec

from wire.fields import ID, Id, Line, Ns, Paragraph, Small, Word
from wire.ids import SessionId, SiteId

FLOOR = "floor"
"""The word in `Heartbeat.takes` of an agent whose room can speak."""
QUESTION_LETTERS = 500
MOST_QUESTIONS = 10
"""Of one site's questions, the newest, whose standing it is told."""

QuestionText = Annotated[str, msgspec.Meta(min_length=1, max_length=QUESTION_LETTERS)]


class Voice(StrEnum):
    """Whether a room that is given the floor could be heard; the words stand in `Heartbeat.voice`."""

    READY = "ready"
    NO_PAGE = "no_page"
    NO_MICROPHONE = "no_microphone"


class QuestionState(StrEnum):
    """What became of a written question; a hidden one stays `asked` to the site that wrote it."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    HIDDEN = "hidden"
    ANSWERED = "answered"


class HandWish(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Up: the room raises its hand, or lowers it, or gives the floor back (`up` False). `id` is new with each wish."""

    id: Id
    session: Annotated[SessionId, ID]
    up: bool
    at_ns: Ns


class FloorQuestion(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Durable record: the room asks in writing."""

    id: Id
    session: Annotated[SessionId, ID]
    text: QuestionText
    at_ns: Ns


class Speaker(msgspec.Struct, frozen=True, kw_only=True):
    """The room that has the floor, by the names that people read, and until when (centre time)."""

    site: Annotated[SiteId, ID]
    code: Word
    name: Line
    since_ns: Ns
    until_ns: Ns


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """Where to publish (WHIP) or view (WHEP) a stream, and the token that allows it."""

    url: Paragraph
    token: Paragraph


class AsideNow(msgspec.Struct, frozen=True, kw_only=True):
    """An operator has a private word with this site: what the site says goes to `speak`, what it hears is at `hear`."""

    id: Id
    said_by: Line
    speak: Door
    hear: Door


class QuestionNow(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a question that this site asked."""

    id: Id
    state: Word


class FloorNow(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: the whole picture for this site; it takes the place of the one before.

    `hear` is the stream on which rooms are heard, to be held open from the start; `speak` is there while this site has
    the floor: a right that lasts some seconds and comes anew before it ends; `asked`: because its own hand was up.
    `place`: of this site's hand in the queue, 0 when it is down. `heard`: the id of the last wish of this site that the
    centre took. No session: nothing is on.
    """

    session: Annotated[SessionId, ID] | None
    hear: Door | None = None
    speaker: Speaker | None = None
    speak: Door | None = None
    muted: bool = False
    asked: bool = False
    place: Small = 0
    heard: Word = ""
    aside: AsideNow | None = None
    questions: Annotated[list[QuestionNow], msgspec.Meta(max_length=MOST_QUESTIONS)] = []
