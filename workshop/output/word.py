"""A report as a Word document that can be changed afterwards: real headings, heads of tables, texts of pictures."""

from __future__ import annotations

import io
from functools import cache
from xml.sax.saxutils import escape, quoteattr

from workshop.exchange.writer import UNFIT
from workshop.output.report import Block, Report
from workshop.pictures import map_png
from workshop.texts import Message, Problem, language

MANY_COLUMNS = 8
SPOKEN = {"nl": "nl-BE", "en": "en-GB"}
BREAK = '</w:t><w:br/><w:t xml:space="preserve">'
BOLD, SMALL, TINY = "<w:b/>", '<w:sz w:val="18"/>', '<w:sz w:val="15"/>'


def render_docx(report: Report) -> bytes:
    """A report as the bytes of a ``.docx`` file, A4; lying where a table is wide."""
    try:
        from docx import Document
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls, qn
        from docx.shared import Mm
    except ImportError:
        raise Problem(Message("report.no_word")) from None
    lying = any(len(block.head) > MANY_COLUMNS for block in report.blocks)
    document = Document(io.BytesIO(_start(lying, language())))
    about = document.core_properties
    about.title, about.author, about.comments, about.language = _fit(report.title)[:255], "", "", SPOKEN[language()]
    blocks = [Block("heading", report.title, level=1), Block("hint", report.made), *report.blocks]
    parts = "".join(map(_xml, [*blocks, Block("hint", str(Message("report.footer")))]))
    made = parse_xml(f"<w:body {nsdecls('w')}>{parts}</w:body>")
    pictures = (block for block in blocks if block.kind == "picture")
    for place, block in zip(list(made.iter(qn("w:drawing"))), pictures, strict=True):
        drawn = document.part.new_pic_inline(io.BytesIO(map_png(_fit(block.svg), 110, "17cm")), Mm(174), None)
        drawn.docPr.set("descr", _fit(block.text))
        place.append(drawn)
    for part in list(made):
        document.element.body.sectPr.addprevious(part)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


@cache
def _start(lying: bool, spoken: str) -> bytes:
    """An empty A4 document, without the fifty looks of tables and the double styles that nobody uses here."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Mm

    document = Document()
    page, sides = document.sections[0], (Mm(210), Mm(297))
    page.page_width, page.page_height = sides[::-1] if lying else sides
    page.orientation = WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(18)
    styles = document.styles.element
    styles.find(f".//{qn('w:lang')}").set(qn("w:val"), SPOKEN[spoken])
    for style in [one for one in styles.style_lst if one.get(qn("w:type")) == "table"]:
        if style.styleId not in ("TableNormal", "TableGrid"):
            styles.remove(style)
    for rels in (document.part.rels, document.part.package.rels):
        for key in [
            key for key, rel in rels.items() if rel.reltype.endswith(("stylesWithEffects", "customXml", "thumbnail"))
        ]:
            del rels[key]
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _fit(text: str) -> str:
    return UNFIT.sub("\ufffd", text)


def _run(text: str, look: str = "") -> str:
    words = escape(_fit(text)).replace("\n", BREAK)
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def _line(runs: str, style: str = "Normal", more: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{runs}</w:p>'


def _xml(block: Block) -> str:
    """A block as paragraphs and tables of Word; made in one go, since one by one takes fifty times as long."""
    if block.kind == "heading":
        return _line(_run(block.text), f"Heading{block.level}")
    if block.kind == "list":
        return "".join(_line(_run(text), "ListBullet") for text in block.rows)
    if block.kind == "terms":
        return "".join(_line(_run(f"{label}\n", BOLD) + _run(value)) for label, value in block.rows)
    if block.kind == "picture":
        return _line("<w:r><w:drawing/></w:r>")
    if block.kind == "table":
        caption = _line(_run(block.text), "Caption", "<w:keepNext/>") if block.text else ""
        return f"{caption}{_table(block)}{_line('')}"
    look = {"mark": BOLD, "hint": SMALL}.get(block.kind, "")
    return _line(_run(block.text, look), "Quote" if block.kind == "quote" else "Normal")


def _table(block: Block) -> str:
    columns = max(len(row) for row in [*block.rows, block.head])
    size = TINY if columns > MANY_COLUMNS else SMALL

    def row(cells: list[str], head: bool) -> str:
        made = "".join(
            '<w:tc><w:tcPr><w:tcW w:w="0" w:type="auto"/></w:tcPr>'
            + _line(
                _run(cell, (BOLD if head or not (at or block.head) else "") + size), more='<w:spacing w:after="40"/>'
            )
            + "</w:tc>"
            for at, cell in enumerate(cells)
        )
        return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>{made}</w:tr>"

    heads = f'w:firstRow="{int(bool(block.head))}" w:firstColumn="{int(not block.head)}"'
    look = f'<w:tblLook w:val="0000" {heads} w:lastRow="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
    said = f"<w:tblCaption w:val={quoteattr(_fit(block.text))}/>" if block.text else ""
    rows = (row(block.head, True) if block.head else "") + "".join(row(cells, False) for cells in block.rows)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="5000" w:type="pct"/>{look}{said}</w:tblPr>'
        f"<w:tblGrid>{'<w:gridCol/>' * columns}</w:tblGrid>{rows}</w:tbl>"
    )
