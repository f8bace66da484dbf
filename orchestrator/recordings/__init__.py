"""Recordings of sessions: who switched them on or off, the files, one timeline, who watched, what was erased."""
