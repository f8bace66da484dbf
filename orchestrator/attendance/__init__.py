"""Roll calls: ordered for one moment, counted in every room, kept with their evidence."""
