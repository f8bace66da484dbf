"""What may leave a room, for how long it is kept, who sees it, and which difference asks for a word: per course."""
