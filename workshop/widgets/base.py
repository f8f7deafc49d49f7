"""What all views share: safe text, buttons that cannot fail in silence, the look; and the line of own widgets."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as w
import traitlets as t

from workshop.domain import governance
from workshop.domain.questions import register
from workshop.session import Session
from workshop.texts import Message

FOLDER = Path(__file__).parent
Parts = Sequence[w.Widget]
Items = str | tuple[str, ...] | Callable[[], tuple[str, ...]]
"""How ids of items begin; or a function that gives the ids themselves, where these change."""
EVERY = ("",)
"""All items."""


class Following(w.Widget):
    """What views and own widgets have in common: they hear of the session, until they are closed."""

    session: Session
    _observing: tuple[tuple[Callable[[Any], None], list[str]], ...] = ()

    def hear(self, handler: Callable[[], Any], *traits: str, items: Items = ()) -> None:
        """Call `handler` whenever one of these traits changes, or an answer to one of these items, or all answers."""
        session = self.session
        shown: list[Any] = []

        def heard(change: Any) -> None:
            if change.name == "answered":
                item = change.new[0]
                if item is not None and not (item in items() if callable(items) else item.startswith(items)):
                    return
            else:
                now = [getattr(session, name) for name in traits]
                if shown and all(new is old for new, old in zip(now, shown, strict=True)):
                    return  # one edit changes several of them: shown once
                shown[:] = now
            handler()

        names = [*traits, "answered"] if items else [*traits]
        guarded = session.guard(heard)
        session.observe(guarded, names)
        self._observing = (*self._observing, (guarded, names))

    def follow(self, handler: Callable[[], Any], *traits: str, items: Items = ()) -> None:
        """Call `handler` now as well; see `hear`."""
        self.hear(handler, *traits, items=items)
        handler()

    def close(self) -> None:
        """Leave the page, and hear of nothing any more."""
        for handler, names in self._observing:
            self.session.unobserve(handler, names)
        self._observing = ()
        super().close()


class View(Following, w.VBox):
    """A part of a page: shows the session and calls it, holds no state and no sentences.

    Parameters
    ----------
    session : Session
        What it shows and calls. Views that take nothing else do not say so again.
    """

    _filling = False

    def __init__(self, session: Session):
        super().__init__()
        self.session = session
        self.add_class("gbo-view")
        self.children = self._parts()

    def _parts(self) -> Parts:
        """What stands in it, from top to bottom; a view that takes more than a session sets `children` itself."""
        return ()

    def live(self, render: Callable[[], str], *traits: str, items: Items = ()) -> w.HTML:
        """HTML that `render` gives; see `follow`."""
        made = w.HTML()

        def show() -> None:
            made.value = render()

        self.follow(show, *traits, items=items)
        return made

    def field(self, made: w.Widget, message: Message | str, handler: Callable[[], Any] | None = None) -> Any:
        """A field with its label beside it, whose handler reports its faults."""
        made.description, made.style.description_width = str(message), "initial"
        if handler:
            guarded = self.session.guard(handler)
            made.observe(lambda _change: self._filling or guarded(), "value")
        return made

    @contextmanager
    def filling(self) -> Iterator[None]:
        """Fill in fields without that their handlers hear of it."""
        self._filling = True
        try:
            yield
        finally:
            self._filling = False

    def button(self, message: Message | str, handler: Callable[[], Any], look: str = "") -> w.Button:
        """A button with words on it whose handler reports its faults."""
        made = w.Button(description=str(message), tooltip=str(message), layout=w.Layout(width="auto"))
        made.add_class("gbo-button")
        if look:
            made.add_class(look)
        guarded = self.session.guard(handler)
        made.on_click(lambda _button: guarded())
        return made


class Boxed(Following, anywidget.AnyWidget):
    """A widget of which the page's outbox may send what any view of the page did (see `outbox.js`).

    Parameters
    ----------
    session : Session
        Takes what the outbox sends, and guards the handlers.
    **traits
        Of the widget.
    """

    outbox = t.Dict().tag(sync=True)
    words = t.Dict().tag(sync=True)
    steps: tuple[str, ...] = ()
    """Items of which its undo and redo take back steps."""

    def __init__(self, session: Session, **traits: Any):
        self.session = session
        super().__init__(outbox=session.belongs, **traits)
        self.on_msg(session.guard(self._arrived))
        self.hear(self._renew, items=EVERY)

    def heard(self, content: dict[str, Any]) -> None:
        """What the widget's own script sent, apart from what people did; nothing unless a widget says so."""

    def _arrived(self, _widget, content: Any, _buffers) -> None:
        if not isinstance(content, dict):
            return
        if content.get("kind") == "box":
            self.send(self.session.receive(content))
        elif content.get("kind") == "travel" and self.steps:
            way = self.session.redo if content.get("way") == "redo" else self.session.undo
            self.send({"kind": "said", "text": str(way(*self.steps) or self.session.notice)})
        else:
            self.heard(content)

    def _renew(self) -> None:
        """Tell the browser where its entries belong: the generation changes when all is deleted."""
        self.outbox = self.session.belongs


