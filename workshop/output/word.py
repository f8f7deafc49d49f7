"""A report as a Word document that can be changed afterwards: real headings, heads of tables, texts of pictures."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from functools import cache
from xml.sax.saxutils import escape, quoteattr

from workshop.exchange.writer import UNFIT
from workshop.output.blocks import Block, Report
from workshop.svg import png
from workshop.texts import Message, Problem, language

SPOKEN = {"nl": "nl-BE", "en": "en-GB"}
BREAK = '</w:t><w:br/><w:t xml:space="preserve">'
BOLD, SMALL, TINY = "<w:b/>", '<w:sz w:val="18"/>', '<w:sz w:val="14"/>'
KEPT, CLOSE = "<w:keepNext/>", '<w:spacing w:before="20" w:after="20"/>'
SMALLEST = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
BESIDE = '<w:pBdr><w:left w:val="single" w:sz="18" w:space="8" w:color="777777"/></w:pBdr>'
LOOKS = {
    "Normal": (10.5, 0, 6),
    "Heading 1": (22, 0, 4),
    "Heading 2": (15, 20, 6),
    "Heading 3": (12, 12, 4),
    "Caption": (10, 8, 4),
    "Footer": (8.5, 0, 0),
}
"""Of styles: height of letters, room above and below, in points."""
TWIPS = 56.69
ACROSS, TALL = (174, 261), (195, 125)
"""Millimetres between the margins of a page that stands and of one that lies; how tall a picture may be there."""
UNIT = 0.21
"""Millimetres of what is 1 wide in a picture."""
TITLE, BODY = "@TITLE@", "@BODY@"
LINK = (
    '<Relationship Id="picture{0}" Target="media/picture{0}.png" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/>'
)


def render_docx(report: Report, dots_per_inch: int = 150) -> bytes:
    """A report as the bytes of a ``.docx`` file, A4; chapters with wide tables lie.

    Parameters
    ----------
    report : Report
    dots_per_inch : int, default 150
        How sharp its pictures are.

    Notes
    -----
    python-docx makes an empty document once; what stands in it is written as XML, since piece by piece takes ten times
    as long.
    """
    try:
        skeleton, foot = _skeleton(language())
    except ImportError:
        raise Problem(Message("report.no_word")) from None
    pictures: list[bytes] = []
    pages: list[str] = []
    for lying, blocks in report.parts():
        if pages:
            pages.append(f"<w:p><w:pPr>{SMALLEST}{pages.pop()}</w:pPr></w:p>")
        for block in blocks:
            if block.kind == "picture":
                width, height = _measured(block.svg, lying)
                pictures.append(png(_fit(block.svg), dots_per_inch, f"{width:.1f}mm"))
                pages.append(_picture(block.text, width, height, len(pictures)))
            else:
                pages.append(_xml(block, int(ACROSS[lying] * TWIPS)))
        pages.append(_section(lying, foot))
    title = escape(_fit(report.title)[:255])
    links = "".join(LINK.format(number) for number in range(1, len(pictures) + 1))
    filled = {TITLE: title, BODY: "".join(pages), "</Relationships>": f"{links}</Relationships>"}
    places = {
        "docProps/core.xml": TITLE,
        "word/footer1.xml": TITLE,
        "word/document.xml": BODY,
        "word/_rels/document.xml.rels": "</Relationships>",
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name, text in skeleton.items():
            archive.writestr(name, text.replace(places[name], filled[places[name]]) if name in places else text)
        for number, raw in enumerate(pictures, 1):
            archive.writestr(f"word/media/picture{number}.png", raw, zipfile.ZIP_STORED)
    return content.getvalue()


@cache
def _skeleton(spoken: str) -> tuple[dict[str, str], str]:
    """The files of an empty document, and how a section names its foot with page numbers.

    The fifty looks of tables that python-docx brings are left out, for they are nine tenths of each file.
    """
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls, qn
    from docx.shared import Pt, RGBColor

    document = Document()
    about, styles = document.core_properties, document.styles
    about.title, about.author, about.comments, about.language = TITLE, "", "", SPOKEN[spoken]
    about.created = about.modified = datetime.now(UTC)
    for style in [one for one in styles.element.style_lst if one.get(qn("w:type")) == "table"]:
        if style.styleId not in ("TableNormal", "TableGrid"):
            styles.element.remove(style)
    for fonts in styles.element.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        for where in ("ascii", "hAnsi", "cs"):
            fonts.set(qn(f"w:{where}"), "Arial")
    for border in styles.element.find(f".//{qn('w:tblBorders')}"):
        border.set(qn("w:color"), "8C8C8C")
    for name, (size, before, after) in LOOKS.items():
        styles[name].font.size, shape = Pt(size), styles[name].paragraph_format
        shape.space_before, shape.space_after = Pt(before), Pt(after)
        if name.startswith("Heading"):
            styles[name].font.color.rgb = RGBColor(0x1B, 0x4F, 0x8A)
    styles["Caption"].font.color.rgb = RGBColor(0, 0, 0)
    styles["Quote"].paragraph_format.left_indent = Pt(18)
    styles.element.find(f".//{qn('w:lang')}").set(qn("w:val"), SPOKEN[spoken])
    foot = document.sections[0].footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    said = Message("report.page", title=TITLE, page="{PAGE}", pages="{NUMPAGES}")
    for place, text in enumerate(re.split("[{}]", str(said))):
        if place % 2:
            field = f'<w:fldSimple {nsdecls("w")} w:instr="{text}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
            foot._p.append(parse_xml(field))
        else:
            foot.add_run(text)
    for rels in (document.part.rels, document.part.package.rels):
        ends = ("stylesWithEffects", "customXml", "thumbnail")
        for key in [key for key, rel in rels.items() if rel.reltype.endswith(ends)]:
            del rels[key]
    made = io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as archive:
        files = {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    kinds, whole = "[Content_Types].xml", files["word/document.xml"]
    files[kinds] = files[kinds].replace("<Override", '<Default Extension="png" ContentType="image/png"/><Override', 1)
    files["word/document.xml"] = re.sub("<w:body>.*</w:body>", f"<w:body>{BODY}</w:body>", whole, flags=re.DOTALL)
    return files, re.findall("<w:footerReference[^>]*/>", whole)[0]


def _section(lying: bool, foot: str) -> str:
    """What pages are like, up to here."""
    width, height = (16838, 11906) if lying else (11906, 16838)
    turned = ' w:orient="landscape"' if lying else ""
    sides = "".join(f' w:{side}="1020"' for side in ("top", "right", "bottom", "left"))
    return (
        f'<w:sectPr>{foot}<w:pgSz w:w="{width}" w:h="{height}"{turned}/>'
        f'<w:pgMar{sides} w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
    )


def _measured(svg: str, lying: bool) -> tuple[float, float]:
    """Width and height of a picture in millimetres: names as large as the text beside it, as far as the page allows."""
    across, down = map(float, re.findall(r'viewBox="0 0 (\S+) (\S+)"', svg)[0])
    width = min(ACROSS[lying], TALL[lying] * across / down, UNIT * across)
    return width, width * down / across


def _picture(text: str, width: float, height: float, number: int) -> str:
    """A picture with its description, kept in the line so that it moves with the text."""
    size = f'cx="{width * 36000:.0f}" cy="{height * 36000:.0f}"'
    named = f'id="{number}" name="picture{number}.png"'
    a, pic = ("http://schemas.openxmlformats.org/drawingml/2006/" + name for name in ("main", "picture"))
    return _line(
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
        f"<wp:docPr {named} descr={quoteattr(_fit(text))}/><wp:cNvGraphicFramePr>"
        f'<a:graphicFrameLocks xmlns:a="{a}" noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        f'<a:graphic xmlns:a="{a}"><a:graphicData uri="{pic}"><pic:pic xmlns:pic="{pic}">'
        f"<pic:nvPicPr><pic:cNvPr {named}/><pic:cNvPicPr/></pic:nvPicPr>"
        f'<pic:blipFill><a:blip r:embed="picture{number}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def _fit(text: str) -> str:
    return UNFIT.sub("\ufffd", text)


def _run(text: str, look: str = "") -> str:
    words = escape(_fit(text)).replace("\n", BREAK)
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def _line(runs: str, style: str = "Normal", more: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{runs}</w:p>'


def _xml(block: Block, across: int) -> str:
    """A block as paragraphs and tables, `across` twentieths of a point wide."""
    if block.kind == "heading":
        return _line(_run(block.text), f"Heading{block.level}")
    if block.kind == "list":
        return "".join(_line(_run(text), "ListBullet") for text in block.rows)
    if block.kind == "terms":
        return "".join(_line(_run(f"{label}\n", BOLD) + _run(value)) for label, value in block.rows)
    if block.kind == "table":
        caption = _line(_run(block.text), "Caption", KEPT) if block.text else ""
        return f"{caption}{_table(block, across)}{_line('')}"
    if block.kind == "mark":
        return _line(_run(block.text, BOLD), more=KEPT)
    if block.kind == "quote":
        return _line(_run(block.text), "Quote", BESIDE)
    return _line(_run(block.text, SMALL if block.kind == "hint" else ""))


def _table(block: Block, across: int) -> str:
    rows = [list(block.head), *block.rows] if block.head else list(block.rows)
    size = TINY if block.wide else SMALL
    widths = [int(share * across) for share in block.shares]

    def cell(text: str, width: int, bold: bool, head: bool) -> str:
        ground = '<w:shd w:val="clear" w:color="auto" w:fill="E4EAF1"/>' if bold else ""
        line = _line(_run(text, (BOLD if bold else "") + size), more=(KEPT if head else "") + CLOSE)
        return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{ground}</w:tcPr>{line}</w:tc>'

    made = []
    for at, cells in enumerate(rows):
        head = bool(block.head) and not at
        inside = "".join(
            cell(text, width, head or not (column or block.head), head)
            for column, (text, width) in enumerate(zip(cells, widths, strict=True))
        )
        made.append(f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>{inside}</w:tr>")
    heads = f'w:firstRow="{int(bool(block.head))}" w:firstColumn="{int(not block.head)}"'
    look = f'<w:tblLook w:val="0000" {heads} w:lastRow="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
    said = f"<w:tblCaption w:val={quoteattr(_fit(block.text))}/>" if block.text else ""
    margins = (
        '<w:tblCellMar><w:left w:w="50" w:type="dxa"/><w:right w:w="50" w:type="dxa"/></w:tblCellMar>'
        if block.wide
        else ""
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/>{margins}{look}{said}</w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(made)}</w:tbl>"
    )
