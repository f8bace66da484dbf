"""The embedded relay: WHIP in, WHEP out, packets forwarded and never decoded.

From the wire inwards: ``udp`` (one socket, one port) -> ``switchboard`` (who is on which stream) -> ``peer`` (ICE-lite,
DTLS, SRTP keys) -> ``stream`` (one publisher, many viewers) -> ``track`` (what came in) -> ``lane`` (what goes out to
one viewer) -> ``fanout`` (seal and send). ``sdp``, ``answer``, ``stun``, ``rtp``, ``rtcp``, ``h264``, ``timeline``,
``gop``, ``ring``, ``reception``, ``keyframes`` and ``lane`` do no I/O and take time as an argument.
"""
