"""A report as a Word document that can be changed afterwards: real headings, header rows, texts of pictures."""

from __future__ import annotations

import io
import re
from typing import Any

from workshop.blocks import Block, Report
from workshop.exchange.writer import UNFIT
from workshop.svg import png
from workshop.texts import Message, Problem, language

SPOKEN = {"nl": "nl-BE", "en": "en-GB"}
STYLES = {
    "Normal": (10, 0, 4),
    "List Bullet": (10, 0, 1),
    "Heading 1": (22, 0, 4),
    "Heading 2": (14, 9, 3),
    "Heading 3": (12, 10, 3),
    "Heading 4": (10.5, 8, 2),
    "Caption": (10, 4, 2),
    "Quote": (10.5, 0, 6),
    "Footer": (8.5, 0, 0),
}
"""Of styles: height of letters, room above and below, in points."""
SHORT, LONG = 210, 297
"""Sides of a page in millimetres."""
MARGIN = 16
SMALL, TINY = 8.5, 7
"""Height of letters in tables, in points: usually, and where there are many columns."""
DOTS_PER_INCH = 150
"""How sharp pictures are."""
UNIT = 0.21
"""Millimetres of what is 1 wide in a picture: names are then as large as the text beside it."""


def render_docx(report: Report) -> bytes:
    """A report as the bytes of a ``.docx`` file, A4; chapters with wide tables are landscape."""
    try:
        document = _document(report.title)
    except ImportError:
        raise Problem(Message("report.no_word")) from None
    for number, (landscape, blocks) in enumerate(report.sections()):
        section = document.sections[0] if number == 0 else document.add_section()
        width, height = _turn(section, landscape)
        for block in blocks:
            if block.kind == "picture":
                _add_picture(document, block, width, height)
            elif block.kind == "table":
                _add_table(document, block, width)
            else:
                _add_text(document, block)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _document(title: str) -> Any:
    """An empty document with its styles, its title, its language and a foot with page numbers."""
    from docx import Document
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    document = Document()
    document.core_properties.title = _fit(title)[:255]
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.language = SPOKEN[language()]
    for name, (size, above, below) in STYLES.items():
        style = document.styles[name]
        style.font.size = Pt(size)
        style.paragraph_format.space_before = Pt(above)
        style.paragraph_format.space_after = Pt(below)
        if name.startswith("Heading"):
            style.font.color.rgb = RGBColor(0x1B, 0x4F, 0x8A)
    document.styles["Caption"].font.color.rgb = RGBColor(0, 0, 0)
    document.styles["Caption"].paragraph_format.keep_with_next = True
    document.styles["Quote"].paragraph_format.left_indent = Pt(18)
    # python-docx has no call for the language of the text, nor for the fonts of the theme that headings use
    document.styles.element.find(f".//{qn('w:lang')}").set(qn("w:val"), SPOKEN[language()])
    for fonts in document.styles.element.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        for letters in ("ascii", "hAnsi", "cs"):
            fonts.set(qn(f"w:{letters}"), "Arial")
    _add_foot(document.sections[0].footer.paragraphs[0], title)
    return document


def _add_foot(paragraph: Any, title: str) -> None:
    """Title and page numbers, which Word counts itself."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    pattern = str(Message("report.page", title="{TITLE}", page="{PAGE}", pages="{NUMPAGES}"))
    for part in re.split("({[A-Z]+})", pattern):
        if part == "{TITLE}":
            paragraph.add_run(_fit(title))
        elif part.startswith("{"):
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), part.strip("{}"))
            paragraph._p.append(field)
        else:
            paragraph.add_run(part)


def _turn(section: Any, landscape: bool) -> tuple[float, float]:
    """Give a section its pages; how wide and how high they are between margins, in millimetres."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    width, height = (LONG, SHORT) if landscape else (SHORT, LONG)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN)
    return width - 2 * MARGIN, height - 2 * MARGIN


def _fit(text: str) -> str:
    """A text without what XML cannot hold."""
    return UNFIT.sub("\ufffd", text)


def _add_text(document: Any, block: Block) -> None:
    from docx.shared import Pt

    if block.kind == "heading":
        made = document.add_heading(_fit(block.text), block.level)
        made.paragraph_format.page_break_before = block.page
    elif block.kind == "list":
        for text in block.rows:
            document.add_paragraph(_fit(text), "List Bullet")
    elif block.kind == "terms":
        for label, text in block.rows:
            paragraph = document.add_paragraph()
            paragraph.add_run(f"{_fit(label)}\n").bold = True
            paragraph.add_run(_fit(text))
    elif block.kind == "quote":
        document.add_paragraph(_fit(block.text), "Quote")
    else:
        run = document.add_paragraph().add_run(_fit(block.text))
        run.bold = block.kind == "notice"
        if block.kind == "hint":
            run.font.size = Pt(SMALL)


def _add_picture(document: Any, block: Block, width: float, height: float) -> None:
    """A picture as large as the text beside it asks, as far as the page has room for it and its heading."""
    from docx.shared import Mm

    across, down = map(float, re.findall(r'viewBox="0 0 (\S+) (\S+)"', block.svg)[0])
    wide = min(width, UNIT * across, 0.5 * height * across / down)
    raw = png(_fit(block.svg), DOTS_PER_INCH, f"{wide:.1f}mm")
    shape = document.add_picture(io.BytesIO(raw), Mm(wide))
    shape._inline.docPr.set("descr", _fit(block.text))  # read out instead of the picture


def _add_table(document: Any, block: Block, width: float) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Mm, Pt

    if block.text:
        document.add_paragraph(_fit(block.text), "Caption")
    rows = [block.header, *block.rows] if block.header else block.rows
    made = document.add_table(len(rows), len(rows[0]), "Table Grid")
    made.autofit = False
    shares = _shares(rows)
    for column, share in zip(made.columns, shares, strict=True):
        column.width = Mm(share * width)
    for number, (row, texts) in enumerate(zip(made.rows, rows, strict=True)):
        is_header = bool(block.header) and number == 0
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        if is_header:
            row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # repeated on each page
        for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = Mm(shares[place] * width)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(1)
            paragraph.paragraph_format.keep_with_next = is_header
            run = paragraph.add_run(_fit(text))
            run.font.size = Pt(TINY if block.wide else SMALL)
            run.bold = is_header or (place == 0 and not block.header)
    below = document.add_paragraph()  # two tables that touch would be one
    below.paragraph_format.space_after = Pt(0)
    below.paragraph_format.line_spacing = Pt(SMALL)


def _shares(rows: list[list[str]]) -> list[float]:
    """How wide each column is, of 1: by its longest word, and by how much there is to say in it."""
    needs = []
    for cells in zip(*rows, strict=True):
        longest = max(len(word) for cell in cells for word in [*cell.split(), ""])
        average = sum(min(len(cell), 90) for cell in cells) / len(cells)
        needs.append(4 + 1.2 * min(longest, 20) + average / 5)
    return [need / sum(needs) for need in needs]
