"""A course: its sessions, one exam, one essay, and what they come to for each participant."""
