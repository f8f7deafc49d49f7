"""Text files with columns, as Excel, Gephi and people write them."""

from __future__ import annotations

import csv
import io
import re
from contextlib import suppress
from pathlib import Path

from workshop.exchange.headings import NAMES, columns_by_role, role
from workshop.exchange.numbers import number
from workshop.exchange.questions import refuse
from workshop.exchange.sheets import Sheet, filled
from workshop.texts import decode

SEPARATORS = ";\t|,"
OLD = ("cp1252", "cp850", "mac_roman")
USUAL = re.compile(
    "[éèêëïîöôüûçàáâä’‘“”–…€ÉÊ]|(?<=[A-Za-z])ÿ"  # in other sets Ê and ÿ are no-break spaces
    r"|(?<=[A-Z][A-Z])\xa0|\xa0(?![a-z])"  # á
    r"|(?<![^\W\d_])•(?=\s)|(?<![^\W\d_])„(?=[^”“\"\r\n]*[”“\"])|(?<![a-z])Œ(?=[UuCc])"  # ï, ä and î
)
"""What tells one set from another: signs and letters that are usual in it, where they may stand."""
QUOTED = re.compile(r'"[^"\r\n]*"( "[^"\r\n]*")+[\r\n]')
"""A first line as R writes it: each text between quotes, and spaces between them."""
SAMPLE = 65_536
"""So many characters are looked at to find the separator."""
LIMIT_CELLS = 1_500_000
LONGEST_CELL = 32_767
"""As much as a spreadsheet holds in a cell."""
csv.field_size_limit(LONGEST_CELL)


def read(name: str, raw: bytes, limit_rows: int) -> list[Sheet]:
    """The one sheet of a text file; refused if it is no text, too long, or a quote is never closed."""
    lines = max(raw.count(b"\n"), raw.count(b"\r"))
    if lines > limit_rows:
        raise refuse("fault.too_many_rows", name=name, rows=lines, limit=limit_rows)
    content = text_of(name, raw)
    stem = Path(name).stem
    hint = re.match(r'"?sep= ?(.)[" ;,]*(\r\n|\r|\n)', content, re.IGNORECASE)
    if hint:
        content = content[hint.end() :]
    separator = hint.group(1) if hint else find_separator(content)
    if content.count(separator) + lines > LIMIT_CELLS:
        raise refuse("fault.too_many_cells", name=name)
    rows = []
    for row, cells in enumerate(records(stem, content, separator), start=1):
        if filled(cells):
            rows.append((row, [unprotected(cell) for cell in cells]))
    return [Sheet(stem, rows, "file", point=separator == ",", strict=True)]


def records(stem: str, content: str, separator: str) -> list[list[str]]:
    """All records; refused where the last cell swallowed the rest of the file, since its quote is never closed."""
    try:
        return parse(content, separator, strict=True)
    except csv.Error as problem:
        try:
            found = parse(content, separator)
        except csv.Error:
            raise refuse("fault.long_cell", name=stem, limit=LONGEST_CELL) from problem
        if "unexpected end" not in str(problem):
            return found
        last = max((row for row, cells in enumerate(found, start=1) if filled(cells)), default=1)
        place = Sheet(stem, [], "file", prefixed=True).place(last)
        raise refuse("fault.quote", place=place) from problem


def text_of(name: str, raw: bytes) -> str:
    """Bytes to text: byte order mark, UTF-16 without one, UTF-8, else the Windows, DOS or Mac set that fits best."""
    start = raw[:2000]
    try:
        if b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
            even = start[::2].count(0)
            odd = start[1::2].count(0)
            if max(even, odd) > len(start) // 5:
                return raw.decode("utf-16-be" if even > odd else "utf-16-le")
        content = decode(raw).lstrip("\ufeff")
    except UnicodeDecodeError:
        raise refuse("fault.damaged", name=name) from None
    if content == raw.decode("cp1252", errors="replace"):
        read_as = (raw.decode(code, errors="replace") for code in OLD)
        content = max(read_as, key=lambda text: len(USUAL.findall(text[:SAMPLE])))
    if sum(character < " " and character not in "\t\r\n\v\f" for character in content[:2000]) > 100:
        raise refuse("refuse.binary", name=name)
    return content


def parse(content: str, separator: str, strict: bool = False) -> list[list[str]]:
    """All records, blank ones as well, so that they can be counted."""
    return list(csv.reader(io.StringIO(content, newline=""), delimiter=separator, strict=strict))


def find_separator(content: str) -> str:
    """The separator by which most rows have equally many cells; the semicolon first, since decimals use the comma."""
    sample = content[:SAMPLE]
    if len(content) > SAMPLE:
        sample = sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample
    best = (0, 0.0)
    found = ";"
    for separator in SEPARATORS:
        rows: list[list[str]] = []
        with suppress(csv.Error):  # a cell that is too long
            rows = [cells for cells in parse(sample, separator) if filled(cells)]
        if not rows or (len(rows[0]) == 1 and role(rows[0][0]) in NAMES):
            continue
        widths = [len(cells) for cells in rows]
        usual = max(set(widths), key=lambda width: (width > 1, widths.count(width)))
        known = max(len(columns_by_role(cells)) for cells in rows[:3])
        score = (known, widths.count(usual) / len(widths))
        if usual > 1 and score > best:
            best = score
            found = separator
    return " " if best == (0, 0.0) and QUOTED.match(sample) else found


def unprotected(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from running it as a formula."""
    return cell[1:] if cell.startswith("'") and re.match(r"'+[=+\-@\t\r]", cell) else cell


def protected(text: str) -> str:
    """A text that a spreadsheet leaves alone: an apostrophe before a leading = + - @, tab or line end."""
    formula = re.match(r"'*[=+\-@\t\r]", text) and number(text) is None
    return f"'{text}" if formula else text
