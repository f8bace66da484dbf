"""SQL storage of the centre: one engine by URL, one schema, its migrations."""
