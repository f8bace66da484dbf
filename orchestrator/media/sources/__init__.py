"""Where a lecture may come from besides a browser: encoders, cameras and files, each in a process of its own."""
