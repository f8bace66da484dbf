"""Exams: the bank, papers, sealing, the window, answers, marks and results."""
