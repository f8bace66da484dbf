"""The questions of the bank one by one: reading, editing, looking them over, and what a rehearsal asks."""
