"""This room's part of the floor: its hand, its questions, and its picture while it speaks."""
