"""Pictures of roll calls: looked at by those who may, judged, and erased when their time is over."""
