"""What a site is told to show on its big screen."""

from typing import Annotated

import msgspec

from wire.fields import ID, Line, Ns, Paragraph, Word
from wire.ids import OrderId, SessionId


class LectureOn(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: show this stream on the big screen.

    `rung` `phone` (`wire.ladder`): show whom to call instead, by `hotline` where the site has no number of its own.
    """

    session: Annotated[SessionId, ID]
    stream: Line
    whep_url: Paragraph
    token: Paragraph
    title: Line
    lecturer: Line
    rung: Word = ""
    hotline: Line = ""


class LectureOff(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: the lecture of this session is over for the site; None: nothing is on for it at all."""

    session: Annotated[SessionId, ID] | None


class Notice(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: a line for the big screen until `until_ns`."""

    id: Annotated[OrderId, ID]
    text_vi: Paragraph
    text_en: Paragraph
    until_ns: Ns
