"""Builds the forgetting of what is older than the province keeps it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from orchestrator.access.audit import Audit
from orchestrator.attendance.pictures.model import clock_agrees
from orchestrator.clock import Clock
from orchestrator.config import Retention as Configured
from orchestrator.live.port import Leases
from orchestrator.retention import store
from orchestrator.retention.service import Kept, Retention
from orchestrator.storage.engine import Database


def build_retention(
    database: Database,
    clock: Clock,
    audit: Audit,
    leases: Leases,
    owner: str,
    configured: Configured,
    offsets_ms: Callable[[], Sequence[float]],
) -> Retention:
    """Nothing runs yet."""
    kinds = {
        "alarms": Kept(configured.alarms_days, store.forget_alarms),
        "duty": Kept(configured.duty_days, store.forget_duty),
        "orders": Kept(configured.orders_days, store.forget_orders),
        "chat": Kept(configured.chat_days, store.forget_chat),
        "set_aside": Kept(configured.set_aside_days, store.forget_set_aside),
    }
    return Retention(database, clock, audit, leases, owner, kinds, lambda: clock_agrees(offsets_ms()))
