"""What is wrong with a Janus server's settings, from what it tells of itself ("info"). Pure.

Source: the Janus documentation, "info" request, and the comments of ``janus.jcfg`` of 1.1.2.
"""

from __future__ import annotations

from typing import Any

from orchestrator.media.janus.room import PLUGIN

OLDEST = 1102
"""1.1.2: feeds from server to server and placeholders in rooms."""


def advice(told: dict[str, Any]) -> list[str]:
    """Sentences for whoever runs the server; none when all is well."""
    found = []
    if int(told.get("version", 0)) < OLDEST:
        found.append(f"Janus {told.get('version_string', '?')} quá cũ, cần 1.1.2. / Janus 1.1.2 or newer is needed.")
    if PLUGIN not in told.get("plugins", {}):
        found.append("Janus thiếu VideoRoom. / The VideoRoom plugin is not loaded (plugins.disable in janus.jcfg?).")
    if not told.get("ice-keepalive-conncheck"):
        found.append(
            "Phòng mất điện thì Janus không biết: đặt nat.ice_keepalive_conncheck = true. / A room that vanishes is "
            "not noticed: set nat.ice_keepalive_conncheck = true in janus.jcfg."
        )
    if not told.get("reclaim-session-timeout"):
        found.append(
            "Đứt kết nối với trung tâm là mọi phòng mất hình: đặt general.reclaim_session_timeout = 15. / Every room "
            "is cut off when the line to the centre breaks: set general.reclaim_session_timeout = 15 in janus.jcfg."
        )
    if not told.get("api_secret"):
        found.append(
            "Ai tới được cổng này cũng ra lệnh được: đặt general.api_secret. / Whoever reaches this port may give "
            "orders: set general.api_secret in janus.jcfg, and janus.api_secret of the centre."
        )
    return found