def say(message: Message | str, look: str = "", tag: str = "p") -> w.HTML:
    """A sentence as a widget, escaped."""
    return w.HTML(sentence(message, look, tag))


def sentence(message: Message | str, look: str = "", tag: str = "p") -> str:
    """A sentence as HTML, escaped."""
    return f'<{tag} class="{look}">{escape(str(message))}</{tag}>'


def sentences(messages: Iterable[Message | str], look: str = "") -> str:
    """Sentences as an HTML list, escaped."""
    return f'<ul class="{look}">{"".join(sentence(message, tag="li") for message in messages)}</ul>'


def table_html(caption: Message | str, heads: Sequence[Any], rows: Iterable[Sequence[Any]]) -> str:
    """An HTML table whose rows start with a head; everything escaped."""
    head = "".join(sentence(text, tag="th") for text in heads)
    body = "".join(
        f"<tr>{sentence(first, tag='th')}{''.join(sentence(cell, tag='td') for cell in rest)}</tr>"
        for first, *rest in rows
    )
    return (
        f'<div class="gbo-grid-wrap"><table class="gbo-table">{sentence(caption, tag="caption")}'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def offered(name: str, raw: bytes, words: Message | str) -> str:
    """A file as a link to download it, in HTML; its name says what it is."""
    address = f"data:application/octet-stream;base64,{base64.b64encode(raw).decode()}"
    return f'<p><a download="{escape(name)}" href="{address}">{sentence(words, tag="span")}</a></p>'


def details(title: Message | str, html: str) -> str:
    """HTML that opens and closes under a title; the title is escaped, the rest is not."""
    return f"<details>{sentence(title, tag='summary')}{html}</details>"


def fold(title: Message | str, *children: w.Widget, opened: Callable[[bool], Any] | None = None) -> w.VBox:
    """Widgets that open and close under a button; works by keyboard, as an Accordion does not.

    `opened` hears of it, so that what is costly to make need not be there while nobody sees it.
    """
    inside = w.VBox(children, layout=w.Layout(display="none"))
    button = w.ToggleButton(description=f"▸ {title}", layout=w.Layout(width="auto", align_self="flex-start"))
    button.add_class("gbo-button")

    def turn(change) -> None:
        if opened:
            opened(change.new)
        inside.layout.display = "" if change.new else "none"
        (whole.add_class if change.new else whole.remove_class)("gbo-open")
        button.description = f"{'▾' if change.new else '▸'} {title}"

    button.observe(turn, "value")
    whole = w.VBox([button, inside])
    return whole


class Folded(View):
    """A view that people open if they want it; made when it is first opened, so that the page stands sooner.

    Parameters
    ----------
    session : Session
    view : type of View
        Such as `Situations`.
    *given
        What this view takes beside the session.
    title : Message or str, optional
        What its button says, where it is not a task.
    """

    def __init__(self, session: Session, view: Callable[..., View], *given: Any, title: Message | str = ""):
        super().__init__(session)
        inside = w.VBox()

        def make(_open: bool) -> None:
            if not inside.children:
                inside.children = [view(session, *given)]

        self.children = [fold(title or Message("task.show"), inside, opened=session.guard(make))]


def row(*children: w.Widget, look: str = "gbo-row") -> w.HBox:
    """Widgets beside each other, on a narrow screen below each other, or as another look of ``kit.css`` says."""
    made = w.HBox(children)
    made.add_class(look)
    return made


@cache
def style() -> str:
    """The look of all widgets, as a style element."""
    return f"<style>{(FOLDER / 'kit.css').read_text(encoding='utf-8')}</style>"


def warm() -> None:
    """Read what every page needs, before there is a page."""
    register()
    governance.glossary()
    style()
    w.HTML(str(Message("page.wait"))).close()


def kit(*names: str) -> str:
    """Scripts of this folder as one module, after the few lines that all of them share."""
    return "".join((FOLDER / part).read_text(encoding="utf-8") for part in ("kit.js", *names))


def boxed(*names: str) -> str:
    """Scripts of this folder as one module, after the outbox."""
    return kit("outbox.js", *names)
