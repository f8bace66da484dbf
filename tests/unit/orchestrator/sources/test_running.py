"""What is known of the sources that run."""

from __future__ import annotations

from orchestrator.media.sources.job import State, Told
from orchestrator.sources.running import Running


def test_what_sources_skip_is_counted_over_all_their_processes() -> None:
    running = Running(list, lambda _: (_ for _ in ()).throw(AssertionError), lambda _: None, 1)
    for source, skipped in (("a", 3), ("a", 7), ("b", 1), ("a", 0), ("a", 2)):
        running.hear(source, Told(State.RUNNING, skipped=skipped))
    running.forget("a")
    running.hear("a", Told(State.RUNNING, skipped=4))
    assert running.counters() == {"sources_skipped_total": 14}
