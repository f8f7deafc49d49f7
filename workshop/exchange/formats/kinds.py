"""What kind of file it is, by what is in it rather than by its ending; kinds that are not read have a name."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from workshop.exchange.questions import refuse

ENDINGS = {
    "gephi": "gephi",
    "canvas": "netcanvas",
    "pajek": "net paj",
    "vna": "vna",
    "other": "gml dot gv",
    "ucinet": "##h ##d dl",
    "xls": "xls",
    "word": "doc docx rtf odt",
    "ods": "ods fods",
    "xlsb": "xlsb",
    "numbers": "numbers",
    "json": "json",
    "gdf": "gdf",
    "sif": "sif",
    "spaced": "ncol lgl edgelist",
    "arrows": "mmd",
    "html": "htm html",
    "drawing": "drawio vsdx pptx",
}
"""Files with these endings are refused by name."""
COMMENTS = rb"(\s*(%|//|#|!|;)[^\n]*\n|\s*/\*.{0,300}?\*/)*\s*"
HEADS = {
    "xls": (b"\xd0\xcf\x11\xe0",),
    "pdf": (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8"),
}
"""Files that begin with these bytes are no text; "xls" is also what Word or a password made."""
STARTS = (
    (rb"\{\\rtf", "word"),
    (COMMENTS + rb"\*?dl[\s,;]+(n|nr|nc|nm|format|labels?|row|col|matrix|matrixlabels|data)\b", "ucinet"),
    (COMMENTS + rb"\*(vertices|network|arcs|edges|matrix|partition)\b", "pajek"),
    (COMMENTS + rb"\*(node|tie) (data|properties)", "vna"),
    (COMMENTS + rb"nodedef\s*>", "gdf"),
    (rb'\s*(\{|\[\s*[\[{"\]])', "json"),
    (COMMENTS + rb"(graph|flowchart)\s+(td|tb|bt|lr|rl)\b", "arrows"),
    (COMMENTS + rb"((creator|version|comment)\b[^\n]*\n\s*)*graph\s*\[", "other"),
    (COMMENTS + rb"(strict\s+)?(di)?graph\b[^\n;,\t]{0,80}\{", "other"),
    (COMMENTS + rb"[^\n{};\t]+\s\{[^\n]*\}[ \t\r]*(\n|$)", "spaced"),
    (rb"\s*(<\?xml[^>]*>\s*)?(<!--.{0,200}?-->\s*)?<office:document", "ods"),
    (rb"\s*(<\?xml[^>]*>\s*)?<(mxfile|mxgraphmodel|svg)\b", "drawing"),
    (rb"\s*(<!doctype html[^>]*>\s*)?(<!--.{0,200}?-->\s*)?<(html|table|body|head|meta|div)\b", "html"),
)
"""Texts that begin like this are refused by name, whatever their ending."""
XML = re.compile(rb"\s*<(\?xml|graphml|gexf|!)", re.IGNORECASE)
LOOKED_AT = 2000
MEMBERS = (
    ("word/document.xml", "word"),
    ("content.xml", "ods"),
    ("xl/workbook.bin", "xlsb"),
    ("Index/Document.iwa", "numbers"),
    ("Index.zip", "numbers"),
    ("ppt/presentation.xml", "drawing"),
    ("visio/document.xml", "drawing"),
    ("protocol.json", "canvas"),
)
"""A zip file that holds one of these is of this kind."""


def refuse_binary(name: str, content: bytes) -> None:
    """Refuse what is no text, by its first bytes; those of old Office files are the same, and the ending says more."""
    plain = content.removeprefix(b"\xef\xbb\xbf")
    for reason, heads in HEADS.items():
        if plain.startswith(heads):
            known = by_ending(name) if reason == "xls" else None
            raise refuse(f"refuse.{known or reason}", name=name)


def refuse_text(name: str, start: bytes) -> None:
    """Refuse a text that another program wrote, by the name of the program and with the way out."""
    plain = start.removeprefix(b"\xef\xbb\xbf")
    for pattern, reason in STARTS:
        if re.match(pattern, plain, re.IGNORECASE | re.DOTALL):
            raise refuse(f"refuse.{reason}", name=name)
    if by_ending(name):
        raise refuse(f"refuse.{by_ending(name)}", name=name)


def refuse_zip(name: str, archive: zipfile.ZipFile) -> None:
    """Refuse zip files that are no workbook of the usual kind."""
    names = {member.filename for member in archive.infolist()}
    for member, reason in MEMBERS:
        if member in names:
            raise refuse(f"refuse.{reason}", name=name)
    if "mimetype" in names and b"opendocument" in archive.read("mimetype")[:100]:
        raise refuse("refuse.ods", name=name)
    if any("_attributeList" in member or "_edgeList" in member for member in names):
        raise refuse("refuse.canvas", name=name)
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise refuse(f"refuse.{by_ending(name) or 'zip'}", name=name)


def by_ending(name: str) -> str | None:
    """The program whose files end as this one does; None for the endings that are read."""
    ending = Path(name).suffix.lower().removeprefix(".")
    return next((reason for reason, endings in ENDINGS.items() if ending in endings.split()), None)
