"""The exam at the school: sealed papers, the window, the journal of answers, the desk that pages talk to."""
