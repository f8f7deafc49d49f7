"""What all views share: safe text, buttons that cannot fail in silence, and the look."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as w

from workshop.session import Session
from workshop.texts import Message


class View(w.VBox):
    """A part of a page: shows the session and calls it, holds no state and no sentences.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session):
        super().__init__()
        self.session = session
        self.add_class("gbo-view")

    def watch(self, names: str | Iterable[str], handler: Callable[[], Any]) -> None:
        """Call `handler` when one of these traits of the session changes."""
        guarded = self.session.guard(handler)
        self.session.observe(lambda _change: guarded(), [names] if isinstance(names, str) else list(names))

    def watch_answers(self, starts: str, handler: Callable[[], Any]) -> None:
        """Call `handler` when an answer changes whose item starts with `starts`, or everything changed."""
        guarded = self.session.guard(handler)

        def heard(change) -> None:
            item = change.new[0]
            if item is None or item.startswith(starts):
                guarded()

        self.session.observe(heard, "answered")

    def button(self, message: Message | str, handler: Callable[[], Any], look: str = "") -> w.Button:
        """A button with words on it whose handler reports its faults."""
        made = w.Button(description=str(message), tooltip=str(message), layout=w.Layout(width="auto"))
        made.add_class("gbo-button")
        if look:
            made.add_class(look)
        guarded = self.session.guard(handler)
        made.on_click(lambda _button: guarded())
        return made


def say(message: Message | str, look: str = "", tag: str = "p") -> w.HTML:
    """A sentence as a widget, escaped."""
    return w.HTML(sentence(message, look, tag))


def sentence(message: Message | str, look: str = "", tag: str = "p") -> str:
    """A sentence as HTML, escaped."""
    return f'<{tag} class="{look}">{escape(str(message))}</{tag}>'


def sentences(messages: Iterable[Message | str], look: str = "") -> str:
    """Sentences as an HTML list, escaped."""
    return f'<ul class="{look}">{"".join(sentence(message, tag="li") for message in messages)}</ul>'


def fold(title: Message | str, *children: w.Widget) -> w.VBox:
    """Widgets that open and close under a button; works by keyboard, as an Accordion does not."""
    inside = w.VBox(children, layout=w.Layout(display="none"))
    button = w.ToggleButton(description=f"▸ {title}", layout=w.Layout(width="auto"))
    button.add_class("gbo-button")

    def turn(change) -> None:
        inside.layout.display = "" if change.new else "none"
        button.description = f"{'▾' if change.new else '▸'} {title}"

    button.observe(turn, "value")
    return w.VBox([button, inside])


def row(*children: w.Widget) -> w.HBox:
    """Widgets beside each other, on a narrow screen below each other."""
    made = w.HBox(children)
    made.add_class("gbo-row")
    return made


@cache
def style() -> str:
    """The look of all widgets, as a style element."""
    return f"<style>{(Path(__file__).parent / 'kit.css').read_text(encoding='utf-8')}</style>"
