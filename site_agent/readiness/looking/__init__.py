"""What looks: the camera, the sound, the disk, the line, the computer. Nothing is decided here."""
