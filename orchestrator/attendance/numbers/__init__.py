"""Expected, counted, declared and signed in, side by side: what differs, who explained it, who corrected it."""
