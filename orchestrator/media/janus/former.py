"""Rooms of the centre that are at a server when it begins a session there: an earlier life of the centre left them, or
this one, when the server was lost to it while it hung.

Whoever is in them belongs to a session that is gone, and is about to be cut off by the server as well; he asks again as
after any loss. Till then he would see a lecturer whom the centre does not know.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from orchestrator.media.janus.room import Place, Rooms

AT_ONCE = 16


async def end_former(rooms: Rooms, place_of: Callable[[str], Place]) -> int:
    """End them; returns how many there were. A room is the centre's if its number is the one that the centre draws for
    its name, which nobody can without its key. Raises :class:`orchestrator.media.janus.asking.JanusError`."""
    own = [place for name, number in await rooms.listed() if (place := place_of(name)).room == number]
    for begin in range(0, len(own), AT_ONCE):
        closing = (rooms.close(place) for place in own[begin : begin + AT_ONCE])
        for fault in await asyncio.gather(*closing, return_exceptions=True):
            if fault is not None:
                raise fault
    return len(own)
