"""What this computer finds out about itself before the day: looked at for real, judged purely, told to the centre."""
