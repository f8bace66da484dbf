"""What goes when its time is over: the words, calls, alarms and orders of earlier years."""
