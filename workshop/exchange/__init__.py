"""Bring a network in from a file, and take it out again."""

from workshop.exchange.questions import ImportProblem, Question, Result
from workshop.exchange.reader import read_network, read_uploads

__all__ = ["ImportProblem", "Question", "Result", "read_network", "read_uploads"]
