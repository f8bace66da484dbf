"""Slides of a lecture: decks as pictures, cached at the sites beforehand, turned by a message."""
