"""What kind of file it is, by what is in it rather than by its ending; kinds that are not read have a name."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from workshop.exchange.questions import refuse

ENDINGS = {
    "gephi": "gephi",
    "netcanvas": "canvas",
    "net": "pajek",
    "paj": "pajek",
    "vna": "vna",
    "gml": "other",
    "dot": "other",
    "gv": "other",
    "##h": "ucinet",
    "##d": "ucinet",
    "dl": "ucinet",
    "xls": "xls",
    "doc": "word",
    "rtf": "word",
    "ods": "ods",
    "fods": "ods",
    "odt": "word",
    "numbers": "numbers",
    "json": "json",
    "gdf": "gdf",
    "sif": "sif",
    "ncol": "spaced",
    "lgl": "spaced",
    "edgelist": "spaced",
    "mmd": "arrows",
    "htm": "html",
    "html": "html",
    "drawio": "drawing",
    "vsdx": "drawing",
    "pptx": "drawing",
}
"""Files with these endings are refused by name."""
COMMENTS = rb"(\s*(%|//|#|!|;)[^\n]*\n|\s*/\*.{0,300}?\*/)*\s*"
STARTS = (
    (rb"\xd0\xcf\x11\xe0", "xls"),
    (rb"%PDF|\x89PNG|\xff\xd8\xff|GIF8", "pdf"),
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


def refuse_text(name: str, start: bytes) -> None:
    """Refuse a text that another program wrote, by the name of the program and with the way out."""
    plain = start.removeprefix(b"\xef\xbb\xbf")
    for pattern, reason in STARTS:
        if re.match(pattern, plain, re.IGNORECASE | re.DOTALL):
            raise refuse(f"refuse.{reason}", name=name)
    ending = ending_of(name)
    if ending in ENDINGS:
        raise refuse(f"refuse.{ENDINGS[ending]}", name=name)


def refuse_zip(name: str, archive: zipfile.ZipFile) -> None:
    """Refuse zip files that are no workbook of the usual kind."""
    names = {member.filename for member in archive.infolist()}
    for member, reason in MEMBERS:
        if member in names:
            raise refuse(f"refuse.{reason}", name=name)
    if any(member.endswith(".iwa") for member in names):
        raise refuse("refuse.numbers", name=name)
    if "mimetype" in names and b"opendocument" in archive.read("mimetype")[:100]:
        raise refuse("refuse.ods", name=name)
    if any("_attributeList" in member or "_edgeList" in member for member in names):
        raise refuse("refuse.canvas", name=name)
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        known = {"gephi": "gephi", "numbers": "numbers", "ods": "ods", "docx": "word", "xlsb": "xlsb"}
        raise refuse(f"refuse.{known.get(ending_of(name), 'zip')}", name=name)


def ending_of(name: str) -> str:
    """The ending of a file's name, in small letters and without its point."""
    return Path(name).suffix.lower().removeprefix(".")
