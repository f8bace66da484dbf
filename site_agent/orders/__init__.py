"""What the centre orders of this computer, done once each, and the chat of the site's desk."""
