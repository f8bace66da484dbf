"""What is wrong, told once: findings become alarms by their cause; somebody has each of them, or it grows louder."""
