"""Workbooks and graph files, hostile files, and what is written and read back."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_exchange_text import place
from viewing import said

from workshop.domain.network import Network, Organisation, Tie, clean_name
from workshop.exchange import ImportProblem, read_network, read_uploads, write_network
from workshop.exchange.cells import content
from workshop.texts import Message, Problem, in_language


def workbook(sheets, merge=(), name="map.xlsx"):
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for block in merge:
            sheet.merge_cells(block)
    content = io.BytesIO()
    book.save(content)
    return name, content.getvalue()


def graphml(body, keys="", kind="undirected", name="map.graphml"):
    head = '<?xml version="1.0" encoding="UTF-8"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">'
    return name, f'{head}{keys}<graph edgedefault="{kind}">{body}</graph></graphml>'.encode()


def read(*files):
    return read_uploads(files)


def refused(*files):
    with pytest.raises(ImportProblem) as caught:
        read_uploads(files)
    return caught.value


def notes(result):
    return "\n".join(map(str, result.notes))


def warnings(result):
    return [note for note in result.notes if note.key != "import.note.as_lines"]


def names(result):
    return [organisation.name for organisation in result.network.organisations]


def arcs(result):
    name = result.network.name
    return {(name(tie.source), name(tie.target)) for tie in result.network.ties}


LIST = [["code", "organisatie", "sector"], [7, "Werk", "vorming"], [8, "Wonen", None], ["09", "Zorg", "Ziekenfonds"]]


def test_two_sheets_with_numbers_for_names():
    ties = [["Overzicht"], [], ["naar_nr", "van_nr", "sterkte"], [8, 7, 2.5], [None, 8, 1], ["09", 7, 1.125]]
    result = read(workbook({"banden": ties, "organisaties": LIST}))
    assert names(result) == ["Werk", "Wonen", "Zorg"]
    assert arcs(result) == {("Werk", "Wonen"), ("Werk", "Zorg")}
    assert [tie.strength for tie in result.network.ties] == [2.5, 1.125]
    assert result.network.organisations[2].sector == "health-fund"
    assert str(place(5, "naar_nr", sheet="banden")) in notes(result)
    assert str(place(1, sheet="banden")) in notes(result)
    assert not result.questions


def test_merged_cells_count_for_every_row():
    rows = [["Netwerk Bree", None, None], ["van", "naar", "soort"], ["Werk", "Zorg", "overleg"], [None, "Wonen", None]]
    rows += [["Zorg", "Wonen", None], [None, "Kind", "verwijzing"]]
    result = read(workbook({"Blad1": rows}, merge=["A1:C1", "A3:A4", "C3:C5", "A5:A6"]))
    assert arcs(result) == {("Werk", "Zorg"), ("Werk", "Wonen"), ("Zorg", "Wonen"), ("Zorg", "Kind")}
    assert [tie.kind for tie in result.network.ties] == ["overleg"] * 3 + ["verwijzing"]
    assert all(block in notes(result) for block in ("A3:A4", "C3:C5", "A5:A6"))
    assert not result.questions


def test_unknown_organisation_is_asked_each():
    ties = [["van", "naar"], ["Werk", "Zorgpunt"], ["Zorg Bree", "Wonen"], ["Werk", "Wonen"]]
    people = [["naam"], ["Werk"], ["Wonen"], ["Zorgpunt Bree"], ["Los"], ["werk"]]
    result = read(workbook({"leden": people, "lijnen": ties}))
    assert len(result.network.organisations) == 6 and len(result.network.ties) == 3
    assert str(place(6, sheet="leden")) in notes(result)
    first = next(question for question in result.questions if question.key == "unknown.zorgpunt")
    assert "Zorgpunt" in first.text and str(place(2, "naar", sheet="lijnen")) in first.text
    same = said("import.ask.unknown_same", name="Zorgpunt Bree")
    assert len(first.choose(same).network.organisations) == 5
    left = first.choose(said("import.ask.leave")).network
    assert (len(left.organisations), len(left.ties)) == (5, 2)


def test_formulas_without_value_are_refused_with_all_places():
    rows = [
        ["nota", "van", "naar"],
        ["=1+1", "Werk", "Wonen"],
        [None, "=B2", "Zorg"],
        [None, "Zorg", '=CONCATENATE("a")'],
    ]
    problem = refused(workbook({"Blad1": rows}))
    assert [fault.values["place"] for fault in problem.faults] == [place(3, "van"), place(4, "naar")]
    assert "#REF!" in str(refused(workbook({"Blad1": [["van", "naar"], ["#REF!", "Werk"]]})))


def test_kumu_workbook():
    elements = [["Type", "Label", "Tags"], ["werk", "Werk|Leren", "x|y"], ["zorg", "Zorg", None], [None, "Los", None]]
    connections = [["To", "From", "Strength", "Type"], ["Zorg|Wonen", "Werk|Leren", "strong", "overleg"]]
    result = read(
        workbook({"Elements": elements, "Connections": connections, "Info (Ignore)": [["van", "naar"], ["a", "b"]]})
    )
    assert arcs(result) == {("Werk|Leren", "Zorg"), ("Werk|Leren", "Wonen")}
    assert result.network.organisations[0].sector == "werk" and "Los" in names(result)
    assert "Wonen" in result.questions[0].text
    assert Message("import.summary.words") in result.summary


def test_hidden_empty_and_strange_sheets():
    from openpyxl import load_workbook

    name, content = workbook(
        {"Toelichting": [["Dit is uitleg"]], "banden": [["van", "naar"], ["Werk", "Wonen"]], "Blad3": []}
    )
    book = load_workbook(io.BytesIO(content))
    hidden = book.create_sheet("oud")
    hidden.append(["van", "naar"])
    hidden.append(["Oud", "Werk"])
    hidden.sheet_state = "hidden"
    saved = io.BytesIO()
    book.save(saved)
    result = read((name, saved.getvalue()))
    assert arcs(result) == {("Werk", "Wonen")} and "Toelichting" in notes(result)


def test_two_matrices_are_two_kinds():
    square = lambda mark: [[None, "Werk", "Wonen"], ["Wonen", mark, None], ["Werk", None, mark]]  # noqa: E731
    result = read(workbook({"overleg": square("x"), "verwijzing": square(1)}))
    assert [tie.kind for tie in result.network.ties] == ["overleg", "verwijzing"]


LAST = b'<row r="60001"><c r="A60001" t="inlineStr"><is><t>Zorg</t></is></c></row>'


def test_many_formatted_empty_rows():
    name, content = workbook({"Blad1": [["van", "naar"], ["Werk", "Wonen"]]})
    rows = "".join(f'<row r="{at}" s="1" customFormat="1"><c r="A{at}" s="0"/></row>' for at in range(3, 60_000))
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.namelist():
            text = old.read(item)
            if item.endswith("sheet1.xml"):
                text = text.replace(b"</sheetData>", rows.encode() + LAST + b"</sheetData>").replace(
                    b"A1:B2", b"A1:XFD1048576"
                )
            new.writestr(item, text)
    result = read((name, made.getvalue()))
    assert arcs(result) == {("Werk", "Wonen")}
    assert str(place(60001, "naar")) in notes(result)


def zipped(**members):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def test_zip_bomb_and_other_archives(monkeypatch):
    monkeypatch.setattr("workshop.exchange.formats.xlsx.UNPACKED_MB", 3)
    bomb = zipped(**{"[Content_Types].xml": "<x/>", "xl/worksheets/sheet1.xml": b"0" * 3_100_000})
    assert len(bomb) < 10_000
    assert refused(("boek.xlsx", bomb)).faults == [Message("import.fault.bomb", name="boek.xlsx")]
    ods = zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet")
    assert refused(("boek.ods", ods)).faults == [Message("import.refuse.ods", name="boek.ods")]
    canvas = zipped(**{"x_attributeList_Person.csv": "a"})
    assert refused(("export.zip", canvas)).faults == [Message("import.refuse.canvas", name="export.zip")]
    texts = zipped(**{"a.csv": "van;naar"})
    assert refused(("alles.zip", texts)).faults == [Message("import.refuse.zip", name="alles.zip")]
    _, good = workbook({"Blad1": [["van", "naar"], ["Werk", "Wonen"]]})
    for broken in (good[: len(good) // 2], good[:200] + b"\0" * 400 + good[600:], b"PK\x03\x04rest"):
        assert "boek.xlsx" in str(refused(("boek.xlsx", broken)))


def test_graphml_names_and_kinds():
    keys = '<key id="a" for="node" attr.name="Label"/><key id="w" for="edge" attr.name="weight" attr.type="long"/>'
    keys += '<key id="s" for="node" attr.name="sector" attr.type="string"/>'
    body = (
        '<node id="n0"><data key="a"> Werk </data><data key="s"/></node><node id="n1"><data key="a">Café</data></node>'
    )
    body += '<node id="n2"/><edge source="n0" target="n1"><data key="w">1.250</data></edge>'
    result = read(graphml(body, keys))
    assert names(result) == ["Werk", "Café", "n2"] and result.network.ties[0].strength == 1.25
    assert not result.notes and not result.questions and not result.network.directed


def test_yed():
    keys = '<key for="node" id="d6" yfiles.type="nodegraphics"/><key attr.name="doel" for="node" id="d4"/>'
    keys += '<key for="edge" id="d9" yfiles.type="edgegraphics"/>'
    node = '<node id="{0}"><data key="d4">x</data><data key="d6"><y:ShapeNode><y:NodeLabel>{1}</y:NodeLabel>'
    node += "</y:ShapeNode></data></node>"
    body = node.format("n0", "Werk &amp; Zorg") + node.format("n1", "Wonen")
    label = "<y:PolyLineEdge><y:EdgeLabel>overleg</y:EdgeLabel></y:PolyLineEdge>"
    body += f'<edge source="n0" target="n1"><data key="d9">{label}</data></edge>'
    result = read(graphml(body, keys, "directed"))
    assert arcs(result) == {("Werk & Zorg", "Wonen")} and result.network.ties[0].kind == "overleg"
    assert result.network.directed and not result.notes


def test_graphml_parallel_and_self_ties():
    body = "".join(f'<node id="{name}"/>' for name in ("Werk", "Wonen", "Zorg"))
    for ends in ("Werk Wonen", "Wonen Werk", "Werk Wonen", "Zorg Zorg"):
        source, target = ends.split()
        body += f'<edge source="{source}" target="{target}"/>'
    result = read(graphml(body, kind="directed"))
    assert arcs(result) == {("Werk", "Wonen"), ("Wonen", "Werk")} and len(result.network.organisations) == 3
    first, third, fourth = (Message("import.place_tie", row=row) for row in (1, 3, 4))
    assert said("import.name_at", name="Zorg", place=fourth) in notes(result)
    assert said("import.same_as", place=third, first=first) in notes(result)
    assert not result.questions


def test_formula_that_gives_an_empty_text_is_no_fault():
    name, content = workbook({"Blad1": [["van", "naar"], ["Werk", "Zorg"], ["=A9", "=B9"], ["=C1", "Kind"]]})
    saved = {b"A3": b"", b"B3": b"", b"A4": b"Zorg"}
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for item in old.namelist():
            text = old.read(item)
            for cell, value in saved.items() if item.endswith("sheet1.xml") else ():
                start = text.index(b'<c r="' + cell)
                end = text.index(b"</c>", start)
                text = text[:start] + b'<c r="' + cell + b'" t="str"><f>X</f><v>' + value + b"</v>" + text[end:]
            new.writestr(item, text)
    result = read((name, made.getvalue()))
    assert arcs(result) == {("Werk", "Zorg"), ("Zorg", "Kind")} and not warnings(result)


def test_formulas_in_header_list_and_matrix():
    assert str(place(1, "B")) in str(refused(workbook({"Blad1": [["van", "=X1"], ["Werk", "Zorg"]]})))
    sheets = {"leden": [["naam"], ["=X1"], ["Zorg"]], "banden": [["van", "naar"], ["Zorg", "=X2"]]}
    told = str(refused(workbook(sheets)))
    assert str(place(2, "naam", sheet="leden")) in told and str(place(2, "naar", sheet="banden")) in told
    square = [[None, "Werk", "Zorg"], ["Werk", 0, "=X1"], ["Zorg", 1, 0]]
    assert str(place(2, "Zorg")) in str(refused(workbook({"m": square})))


def test_matrix_anywhere_on_the_sheet():
    rows = [["Overleg 2024"], [], [None, None, "Werk", "Zorg"], [None, "Werk", False, True], [None, "Zorg", True, 0]]
    result = read(workbook({"Uitleg": [["Lees dit eerst"]], "matrix": rows}))
    assert arcs(result) == {("Werk", "Zorg")} and str(place(1, sheet="matrix")) in notes(result)


def test_kumu_with_codes_and_loops():
    elements = [["ID", "Label", "Type"], ["e1", "Werk", "x"], ["e2", "Zorg", None], ["e3", "Kind", None]]
    connections = [["From", "To", "direction"], ["e1", "e2 | e3", "mutual"], ["e2", "e3", "directed"]]
    loops = [["Label", "Description"], ["R1", "kring"]]
    result = read(workbook({"Elements": elements, "Connections": connections, "Loops": loops}))
    assert len(result.network.organisations) == 3 and len(arcs(result)) == 5 and "Loops" in notes(result)


LABEL = '<key id="d0" for="node" attr.name="{0}"/><key id="d1" for="node" attr.name="id"/>'


@pytest.mark.parametrize("attribute", ["label", "Name", "naam", "nom", "Naam organisatie", "node_label", "displayName"])
def test_the_attribute_that_holds_the_name(attribute):
    node = '<node id="n{0}"><data key="d1">7{0}</data><data key="d0">{1}</data></node>'
    body = node.format(0, "Huis\n Één") + node.format(1, "Zorg") + '<edge source="n0" target="n1"/>'
    result = read(graphml(body, LABEL.format(attribute)))
    assert arcs(result) == {("Huis Één", "Zorg")} and not result.notes and not result.questions


def yed(id, label, inside=""):
    shape = f"<y:GenericNode><y:NodeLabel>{label}</y:NodeLabel></y:GenericNode>"
    return f'<node id="{id}"><data key="d6">{shape}</data>{inside}</node>'


def drawn(source, target, heads):
    arrows = '<data key="d9"><y:PolyLineEdge><y:Arrows source="{0}" target="{1}"/></y:PolyLineEdge></data>'
    return f'<edge source="{source}" target="{target}">{arrows.format(*heads)}</edge>'


def test_yed_groups_and_arrows():
    inner = yed("g::a", "Werk") + yed("g::b", "Zorg") + drawn("g::a", "g::b", ("standard", "none"))
    body = yed("g", "Kernpartners", f'<graph edgedefault="directed">{inner}</graph>') + yed("c", "Kind")
    result = read(graphml(body + drawn("g::b", "c", ("none", "standard")), kind="directed"))
    assert arcs(result) == {("Zorg", "Werk"), ("Zorg", "Kind")} and "Kernpartners" in notes(result)
    tied = read(graphml(body + drawn("g", "c", ("none", "none")), kind="directed"))
    assert len(tied.network.organisations) == 4
    lines = read(graphml(yed("a", "Werk") + yed("b", "Zorg") + drawn("a", "b", ("none", "none")), kind="directed"))
    assert arcs(lines) == {("Werk", "Zorg")} and not lines.network.directed


def test_network_canvas_lists():
    people = "networkCanvasEgoUUID,nodeID,networkCanvasUUID,name,type\ne1,1,aa,Werk,x\ne1,2,bb,Zorg,y\n"
    ties = "edgeID,from,to,networkCanvasEgoUUID,networkCanvasSourceUUID\n1,1,2,e1,aa\n"
    result = read(("x_attributeList_Org.csv", people.encode()), ("x_edgeList_Tie.csv", ties.encode()))
    assert arcs(result) == {("Werk", "Zorg")} and not result.questions


def test_gexf():
    text = (
        '<gexf xmlns="http://gexf.net/1.3"><graph defaultedgetype="directed"><attributes class="node">'
        '<attribute id="0" title="sector" type="string"/></attributes><nodes><node id="a" label="Werk"><attvalues>'
        '<attvalue for="0" value="vorming"/></attvalues></node><node id="b" label="Wonen"/></nodes>'
        '<edges><edge id="0" source="a" target="b" weight="2.5"/></edges></graph></gexf>'
    )
    result = read(("net.gexf", text.encode()))
    assert arcs(result) == {("Werk", "Wonen")} and result.network.directed
    assert result.network.organisations[0].sector == "vorming" and result.network.ties[0].strength == 2.5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_doctype_and_damaged_xml(encoding):
    text = '<?xml version="1.0"?><!DOCTYPE g [<!ENTITY a "lol">]><graphml><graph><node id="&a;"/></graph></graphml>'
    problem = refused(("net.graphml", text.encode(encoding)))
    assert problem.faults == [Message("import.fault.doctype", name="net.graphml")]
    assert "net.graphml" in str(refused(("net.graphml", b"<graphml><graph><node")))
    problem = refused(("net.xml", b"<?xml version='1.0'?><html/>"))
    assert problem.faults == [Message("import.refuse.xml", name="net.xml")]


def test_files_at_fault_are_named_together():
    problem = refused(("a.pdf", b"%PDF"), ("b.csv", b"van;naar\nWerk;Wonen\n"), ("c.txt", b"DL N=2\n"))
    assert problem.faults == [
        Message("import.refuse.pdf", name="a.pdf"),
        Message("import.refuse.ucinet", name="c.txt"),
    ]


plain = st.characters(blacklist_categories=("Cs", "Cc", "Cf"), blacklist_characters="|#�")
titles = st.one_of(
    st.text(plain, min_size=1, max_size=12),
    st.sampled_from(
        ["=1+1", "-5", "+32", "@x", "'=x", "<b>", "0012", "12", "a;b", 'a"b', "naam", "niemand", "werk 2", "1,5"]
    ),
)
words = titles.map(clean_name).filter(lambda text: any(sign.isalnum() for sign in text))
# a column in which next to all cells are dates, addresses or yes and no is not one of names, whatever stands above it
words = words.filter(lambda text: content(text) in ("name", "number"))


@st.composite
def networks(draw, unique=True):
    count = draw(st.integers(0, 6))
    labels = draw(
        st.lists(words, min_size=count, max_size=count, unique_by=(lambda text: clean_name(text).casefold(),))
    )
    if not unique and count > 1:
        labels[-1] = labels[0]
    kinds = st.sampled_from([None, "communication", "referral", "eigen soort", "=2"])
    sectors = st.sampled_from([None, "welfare", "health-fund", "iets anders", "=som"])
    layers = st.sampled_from([None, "core", "basic", "specialised"])
    people = [Organisation(f"o{at}", name, draw(sectors), draw(layers)) for at, name in enumerate(labels)]
    ends = st.sampled_from([person.id for person in people]) if people else st.nothing()
    strength = st.one_of(
        st.none(), st.floats(0.001, 1e6), st.integers(1, 9).map(float), st.sampled_from([1.125, 1e-7, 1e20])
    )
    tie = st.builds(Tie, ends, ends, kinds, strength, st.one_of(st.none(), st.integers(1, 5)))
    return Network(people, draw(st.lists(tie, max_size=8)) if people else (), draw(st.booleans()) if people else False)


@pytest.mark.parametrize("format", ["xlsx", "csv", "graphml", "kumu", "gephi"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_is_written_is_read_back(format, language, tmp_path):
    path = tmp_path / {"kumu": "net.xlsx", "gephi": "net.csv"}.get(format, f"net.{format}")

    @settings(max_examples=40 if path.suffix != ".xlsx" else 12, deadline=None)
    @given(st.one_of(networks(), networks(unique=False)))
    def check(network):
        with in_language(language):
            written = write_network(network, path, format)
            again = read_network(*written.paths)
        assert again.network == network
        assert not written.notes

    check()


@pytest.mark.parametrize("ending", [".xlsx", ".csv", ".graphml"])
def test_control_characters_are_replaced_and_said(ending, tmp_path):
    network = Network(
        [Organisation("a", "Geplakt\x0b uit\x00 Word"), Organisation("b", "\ud800Los")], [Tie("a", "b", "k\x01")]
    )
    written = write_network(network, tmp_path / f"net{ending}")
    assert written.notes[0] == Message("import.note.replaced", n=3)
    assert names(read_network(*written.paths)) == ["Geplakt� uit� Word", "�Los"]


def test_formulas_stay_text_in_a_workbook_and_in_csv(tmp_path):
    from openpyxl import load_workbook

    network = Network(
        [Organisation("a", "=1+1"), Organisation("b", "@som"), Organisation("c", "+32 478"), Organisation("d", "-x")]
    )
    write_network(network, tmp_path / "net.xlsx")
    book = load_workbook(tmp_path / "net.xlsx")
    assert book.sheetnames == ["organisaties", "banden"]
    cells = [row[1] for row in book["organisaties"].iter_rows(min_row=2)]
    assert [(cell.value, cell.data_type) for cell in cells] == [
        ("=1+1", "s"),
        ("@som", "s"),
        ("+32 478", "s"),
        ("-x", "s"),
    ]
    write_network(network, tmp_path / "net.csv")
    text = (tmp_path / "net.csv").read_bytes().decode("utf-8")
    assert text.startswith("\ufeffid;naam;sector;laag;van;naar") and "'=1+1" in text and ";=1" not in text


def test_long_texts_and_unknown_endings(tmp_path):
    network = Network([Organisation("a", "x" * 40_000)])
    assert write_network(network, tmp_path / "net.xlsx").notes[0] == Message("import.note.cut", n=1)
    assert not write_network(network, tmp_path / "net.graphml").notes
    with pytest.raises(Problem, match="docx"):
        write_network(network, tmp_path / "net.docx")


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "net.csv"
    write_network(Network([Organisation("a", "Werk")]), path)
    before = path.read_bytes()

    def locked(*_):
        raise PermissionError

    monkeypatch.setattr("os.replace", locked)
    with pytest.raises(Problem) as caught:
        write_network(Network(), path)
    assert caught.value.message == Message("import.fault.locked", name="net.csv")
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]
