"""What became of each site: how it was seen, what it tells afterwards of the time when nobody saw, what happened."""
