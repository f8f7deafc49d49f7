"""Text files with columns, as Excel, Gephi and people write them."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from workshop.exchange.numbers import number
from workshop.exchange.questions import ImportProblem, refuse
from workshop.exchange.sheets import Sheet
from workshop.exchange.tables import NAMES, role, roles_of
from workshop.texts import Message, decode

SEPARATORS = ";\t|,"
OLD = ("cp1252", "cp850", "mac_roman")
USUAL = re.compile("[éèêëïîöôüûçàáâä’‘“”–…€É]")
csv.field_size_limit(2**25)


def read(name: str, raw: bytes) -> list[Sheet]:
    """The one sheet of a text file; refused if it is no text, or a quote is never closed."""
    content = text_of(name, raw)
    stem = Path(name).stem
    hint = re.match(r'"?sep= ?(.)[" ;,]*(\r\n|\r|\n)', content, re.IGNORECASE)
    if hint:
        content = content[hint.end() :]
    separator = hint.group(1) if hint else find_separator(content)
    rows = [
        (row, [unprotected(cell) for cell in cells])
        for row, cells in enumerate(parse(content, separator), start=1)
        if any(cell.strip() for cell in cells)
    ]
    try:
        parse(content, separator, strict=True)
    except csv.Error as problem:
        if "unexpected end" in str(problem):  # the last cell swallowed the rest of the file
            place = Sheet(stem, [], "file").place(rows[-1][0] if rows else 1)
            raise ImportProblem([Message("import.fault.quote", place=place)]) from problem
    return [Sheet(stem, rows, "file", point=separator == ",", strict=True)]


def text_of(name: str, raw: bytes) -> str:
    """Bytes to text: byte order mark, UTF-16 without one, UTF-8, else the Windows, DOS or Mac set that fits best."""
    start = raw[:2000]
    try:
        if b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
            zeros = (start[::2].count(0), start[1::2].count(0))
            if max(zeros) > len(start) // 5:
                return raw.decode("utf-16-be" if zeros[0] > zeros[1] else "utf-16-le")
        content = decode(raw).lstrip("\ufeff")
    except UnicodeDecodeError:
        raise refuse("fault.damaged", name=name) from None
    if content == raw.decode("cp1252", errors="replace"):
        content = max((raw.decode(code, errors="replace") for code in OLD), key=lambda text: len(USUAL.findall(text)))
    if sum(character < " " and character not in "\t\r\n\v\f" for character in content[:2000]) > 100:
        raise refuse("refuse.binary", name=name)
    return content


def parse(content: str, separator: str, strict: bool = False) -> list[list[str]]:
    """All records, blank ones as well, so that they can be counted."""
    return list(csv.reader(io.StringIO(content, newline=""), delimiter=separator, strict=strict))


def find_separator(content: str) -> str:
    """The separator by which most rows have equally many cells; the semicolon first, since decimals use the comma."""
    sample = content[:65536]
    if len(content) > 65536:
        sample = sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample
    best, found = (0, 0.0), ";"
    for separator in SEPARATORS:
        rows = [cells for cells in parse(sample, separator) if any(cell.strip() for cell in cells)]
        if not rows or (len(rows[0]) == 1 and role(rows[0][0]) in NAMES):
            continue
        widths = [len(cells) for cells in rows]
        usual = max(set(widths), key=lambda width: (width > 1, widths.count(width)))
        known = max(len(roles_of(cells)) for cells in rows[:3])
        score = (known, widths.count(usual) / len(widths))
        if usual > 1 and score > best:
            best, found = score, separator
    return found


def unprotected(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from running it as a formula."""
    return cell[1:] if re.match(r"'+[=+\-@]", cell) else cell


def protected(text: str) -> str:
    """A text that a spreadsheet leaves alone: an apostrophe before a leading = + - @."""
    formula = re.match(r"'*[=+\-@]", text) and number(text) is None
    return f"'{text}" if formula else text
