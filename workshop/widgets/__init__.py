"""Views of a session: one a part of a page. Participants' pages use only what stands here."""

from workshop.widgets.factors import FactorTable
from workshop.widgets.forms import Forms, Opening, OpeningBack
from workshop.widgets.header import Header
from workshop.widgets.measures import NetworkMeasures
from workshop.widgets.network import NetworkEditor
from workshop.widgets.report_button import ReportButton
from workshop.widgets.start import StartTable
from workshop.widgets.structure import CountLines, StructureCounts, StructureEditor
from workshop.widgets.task import Task
from workshop.widgets.writing import Agreement, Notes, Reflection

__all__ = [
    "Agreement",
    "CountLines",
    "FactorTable",
    "Forms",
    "Header",
    "NetworkEditor",
    "NetworkMeasures",
    "Notes",
    "Opening",
    "OpeningBack",
    "Reflection",
    "ReportButton",
    "StartTable",
    "StructureCounts",
    "StructureEditor",
    "Task",
]
