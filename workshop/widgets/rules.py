"""What the rules say on the GBO, folded: the same sentences as on the paper sheet."""

from __future__ import annotations

import ipywidgets as w

from workshop.domain import governance
from workshop.texts import Message
from workshop.widgets.base import Parts, View, details, sentence, sentences


class Rules(View):
    """The sentences on law, each with where it stands."""

    def _parts(self) -> Parts:
        told = sentence(Message("rules.about")) + sentences(governance.law().values())
        return [w.HTML(details(Message("rules.title"), told))]
