"""The answers of persons and groups: kept in append-only files, merged when read, really gone when deleted."""

from workshop.answers.log import Store, open_store
from workshop.answers.merge import Answer
from workshop.answers.reading import Reading, read_answers

__all__ = ["Answer", "Reading", "Store", "open_store", "read_answers"]
