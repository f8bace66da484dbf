"""The plan of live sessions (buổi học) and the conductor who takes them through the day."""
