"""From what was looked at to a check: pure, one file a kind of thing."""
