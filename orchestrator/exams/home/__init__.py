"""The way home: heads, carried journals, candidates on the move, and what a person decides."""
