"""Slides at a site: fetched beforehand, kept by digest, shown by the screen page from this computer."""
