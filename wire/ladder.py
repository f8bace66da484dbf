"""The last rung of the ladder: a room that gets no picture and no sound, and is asked to telephone instead."""

LADDER = "ladder"
"""The word in `Heartbeat.takes` of an agent that obeys `LectureOn.rung`."""
PHONE = "phone"
"""The one rung that is ordered of a room itself; all others are the media engine's."""
