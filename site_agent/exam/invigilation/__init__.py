"""The invigilator: looks after the room, gives time, stops the clock, writes down what happened."""
