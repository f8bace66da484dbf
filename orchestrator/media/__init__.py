"""The lecture's pictures and sound: the :mod:`port`, the embedded relay, tokens, WHIP and WHEP."""
