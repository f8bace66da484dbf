"""Encoders that push by SRT: the system's libsrt behind one small port, and the door that all of them share."""
