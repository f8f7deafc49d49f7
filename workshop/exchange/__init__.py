"""Bring a network in from a file, and take it out again."""

from workshop.exchange.questions import ImportProblem, Question, Result
from workshop.exchange.reader import read_network, read_uploads
from workshop.exchange.writer import Written, write_network

__all__ = ["ImportProblem", "Question", "Result", "Written", "read_network", "read_uploads", "write_network"]
