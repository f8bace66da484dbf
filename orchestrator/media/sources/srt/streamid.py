"""What an encoder says in its SRT stream id (Haivision "SRT Access Control Guidelines"). Pure."""

from __future__ import annotations

from urllib.parse import unquote

HEADER = "#!::"
LONGEST = 512
RESOURCE, USER, MODE = "r", "u", "m"


class WrongMode(Exception):
    """It wants to watch, or to send a file."""


def key_of(stream_id: str) -> str:
    """The key: the whole id, or the resource (else the user) of an id in the standard form, such as
    ``#!::r=dc-1234,m=publish``. Raises :class:`WrongMode`."""
    # ffmpeg before 6 hands on what stands in its address without undoing the percent signs.
    stream_id = unquote(stream_id).strip()
    if not stream_id.startswith(HEADER):
        # Some encoders put a path before it.
        return stream_id.rpartition("/")[2]
    words = dict(pair.partition("=")[::2] for pair in stream_id.removeprefix(HEADER).split(","))
    if words.get(MODE, "publish") != "publish":
        raise WrongMode(words[MODE])
    return words.get(RESOURCE) or words.get(USER, "")
