"""A report as a Word document that can be changed afterwards: real headings, heads of tables, texts of pictures."""

from __future__ import annotations

import io
from functools import cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from workshop.exchange.writer import UNFIT
from workshop.output.pdf import FONTS
from workshop.output.report import Block, Report
from workshop.texts import Message, Problem, language

MANY_COLUMNS = 8
BREAK = '</w:t><w:br/><w:t xml:space="preserve">'


def render_docx(report: Report) -> bytes:
    """A report as the bytes of a ``.docx`` file, A4; lying where a table is wide."""
    try:
        from docx import Document
        from docx.enum.section import WD_ORIENT
        from docx.oxml.ns import qn
        from docx.shared import Mm, Pt, RGBColor
    except ImportError:
        raise Problem(Message("report.no_word")) from None
    document = Document()
    page = document.sections[0]
    sides = (Mm(210), Mm(297))
    lying = any(len(block.head) > MANY_COLUMNS for block in report.blocks)
    page.page_width, page.page_height = sides[::-1] if lying else sides
    page.orientation = WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(18)
    document.styles.element.find(f".//{qn('w:lang')}").set(qn("w:val"), f"{language()}-BE")
    about = document.core_properties
    about.title, about.author, about.comments, about.language = _fit(report.title)[:255], "", "", f"{language()}-BE"
    document.add_heading(_fit(report.title), 1)
    for block in [Block("hint", report.made), *report.blocks, Block("hint", str(Message("report.footer")))]:
        if block.kind == "heading":
            document.add_heading(_fit(block.text), block.level)
        elif block.kind == "picture":
            drawn = document.add_picture(io.BytesIO(png(block.svg)), width=Mm(174))
            drawn._inline.docPr.set("descr", _fit(block.text))
        elif block.kind == "table":
            if block.text:
                document.add_paragraph(_fit(block.text), "Caption").paragraph_format.keep_with_next = True
            document.element.body.insert_element_before(_table(block), "w:sectPr")
            document.add_paragraph()
        elif block.kind == "terms":
            for label, value in block.rows:
                line = document.add_paragraph()
                line.add_run(f"{_fit(label)}\n").bold = True
                line.add_run(_fit(value))
        elif block.kind == "list":
            for text in block.rows:
                document.add_paragraph(_fit(text), "List Bullet")
        else:
            line = document.add_paragraph(style="Quote" if block.kind == "quote" else None)
            run = line.add_run(_fit(block.text))
            run.bold = block.kind == "mark"
            if block.kind == "hint":
                run.font.size, run.font.color.rgb = Pt(9), RGBColor(0x44, 0x44, 0x44)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def png(svg: str) -> bytes:
    """A drawing as PNG, for programs that know no SVG; made by Typst, nothing fetched."""
    import typst

    page = b'#set page(width: auto, height: auto, margin: 0pt, fill: white)\n#image("map.svg", width: 17cm)'
    drawing = UNFIT.sub("\ufffd", svg).replace("system-ui, sans-serif", "Atkinson Hyperlegible")
    made = typst.compile({"main.typ": page, "map.svg": drawing.encode()}, format="png", ppi=120, font_paths=_fonts())
    return made if isinstance(made, bytes) else b"".join(made or ())


@cache
def _fonts() -> Any:
    import typst

    return typst.Fonts(font_paths=[str(FONTS)])


def _fit(text: str) -> str:
    return UNFIT.sub("\ufffd", text)


def _table(block: Block) -> Any:
    """A table as Word keeps it, in one go: cell by cell takes fifty times as long."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    columns = max(len(row) for row in [*block.rows, block.head])
    size = '<w:sz w:val="15"/>' if columns > MANY_COLUMNS else '<w:sz w:val="19"/>'

    def row(cells: list[str], head: bool) -> str:
        made = "".join(
            '<w:tc><w:tcPr><w:tcW w:w="0" w:type="auto"/></w:tcPr>'
            '<w:p><w:pPr><w:spacing w:after="40"/></w:pPr><w:r><w:rPr>'
            f"{'<w:b/>' if head or (not at and not block.head) else ''}{size}</w:rPr>"
            f'<w:t xml:space="preserve">{escape(_fit(cell)).replace(chr(10), BREAK)}</w:t></w:r></w:p></w:tc>'
            for at, cell in enumerate(cells)
        )
        return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>{made}</w:tr>"

    look = f'<w:tblLook w:val="0{"4" if not block.head else "0"}20" w:firstRow="{int(bool(block.head))}" w:lastRow="0" '
    look += f'w:firstColumn="{int(not block.head)}" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
    said = f"<w:tblCaption w:val={quoteattr(_fit(block.text))}/>" if block.text else ""
    rows = (row(block.head, True) if block.head else "") + "".join(row(cells, False) for cells in block.rows)
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="5000" w:type="pct"/>{look}{said}'
        f"</w:tblPr><w:tblGrid>{'<w:gridCol/>' * columns}</w:tblGrid>{rows}</w:tbl>"
    )
