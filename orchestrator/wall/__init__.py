"""The live wall: one picture of every room, sent as a snapshot and then as numbered deltas."""
