"""The pages without code: who gets in, what a page may do, how it starts, fails and ends."""

import asyncio
import gzip
import json
import os
import re
import shutil
import signal
import sys
import time
import urllib.request
import uuid
from pathlib import Path

import nbformat
import pytest
import websocket
from viewing import heading, run, said, until

from workshop.answers import open_store
from workshop.server import kernels
from workshop.server.folder import private_folder
from workshop.server.scripts import Bundle
from workshop.texts import Message

ROOT = Path(__file__).resolve().parent.parent
RENDER = "/voila/render/notebooks/nl/"
CLICK = """import ipywidgets as w
button, seen = w.Button(description='Tel'), w.Label('0')
button.on_click(lambda _: setattr(seen, 'value', str(int(seen.value) + 1)))
w.VBox([button, seen])"""
OWN = """import anywidget, traitlets
class Own(anywidget.AnyWidget):
    _esm = 'export default { render({ model, el }) { el.innerHTML = `<b id="own">${model.get("word")}</b>`; } }'
    word = traitlets.Unicode('eigen').tag(sync=True)
Own()"""
NAMES = """import os
from workshop.texts import language
print('pid', os.getpid())
print('|'.join([os.environ['WORKSHOP_WORK'], language(), os.environ.get('WORKSHOP_GROUP', '-')]))"""
PROBLEM = """from workshop.texts import Message, Problem
raise Problem(Message('<i>Kies een andere map.</i>'))"""
LINKS = "[volgende](1_next.ipynb) [Code](deeper_code.ipynb)\n\n<details><summary>s</summary>\n\nbinnen\n\n</details>"
LAST = """import anywidget, atexit, os, time
from pathlib import Path
class Last(anywidget.AnyWidget):
    _esm = '''export default { render({ model, el }) {
        el.innerHTML = '<b id="last">klaar</b>';
        addEventListener('pagehide', () => ['een', 'twee', 'drie'].forEach((word) => model.send({ word })));
    } }'''
    def __init__(self):
        super().__init__()
        self.words = []
        self.on_msg(self.hear)
        atexit.register(self.write, ', netjes gestopt')
    def hear(self, _, content, buffers):
        time.sleep(SECONDS)
        self.words.append(content['word'])
    def write(self, end):
        Path(os.environ['WORKSHOP_WORK'], 'heard.txt').write_text(' '.join(self.words) + end, encoding='utf-8')
Last()"""
IMPORTED = """import os, sys
for name in ('workshop.widgets', 'workshop.session'):
    print(name, 'is er' if name in sys.modules else 'is er niet')
print('pid', os.getpid())"""
LONG = "# Lang\n\n" + "Een regel.\n\n" * 200
PAGES = {
    "notebooks/nl/last_words": ["# Laatste woorden", LAST.replace("SECONDS", "0.6")],
    "notebooks/nl/hangs": ["# Hangt", LAST.replace("SECONDS", "60")],
    "notebooks/nl/long": [LONG, CLICK],
    "notebooks/nl/0_start": ["# Begin <één>", CLICK, OWN, NAMES, LINKS],
    "notebooks/nl/1_next": ["# Vervolg", "import warnings; warnings.warn('geheim'); print('<b>ruw</b>')"],
    "notebooks/nl/fails": ["# Fout", "geheim = 1 / 0", "print('nooit')"],
    "notebooks/nl/problem": ["# Vraag", PROBLEM],
    "notebooks/nl/dies": ["# Weg", "import os; os._exit(1)"],
    "notebooks/nl/slow": ["# Traag", "import time; time.sleep(3)", CLICK],
    "notebooks/nl/imported": ["# Ingeladen", IMPORTED],
    "notebooks/nl/deeper_code": ["# Code", "1"],
    "notebooks/en/0_start": ["# Begin", NAMES],
}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    for name, cells in PAGES.items():
        path = folder / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        made = nbformat.v4.new_notebook()
        for text in cells:
            prose = text.startswith(("#", "["))
            made.cells.append((nbformat.v4.new_markdown_cell if prose else nbformat.v4.new_code_cell)(text))
        nbformat.write(made, path)
    (folder / "secret.txt").write_text("geheim", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def server(running, root, tmp_path_factory):
    with running(tmp_path_factory.mktemp("work"), root=root) as server:
        server.log_in()
        yield server


def config(html):
    return json.loads(re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', html, re.DOTALL)[1])


def count(page, to=1):
    """Press the button that counts: the kernel answers."""
    page.get_by_role("button", name="Tel").click()
    page.get_by_text(str(to), exact=True).wait_for()


def mine(page):
    """The process behind a page that says it."""
    return int(re.search(r"pid (\d+)", page.locator("main").inner_text())[1])


def leave(page):
    """Close a page that tried to connect in vain: the browser says so in its console."""
    page.close()
    page.errors.clear()


# -- who gets in -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["", "?token=", "?token=fout"])
def test_without_the_key_a_page_is_refused_in_plain_words(server, ending):
    for path in (RENDER + "0_start.ipynb", "/", "/voila/static/voila.js", "/voila/static/x/bundle.js", "/bestaat-niet"):
        status, _, text = server.get(path + ending, cookies=False)
        assert status == 403
        assert said("page.error.403") in text and '<html lang="nl">' in text
        assert not re.search(r"https?://|//cdn", text)


def test_the_key_becomes_a_cookie_that_scripts_cannot_read(server):
    status, headers, _ = server.get(server.address, cookies=False)
    login = [cookie for cookie in headers.get_all("Set-Cookie") if cookie.startswith("username-")]
    assert status == 200 and len(login) == 1 and "HttpOnly" in login[0]
    assert server.get(RENDER + "1_next.ipynb")[0] == 200
    status, headers, _ = server.get("/", follow=False)
    assert status == 302 and headers["Location"] == RENDER + "0_start.ipynb"


def test_the_bundle_takes_each_extension_from_the_first_folder_that_has_it(tmp_path):
    own = tmp_path / "voila"
    own.mkdir()
    (own / "voila.js").write_text("")
    (own / "73.voila.js").write_text('"use strict";one')
    folders = [tmp_path / name / "anywidget" / "static" for name in ("no", "user", "system")]
    for folder in folders:
        folder.mkdir(parents=True)
        (folder / "2.abc.js").write_text(f"two of {folder.parts[-3]}\n//# sourceMappingURL=data:x\n")
    for folder in folders[1:]:
        (folder.parent / "package.json").write_text("{}")
    (folders[2] / "528.abc.js").write_text("of another version")
    found = [str(folder.parent.parent) for folder in folders]
    made = Bundle([str(tmp_path), str(own)], found)
    assert gzip.decompress(made.packed) == b'(() => {"use strict";one\n})();\n(() => {two of user\n})();\n'
    (folders[1] / "2.abc.js").write_text("three")
    assert Bundle([str(own)], found).version != made.version


def test_a_bundle_of_another_version_is_not_there(server):
    server.get(server.address)
    address = re.search(r"/voila/static/(\w+)/bundle.js", server.log_in())
    status, headers, _ = server.get(address[0])
    assert status == 200 and "immutable" in headers["Cache-Control"]
    assert server.get(address[0].replace(address[1], "0123456789ab"))[0] == 404


def test_another_name_for_this_computer_is_refused(server):
    assert server.get(RENDER + "0_start.ipynb", headers={"Host": "elders.voorbeeld.be"})[0] == 403


@pytest.mark.parametrize(
    "path",
    [
        *("/api/contents", "/api/contents/notebooks/nl/0_start.ipynb", "/api/kernels", "/api/kernelspecs"),
        *("/api/sessions", "/api/terminals", "/api/config/x", "/api/status", "/api/me", "/api", "/api/shutdown"),
        *("/lab", "/lab/tree/notebooks", "/tree", "/notebooks/nl/0_start.ipynb", "/terminals/1", "/edit/x", "/login"),
        *(
            "/files/secret.txt",
            "/secret.txt",
            "/voila/tree",
            "/voila/files/secret.txt",
            "/voila/api/contents/notebooks",
        ),
        *("/voila/render/secret.txt", "/voila/render/../secret.txt", "/voila/render/notebooks/nl/%2e%2e/x.ipynb"),
        *(RENDER + "deeper_code.ipynb", RENDER + "bestaat_niet.ipynb", "/voila/render/notebooks/nl/"),
        *("/voila/labextensions/../../kernels/python3/kernel.json", "/voila/static/%2e%2e/index.html.j2"),
    ],
)
def test_nothing_but_pages(server, path):
    for ending in ("", f"?token={server.key}"):
        status, _, text = server.get(path + ending)
        assert status in (403, 404, 405), (path, status)
        assert "geheim" not in text and "Traceback" not in text


def test_what_is_missing_is_said_in_plain_words(server):
    status, _, text = server.get(RENDER + "bestaat_niet.ipynb")
    assert status == 404 and said("page.error.404") in text and 'href="/"' in text
    status, _, text = server.get("/voila/render/notebooks/en/nowhere.ipynb")
    assert status == 404 and '<html lang="en">' in text and "This page does not exist." in text


# -- what a page holds -------------------------------------------------------------------------------------------


def test_a_page_has_its_prose_its_kernel_and_no_code(server):
    text = server.log_in()
    assert '<html lang="nl">' in text and "<title>Begin &lt;één&gt;</title>" in text
    assert "Code" in text and "deeper_" not in text, "a link that leads nowhere here"
    assert 'href="1_next.ipynb"' in text and "on_click" not in text and "In [" not in text
    assert "<details><summary>s</summary>\n\n<p>binnen</p>\n</details>" in text
    assert text.rstrip().endswith("</html>") and text.count('vnd.voila.cell-output+json">') == 2
    settings = config(text)
    assert server.get(f"/api/kernels/{settings['kernelId']}")[0] == 200
    names = {extension["name"] for extension in settings["federated_extensions"]}
    assert names == {"@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget"}
    assert not re.search(r"https?://(?!127\.0\.0\.1)|//cdn", text)


def test_the_kernel_knows_where_answers_go_and_in_which_language(server):
    assert f"{server.work}|nl|-" in server.log_in()
    status, _, text = server.get("/voila/render/notebooks/en/0_start.ipynb")
    assert status == 200 and f"{server.work}|en|-" in text and '<html lang="en">' in text


def test_output_is_escaped_and_warnings_are_for_the_log(server):
    text = server.get(RENDER + "1_next.ipynb")[2]
    assert "&lt;b&gt;ruw&lt;/b&gt;" in text and "geheim" not in text


def test_a_cell_that_fails_says_so_in_plain_words(server):
    text = server.get(RENDER + "fails.ipynb")[2]
    assert said("page.failed", path=server.work / "log" / "server.log") in text
    assert not re.search("geheim|ZeroDivision|Traceback|nooit", text) and text.rstrip().endswith("</html>")
    assert "ZeroDivisionError" in (server.work / "log" / "server.log").read_text(encoding="utf-8")


def test_a_problem_is_its_own_sentence(server):
    text = server.get(RENDER + "problem.ipynb")[2]
    assert "&lt;i&gt;Kies een andere map.&lt;/i&gt;" in text and str(server.work / "log" / "server.log") not in text


def test_a_kernel_that_dies_does_not_keep_the_page_waiting(server):
    text = server.get(RENDER + "dies.ipynb")[2]  # the browser gives up long before the server would
    assert said("page.failed", path=server.work / "log" / "server.log") in text


def test_the_key_is_not_in_the_log(server):
    server.log_in()
    assert server.key not in (server.work / "log" / "server.log").read_text(encoding="utf-8")


# -- the page's own websocket ------------------------------------------------------------------------------------


def connect(server, kernel, **settings):
    address = f"{server.origin.replace('http', 'ws')}/api/kernels/{kernel}/channels?session_id={uuid.uuid4().hex}"
    settings = {"cookie": server.cookies, "origin": server.origin, "timeout": 20} | settings
    return websocket.create_connection(address, **settings)


def message(kind, content):
    header = {"msg_id": uuid.uuid4().hex, "session": "s", "username": "u", "version": "5.4", "msg_type": kind}
    return {
        "header": {**header, "date": "2026-01-01T00:00:00Z"},
        "parent_header": {},
        "metadata": {},
        "content": content,
    }


def packed(channel, sent):
    """A message in the binary form that the front end uses."""
    parts = [
        channel.encode(),
        *(json.dumps(sent[name]).encode() for name in ("header", "parent_header", "metadata", "content")),
    ]
    offsets = [8 * (len(parts) + 2)]
    for part in parts:
        offsets.append(offsets[-1] + len(part))
    return b"".join([len(offsets).to_bytes(8, "little"), *(n.to_bytes(8, "little") for n in offsets), *parts])


@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize("channel", ["shell", "control"])
def test_over_its_own_websocket_nothing_can_be_run(server, tmp_path, channel, binary):
    kernel, target = config(server.log_in())["kernelId"], tmp_path / "ran"
    code = f"open({str(target)!r}, 'w').close()"
    tried = {
        "execute_request": {"code": code, "silent": False, "store_history": False, "user_expressions": {"x": code}},
        "inspect_request": {"code": code, "cursor_pos": 1, "detail_level": 1},
        "complete_request": {"code": code, "cursor_pos": len(code)},
        "debug_request": {"type": "request", "seq": 1, "command": "evaluate", "arguments": {"expression": code}},
    }
    settings = {"subprotocols": ["v1.kernel.websocket.jupyter.org"]} if binary else {}
    line = connect(server, kernel, **settings)
    asked = message("comm_info_request", {})
    for sent in (*(message(kind, content) for kind, content in tried.items()), asked):
        for where in {channel, "shell"} if sent is asked else {channel}:
            if binary:
                line.send_binary(packed(where, sent))
            else:
                line.send(json.dumps({**sent, "channel": where, "buffers": []}))
    heard = ""
    while "comm_info_reply" not in heard:  # what may be asked is answered, after all that came before
        received = line.recv()
        heard += received if isinstance(received, str) else received.decode("utf-8", "replace")
    assert not re.search("execute_input|execute_reply|inspect_reply|complete_reply|debug_reply", heard)
    assert not target.exists()
    line.close()


def test_the_websocket_is_refused_to_strangers(server):
    kernel = config(server.log_in())["kernelId"]
    connect(server, kernel).close()
    for wrong in ({"cookie": ""}, {"cookie": "username-x=y"}, {"origin": "http://elders.voorbeeld.be"}):
        with pytest.raises(websocket.WebSocketBadStatusException) as refused:
            connect(server, kernel, **wrong)
        assert refused.value.status_code in (403, 404)
    with pytest.raises(websocket.WebSocketBadStatusException):
        connect(server, uuid.uuid4())


# -- the end -----------------------------------------------------------------------------------------------------


def test_a_page_that_is_left_ends_its_kernel(server):
    kernel = config(server.log_in())["kernelId"]
    path = f"/voila/api/presence/{kernel}"
    own = {"Origin": server.origin}
    for wrong in ({}, {"Origin": "http://127.0.0.1:1"}, {"Origin": "null"}, {"Origin": "http://elders.voorbeeld.be"}):
        assert server.get(path, data=b"", headers=wrong)[0] == 403
    assert server.get(path, data=b"", headers=own, cookies=False)[0] == 403
    assert json.loads(server.get(path)[2]) == {"there": True}
    for _ in range(2):
        assert server.get(path, data=b"", headers=own)[0] == 204
    assert until(lambda: server.get(f"/api/kernels/{kernel}")[0] == 404)
    assert json.loads(server.get(path)[2]) == {"there": False}


def test_nobody_else_ends_a_kernel(server):
    kernel = config(server.log_in())["kernelId"]
    wrong = urllib.request.Request(f"{server.origin}/api/kernels/{kernel}", method="DELETE")
    wrong.add_header("Cookie", f"{server.cookies}; _xsrf=x")
    wrong.add_header("X-XSRFToken", "x")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(wrong)
    assert refused.value.code in (403, 405)
    assert json.loads(server.get(f"/voila/api/presence/{kernel}")[2]) == {"there": True}


def test_a_page_sets_no_cookie_that_other_servers_of_this_computer_use(server):
    """Cookies know no ports: JupyterLab's own one against forgery would be overwritten."""
    _, headers, _ = server.get(server.address, cookies=False)
    assert not [cookie for cookie in headers.get_all("Set-Cookie") if cookie.startswith("_xsrf=")]


def test_localhost_leads_to_the_printed_address(server):
    """What waits in a browser belongs to one address."""
    port = server.origin.rpartition(":")[2]
    path = f"{RENDER}1_next.ipynb?token={server.key}"
    status, headers, _ = server.get(path, headers={"Host": f"localhost:{port}"}, cookies=False, follow=False)
    assert status == 302 and headers["Location"] == server.origin + path
    status, headers, _ = server.get("/", headers={"Host": f"localhost:{port}"}, cookies=False, follow=False)
    assert headers["Location"] == f"{server.origin}/"


@pytest.mark.parametrize("binary", [False, True])
def test_what_is_no_message_is_left_out_and_the_line_stays_open(server, binary):
    kernel = config(server.log_in())["kernelId"]
    log = server.work / "log" / "server.log"
    before = log.stat().st_size
    settings = {"subprotocols": ["v1.kernel.websocket.jupyter.org"]} if binary else {}
    line = connect(server, kernel, **settings)
    for text in ("geen json", "[]", "null", "{}", '{"channel": "shell"}'):
        line.send(text)
    for raw in (b"", b"x", b"\x00" * 40, b"\x7f" + b"\xff" * 99):  # the last one asks for more parts than there are
        line.send_binary(raw)
    asked = message("comm_info_request", {})
    if binary:
        line.send_binary(packed("shell", asked))
    else:
        line.send(json.dumps({**asked, "channel": "shell", "buffers": []}))
    heard = b""
    while b"comm_info_reply" not in heard:
        received = line.recv()
        heard += received.encode() if isinstance(received, str) else received
    line.close()
    assert "Traceback" not in log.read_text(encoding="utf-8")[before:]


@pytest.mark.long
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_stopping_leaves_no_kernel_behind(running, root, tmp_path, how):
    if sys.platform == "win32":
        pytest.skip("Windows knows no such signals")
    with running(tmp_path, root=root, fresh=True) as server:
        for _ in range(2):
            server.log_in()
        kernels = server.kernels()
        assert len(kernels) == 2
        assert server.stop(how) == 0
        assert until(lambda: not any(kernel.is_running() for kernel in kernels), 10)
        assert "gestopt" in server.process.stdout.read()
        assert server.process.stderr.read() == ""


@pytest.mark.long
def test_nothing_is_left_in_the_folder_for_temporary_files(running, root, tmp_path, monkeypatch):
    """Neither by a server that is stopped, nor for long by one that was killed."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    with running(tmp_path / "work", root=root, fresh=True) as server:
        server.log_in()
        assert list(temporary.glob("gbo-run-*/*-1"))
        server.process.kill()
        server.process.wait()
    (left,) = temporary.glob("gbo-run-*")
    os.utime(left, (0, 0))
    with running(tmp_path / "work", root=root, fresh=True) as server:
        assert not left.exists()
        server.log_in()
        server.stop()
        assert not list(temporary.iterdir())


@pytest.mark.long
def test_pages_need_no_folders_of_the_laptop(running, root, tmp_path, monkeypatch):
    closed = tmp_path / "closed"
    closed.write_text("x", encoding="utf-8")
    for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "HOME"):
        monkeypatch.setenv(name, str(closed / "x"))
    with running(tmp_path / "work", root=root, fresh=True) as server:
        assert f"{server.work}|nl|-" in server.log_in()


@pytest.mark.long
def test_a_server_that_is_killed_takes_its_kernels_along(running, root, tmp_path):
    with running(tmp_path, root=root, fresh=True) as server:
        server.log_in()
        (kernel,) = server.kernels()
        server.process.kill()
        assert until(lambda: not kernel.is_running(), 20)


# -- in a browser ------------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_widgets_work(server, page):
    page.goto(server.address)
    page.get_by_role("button", name="Tel").click()
    page.get_by_text("1", exact=True).wait_for()
    assert page.locator("#own").inner_text() == "eigen"
    page.locator("body:not(.waiting)").wait_for()
    assert not page.locator("#bar").is_visible()
    assert "token" not in page.url
    page.get_by_role("link", name="volgende").click()
    page.get_by_role("heading", name="Vervolg").wait_for()
    page.go_back()
    page.get_by_role("button", name="Tel").click()
    page.get_by_text("1", exact=True).wait_for()


@pytest.mark.browser
def test_a_page_of_which_a_widget_was_not_found_is_loaded_again_by_itself(server, page):
    page.goto(server.address)
    count(page)
    told = "Error displaying widget: model not found"  # as the front end puts it when it looks too early
    with page.expect_navigation():
        page.evaluate(
            """(told) => {
          const place = document.createElement("div");
          place.className = "jp-OutputArea-output jupyter-widgets";
          place.textContent = told;
          document.querySelector("main").append(place);
        }""",
            told,
        )
    count(page)


@pytest.mark.browser
def test_prose_comes_before_the_kernel(server, page):
    page.goto(server.address.replace("0_start", "slow"), wait_until="commit")
    page.get_by_role("heading", name="Traag").wait_for()
    assert page.get_by_role("status").inner_text().startswith(said("page.wait"))
    assert page.get_by_role("button", name="Tel").count() == 0
    page.get_by_role("button", name="Tel").wait_for()


@pytest.mark.browser
def test_a_kernel_waits_for_the_next_page_with_the_kit_imported(running, root, tmp_path, page):
    limits = {"kernels.SPARES": True, "kernels.SPARE_AFTER_SECONDS": 0}
    with running(tmp_path, root=root, fresh=True, limits=limits) as server:
        page.goto(server.address)
        count(page)
        assert until(lambda: len(server.kernels()) == 2)
        before = server.kernels()
        (waiting,) = [kernel for kernel in before if kernel.pid != mine(page)]
        page.goto(f"{server.origin}{RENDER}imported.ipynb")
        page.get_by_text("workshop.widgets is er").wait_for()
        assert mine(page) == waiting.pid
        assert until(lambda: len(server.kernels()) == 2 and not set(server.kernels()) & (set(before) - {waiting}))
        waiting, taken = server.kernels()[-1], server.kernels()[0]
        waiting.kill()  # a spare that died is not used
        assert until(lambda: not waiting.is_running())
        page.goto(f"{server.origin}{RENDER}0_start.ipynb")
        count(page)
        page.close()
        assert until(lambda: len(server.kernels()) == 1 and not taken.is_running())
        assert server.stop() == 0


def test_a_spare_kernel_that_is_killed_while_it_starts_is_started_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(kernels, "SPARE_CODE", "import time; time.sleep(0.5)")
    monkeypatch.setattr(kernels, "ALIVE_SECONDS", 0.1)
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", "")  # given back afterwards

    async def take_one():
        manager = kernels.Kernels(root_dir=str(tmp_path), connection_dir=str(tmp_path))
        manager.have_spares("")
        taken = await wait_for(lambda: manager._spares.get(""))
        (spare,) = taken
        first = await wait_for(lambda: spare.kernel_id in manager and manager.get_kernel(spare.kernel_id).provisioner)
        await wait_for(lambda: first.pid)
        os.kill(first.pid, signal.SIGKILL)
        manager.spares = 0  # no further one is wanted
        page = await manager.take("", "owner")
        client = await page.started
        answered = await client.execute("1", reply=True, timeout=60)
        client.stop_channels()
        now = manager.get_kernel(page.kernel_id).provisioner.pid
        await manager.end_all()
        return page is spare, answered["content"]["status"], now != first.pid

    with private_folder(tmp_path):
        assert run(take_one()) == (True, "ok", True)


async def wait_for(condition, seconds=60):
    """What a condition gives, once it holds."""
    end = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < end:
        await asyncio.sleep(0.02)
    return found


@pytest.mark.browser
def test_a_page_that_is_closed_ends_its_kernel(server, page):
    before = set(server.kernels())
    page.goto(server.address)
    page.get_by_role("button", name="Tel").wait_for()
    (kernel,) = set(server.kernels()) - before
    page.evaluate("dispatchEvent(new Event('beforeunload'))")  # as a download does: no reason to end anything
    page.get_by_role("button", name="Tel").click()
    page.get_by_text("1", exact=True).wait_for()
    page.close()
    assert until(lambda: not kernel.is_running())


@pytest.mark.long
@pytest.mark.browser
def test_a_failure_a_dead_kernel_and_a_lost_connection_are_said(running, root, tmp_path, page):
    with running(tmp_path, root=root) as server:
        page.goto(server.address.replace("0_start", "fails"))
        page.get_by_role("alert").get_by_text(said("page.failed", path=tmp_path / "log" / "server.log")).wait_for()
        page.goto(server.address)
        page.get_by_role("button", name="Tel").wait_for()
        page.evaluate("window.gboOutbox = { safe: false }")
        server.kernels()[-1].kill()
        page.get_by_role("status").get_by_text(said("page.unsafe")).wait_for()
        page.get_by_role("button", name=said("page.reload")).click()
        count(page)
        assert not page.errors
        server.process.kill()
        page.get_by_role("status").get_by_text(said("page.lost")).wait_for()
        leave(page)


@pytest.mark.long
@pytest.mark.browser
def test_a_page_that_is_loaded_again_and_again_leaves_one_kernel(running, root, tmp_path, page):
    with running(tmp_path, root=root) as server:
        page.set_default_timeout(60_000)  # the six kernels start side by side, and beside those of other tests
        for _ in range(6):
            page.goto(f"{server.address}", wait_until="commit")
        count(page)
        assert until(lambda: len(server.kernels()) == 1, 30)
        page.get_by_role("link", name="volgende").click()
        page.get_by_role("heading", name="Vervolg").wait_for()
        page.go_back()
        count(page)
        assert until(lambda: len(server.kernels()) == 1, 30)
        assert "Kernel died" not in (tmp_path / "log" / "server.log").read_text(encoding="utf-8")
        page.close()


@pytest.mark.browser
def test_what_a_page_sends_while_it_is_left_is_done_before_its_kernel_ends(running, root, tmp_path, page):
    """A handler that takes its time, and one after it: the goodbye must not overtake them."""
    with running(tmp_path, root=root) as server:
        page.goto(server.address.replace("0_start", "last_words"))
        page.locator("#last").wait_for()
        (kernel,) = server.kernels()
        page.goto("about:blank")
        assert until(lambda: not kernel.is_running(), 15)
        assert (tmp_path / "heard.txt").read_text(encoding="utf-8") == "een twee drie, netjes gestopt"


@pytest.mark.long
@pytest.mark.browser
def test_a_kernel_that_does_not_answer_ends_all_the_same(running, root, tmp_path, page):
    limits = {"kernels.LAST_WORDS_SECONDS": 0.5, "kernels.END_SECONDS": 0.5}
    with running(tmp_path, root=root, limits=limits) as server:
        page.goto(server.address.replace("0_start", "hangs"))
        page.locator("#last").wait_for()
        (kernel,) = server.kernels()
        page.goto("about:blank")
        assert until(lambda: not kernel.is_running(), 15)


@pytest.mark.browser
def test_a_server_that_is_stopped_while_a_page_is_left(running, root, tmp_path, page):
    with running(tmp_path, root=root) as server:
        page.goto(server.address.replace("0_start", "last_words"))
        page.locator("#last").wait_for()
        (kernel,) = server.kernels()
        page.goto("about:blank")
        assert server.stop() == 0
        assert not kernel.is_running()
        assert (tmp_path / "heard.txt").read_text(encoding="utf-8") == "een twee drie, netjes gestopt"


def test_a_page_that_never_opened_its_line_leaves_no_kernel(running, root, tmp_path):
    limits = {"kernels.ROUND_SECONDS": 0.2, "kernels.UNSEEN_SECONDS": 1}
    with running(tmp_path, root=root, limits=limits) as server:
        assert f"{server.work}|nl|-" in server.log_in()
        assert until(lambda: not server.kernels(), 15)


def test_minutes_and_not_the_clock_say_how_long_a_page_is_gone():
    """A laptop that sleeps makes no rounds; 15 minutes of them are waited for."""
    assert kernels.LOST_SECONDS == 900 and kernels.UNSEEN_SECONDS <= 120
    assert kernels.LAST_WORDS_SECONDS + kernels.END_SECONDS <= 10


@pytest.mark.long
@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot hold a process still")
def test_a_laptop_that_slept_too_long_finds_its_kernel_again(running, root, tmp_path):
    limits = {"kernels.ROUND_SECONDS": 0.2, "kernels.LOST_SECONDS": 4}
    with running(tmp_path, root=root, limits=limits) as server:
        page = config(server.log_in())["kernelId"]
        (kernel,) = server.kernels()
        connect(server, page).close()
        assert until(lambda: json.loads(server.get(f"/api/kernels/{page}")[2])["connections"] == 0)
        server.process.send_signal(signal.SIGSTOP)
        time.sleep(6)  # the sleep itself
        server.process.send_signal(signal.SIGCONT)
        for _ in range(2):  # what was overdue is done
            assert json.loads(server.get(f"/voila/api/presence/{page}")[2]) == {"there": True}
        line = connect(server, page)
        assert kernel.is_running()
        line.close()
        assert until(lambda: not kernel.is_running(), 15)


@pytest.mark.long
@pytest.mark.browser
def test_a_page_that_lost_its_line_gets_it_back(running, root, tmp_path, page, wire):
    limits = {"kernels.ROUND_SECONDS": 0.2, "kernels.LOST_SECONDS": 60}
    with running(tmp_path, root=root, limits=limits) as server, wire(server) as line:
        page.goto(line.address)
        count(page)
        (kernel,) = server.kernels()
        line.cut()
        page.get_by_role("status").get_by_text(said("page.lost")).wait_for()
        line.mend()
        page.locator("#bar").wait_for(state="hidden")
        count(page, 2)
        assert server.kernels() == [kernel]
        leave(page)


NOTE_THE_BAR = """new MutationObserver(([{ target }]) => {
  sessionStorage.setItem('bar', (sessionStorage.getItem('bar') ?? '') + target.textContent);
}).observe(document.getElementById('bar-text'), { childList: true })"""
"""What the bar says is there after a reload too."""


@pytest.mark.long
@pytest.mark.browser
def test_a_page_that_comes_back_too_late_gets_a_new_kernel_by_itself_and_its_scroll(
    running, root, tmp_path, page, wire
):
    limits = {"kernels.ROUND_SECONDS": 0.2, "kernels.LOST_SECONDS": 1}
    with running(tmp_path, root=root, limits=limits) as server, wire(server) as line:
        page.goto(line.address.replace("0_start", "long"))
        count(page)
        page.evaluate("scrollTo(0, 1500)")
        place = "document.getElementById('main').getBoundingClientRect().top"
        before = page.evaluate(place)
        (kernel,) = server.kernels()
        page.evaluate(NOTE_THE_BAR)
        line.cut()
        assert until(lambda: not kernel.is_running(), 15)
        with page.expect_navigation():
            line.mend()
        assert said("page.ended") in page.evaluate("sessionStorage.getItem('bar')"), "said, however shortly"
        page.locator("body:not(.waiting)").wait_for()
        page.wait_for_function(f"Math.abs({place} - {before}) < 2")
        count(page)
        (second,) = server.kernels()
        line.cut()
        assert until(lambda: not second.is_running(), 15)
        line.mend()  # once more within the minute: it says so, and leaves it to the person
        page.get_by_role("status").get_by_text(said("page.ended")).wait_for()
        asked = []
        page.on("request", lambda request: request.is_navigation_request() and asked.append(request.url))
        with page.expect_response("**/presence/*"):  # it looks again, and would reload
            page.evaluate("dispatchEvent(new Event('visibilitychange'))")
        page.get_by_role("button", name=said("page.reload")).click()
        count(page)
        assert len(asked) == 1
        leave(page)


@pytest.mark.long
@pytest.mark.browser
def test_what_was_typed_without_a_kernel_is_there_after_the_page_reloaded_by_itself(running, tmp_path, page):
    with running(tmp_path) as server:
        page.goto(server.address)
        page.goto(f"{server.origin}{RENDER}5_agreement.ipynb")
        page.locator("body:not(.waiting)").wait_for()
        field = page.locator(".gbo-field textarea").first
        field.fill("Voor")
        page.get_by_text(said("field.kept")).first.wait_for()
        with page.expect_navigation():
            server.kernels()[-1].kill()
            field.press("End")
            field.type(" en na")
        page.locator("body:not(.waiting)").wait_for()
        page.wait_for_function("document.querySelector('.gbo-field textarea')?.value === 'Voor en na'")
        page.get_by_text(said("field.kept")).first.wait_for()
        store = open_store(tmp_path, room="workshop", group="table-1")
        assert "Voor en na" in [store.get(item) for item in store.answered_items()]
        store.close()
        leave(page)


@pytest.mark.browser
def test_a_line_that_is_blocked_from_the_start_is_said(server, page):
    """As by a proxy that lets pages through but no websockets."""
    page.add_init_script("window.WebSocket = class { close() {} send() {} }")  # never opens
    page.add_init_script(
        "const later = setTimeout; window.setTimeout = (act, ms, ...more) => later(act, ms === 20000 ? 9 : ms, ...more)"
    )
    page.goto(server.address)
    page.locator("#bar-text", has_text=said("page.blocked")).wait_for()
    leave(page)


def test_a_kernel_that_cannot_start_is_said(running, root, tmp_path):
    with running(tmp_path, root=root, limits={"pages.STARTUP_SECONDS": 0.01}) as server:
        text = server.log_in()
        sentence = str(Message("page.no_kernel", path=tmp_path / "log" / "server.log"))
        assert sentence in text and text.rstrip().endswith("</html>")


@pytest.mark.long
@pytest.mark.browser
def test_another_server_on_the_same_address_is_said(running, root, tmp_path, page, wire):
    with running(tmp_path, root=root) as server, wire(server) as line:
        page.goto(line.address)
        count(page)
        server.stop()
        with running(tmp_path, root=root) as second:
            line.lead_to(second)
            page.get_by_role("status").get_by_text(said("page.moved")).wait_for()
            assert not page.get_by_role("button", name=said("page.reload")).is_visible()
            leave(page)


@pytest.mark.browser
def test_the_first_page_is_light_and_fits_a_telephone(running, tmp_path, page):
    with running(tmp_path) as server:
        weights = []
        scripts = []
        page.on("requestfinished", lambda request: weights.append(request.sizes()["responseBodySize"]))
        page.on("request", lambda request: scripts.append(request.url) if request.url.endswith(".js") else None)
        page.set_viewport_size({"width": 390, "height": 800})
        page.goto(server.address)
        page.locator("body:not(.waiting)").wait_for()
        page.locator(".jupyter-widgets:visible").first.wait_for()
        assert 500_000 < sum(weights) < 2_000_000
        alone = [url for url in scripts if not re.search(r"/(voila|bundle|remoteEntry\.\w+)\.js$", url)]
        assert len(scripts) == 5 and not alone, "parts that workshop/server/scripts.py should name"
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.locator("main").count() == page.locator("h1").count() == 1
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == said("page.skip")
        page.close()


@pytest.mark.long
@pytest.mark.browser
def test_pages_and_jupyterlab_side_by_side_leave_no_kernel_behind(running, root, tmp_path, page):
    """Both used, both reloaded, closed: cookies are shared by all ports of an address."""
    with running(tmp_path, root=root) as server, running(tmp_path, command="lab") as lab:
        other = page.context.new_page()
        for _ in range(2):
            page.goto(server.address)
            count(page)
            other.goto(lab.address)
            other.get_by_role("menuitem", name="Bestand").wait_for()
            other.get_by_role("heading", name=heading("0_start")).wait_for()
            count(page, 2)
        with other.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok):
            other.keyboard.press("Control+s")  # what JupyterLab writes is still taken
        other.close()
        page.close()
        assert until(lambda: not server.kernels())
    page.errors.clear()


@pytest.mark.browser
def test_every_page_works_on_full_answers_and_asks_nothing_from_outside(running, tmp_path, page, filled_folder):
    """The page fixture looks at what was asked for, and at errors in the console."""
    shutil.copytree(filled_folder, tmp_path / "work")
    with running(tmp_path / "work") as server:
        page.goto(server.address)
        for path in sorted(ROOT.glob("[en]*/nl/[!d]*.ipynb")):
            page.set_viewport_size({"width": 1280, "height": 800})
            page.goto(f"{server.origin}/voila/render/{path.relative_to(ROOT).as_posix()}")
            page.locator("body:not(.waiting)").wait_for()
            assert page.locator("h1").count() == 1, path
            assert page.locator(".failure, .jp-RenderedText").count() == 0, path
            page.set_viewport_size({"width": 390, "height": 800})
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 390, f"{path.name} is {wide} wide on a telephone"
        page.close()
