"""What the collector of cyclic garbage may leave alone."""

import gc


def unwatch_started() -> None:
    """Call once everything stands: code, tables and services live as long as the process, and a full collection that
    looks at them all holds the event loop for a tenth of a second."""
    gc.collect()
    gc.freeze()
