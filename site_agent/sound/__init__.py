"""Loudspeaker and microphone of the room, behind one port."""
