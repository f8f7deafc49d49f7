"""The pages as static files: Python runs in a worker of the browser (`bridge`), beside the page (`front.js`)."""

from workshop import texts

INSTEAD = "instead."
"""Keys that begin so hold what is said where there is no program on a laptop."""


def speak_of_the_browser() -> None:
    """From now on, say what is true of a browser: there is no folder, no log, no program to start again."""
    messages = texts._messages(texts.data_root())
    for key in [key for key in messages if key.startswith(INSTEAD)]:
        messages[key.removeprefix(INSTEAD)] = messages.pop(key)
