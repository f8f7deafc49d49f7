"""Views of a session: one a part of a page. Participants' pages use only what stands here."""

from workshop.widgets.ask import Ask
from workshop.widgets.balance import Balance, NetworkMeasures
from workshop.widgets.base import Folded
from workshop.widgets.cards import Situations, Task
from workshop.widgets.dashboard import Dashboard
from workshop.widgets.exercises import Beside, CaseMap, Compare, Seats, StartAgain
from workshop.widgets.factors import FactorTable
from workshop.widgets.forms import Forms, Opening, OpeningBack
from workshop.widgets.header import Glossary, Header
from workshop.widgets.network import NetworkEditor
from workshop.widgets.roles import Evidence, Roles, Rules
from workshop.widgets.start import ReportButton, Results, StartTable
from workshop.widgets.structure import CountLines, Judgement, StructureCounts
from workshop.widgets.structure_board import StructureBoard
from workshop.widgets.variants import Variants
