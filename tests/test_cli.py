"""The command line: plain sentences, the right exit codes, and nothing in the home folder."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workshop import check, cli, work
from workshop.server import lab, places
from workshop.texts import Message, Problem, in_language, load

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def own_environment(monkeypatch):
    """`main` sets the environment and the language for what comes after it; not for other tests."""
    monkeypatch.setattr(os, "environ", os.environ.copy())
    with in_language(None):
        yield


def told(*arguments, **environment):
    done = subprocess.run(
        [sys.executable, "-m", "workshop", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        env={**os.environ, "PYTHONUTF8": "1", **environment},
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


@pytest.mark.parametrize("command", ["start", "lab"])
def test_a_port_that_is_taken(command, taken, tmp_path):
    begun = time.monotonic()
    code, out, err = told(command, "--no-browser", "--port", taken, "--work", tmp_path)
    assert (code, out) == (2, "")
    assert f"Poort {taken} is al in gebruik" in err and f"workshop {command} --port " in err
    assert len(err.strip().splitlines()) == 1
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("port", [-1, 70000])
def test_a_port_that_does_not_exist(port):
    with pytest.raises(Problem, match=f"Poort {port} kan niet gebruikt worden"):
        places.claim(port)


def test_the_port_is_for_this_computer_only():
    with places.claim(0) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"


@pytest.mark.parametrize("command", ["start", "lab", "check"])
def test_a_folder_where_nothing_can_be_kept(command, tmp_path):
    (tmp_path / "bestand").write_text("x", encoding="utf-8")
    code, out, err = told(command, "--work", tmp_path / "bestand" / "map")
    assert code == (1 if command == "check" else 2)
    assert "kan niets bewaard worden" in out + err and "--work MAP" in out + err
    assert (tmp_path / "bestand").read_text(encoding="utf-8") == "x"


def test_preparing_leaves_nothing_but_the_folder_for_logs(tmp_path):
    assert work.prepare(tmp_path / "nieuw" / "é") == tmp_path / "nieuw" / "é" / "log"
    assert [path.name for path in (tmp_path / "nieuw" / "é").rglob("*")] == ["log"]


def test_pages_that_are_missing(tmp_path):
    with pytest.raises(Problem, match="pagina's ontbreken"):
        places.start_page("nl", tmp_path)
    page = tmp_path / "notebooks" / "nl" / "0_start.ipynb"
    page.parent.mkdir(parents=True)
    page.touch()
    assert places.start_page("en", tmp_path) == "notebooks/nl/0_start.ipynb"


def test_check_says_what_there_is(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(places, "claim", lambda *_: socket.socket())
    assert cli.main(["check", "--work", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    for expected in (str(tmp_path), str(tmp_path / "log"), str(ROOT / "workshop"), "voila 0.5", "poort", "8867"):
        assert expected.lower() in out.lower()
    assert out.strip().endswith("Begin met: workshop start") and "!" not in out


def test_check_says_what_is_missing(tmp_path, monkeypatch, capsys, taken):
    monkeypatch.setattr(check, "needed", lambda: ["voila", "bestaat-niet"])
    monkeypatch.setattr(cli, "COMMANDS", {**cli.COMMANDS, "start": cli.Command(cli.serve, taken)})
    assert cli.main(["check", "--work", str(tmp_path)]) == 1
    faults = [line for line in capsys.readouterr().out.splitlines() if line.startswith("! ")]
    assert "bestaat-niet ontbreekt" in faults[0] and f"Poort {taken} is al in gebruik" in faults[1]


def test_what_is_needed_is_what_the_project_asks_for():
    assert {"gbo-workshop", "anywidget", "voila", "networkx"} <= set(check.needed())


def test_dutch_whatever_the_computer_speaks_and_english_on_request():
    code, out, _ = told("--help", LANG="en_US.UTF-8", LC_ALL="en_US.UTF-8")
    assert code == 0 and "bestuur van lokale netwerken" in out
    assert all(str(Message(f"cli.{name}"))[:20] in out for name in cli.COMMANDS)
    code, out, _ = told("--language", "en", "start", "--help")
    assert "folder for answers" in told("start", "--language", "en", "--help")[1]


def test_what_is_not_understood_is_said(capsys):
    for wrong in (["begin"], ["start", "--port", "veel"], ["check", "--port", "1"]):
        with pytest.raises(SystemExit) as left:
            cli.main(wrong)
        assert left.value.code == 2
        assert capsys.readouterr().err.startswith("Dat begrijp ik niet (")
    assert cli.main([]) == 2


def test_an_unexpected_fault_is_a_plain_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cli, "COMMANDS", {"start": cli.Command(lambda _: 1 // 0, 1)})
    assert cli.main(["start", "--work", str(tmp_path)]) == 1
    assert str(tmp_path / "log") in capsys.readouterr().out


def test_every_command_has_words_in_both_languages():
    words = load("texts/server.toml")["cli"]
    assert all(words[name]["nl"] and words[name]["en"] for name in cli.COMMANDS)


def test_settings_of_jupyterlab_are_kept_in_the_work_folder(tmp_path):
    path = lab.settings_folder(tmp_path) / "@jupyterlab" / "translation-extension" / "plugin.jupyterlab-settings"
    assert tmp_path in path.parents and json.loads(path.read_text())["locale"] == "nl_NL"
    path.write_text('{"locale": "fr_FR", "own": 1}')
    with in_language("en"):
        lab.settings_folder(tmp_path)
    assert json.loads(path.read_text()) == {"locale": "en", "own": 1}
    path.write_text("// kapot")
    lab.settings_folder(tmp_path)
    assert json.loads(path.read_text())["locale"] == "nl_NL"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_jupyterlab_asks_for_the_key_shows_the_folders_and_stops(running, tmp_path, how):
    if sys.platform == "win32":
        pytest.skip("Windows knows no such signals")
    with running(tmp_path, command="lab") as server:
        assert server.get("/api/contents")[0] == 403
        key = {"Authorization": f"token {server.key}"}
        status, _, text = server.get("/api/contents", headers=key)
        assert status == 200
        assert {"notebooks", "exercises", "data"} <= {entry["name"] for entry in json.loads(text)["content"]}
        assert server.get(server.address, headers=key)[0] == 200
        path = "/api/contents/notebooks/nl/0_start.ipynb/checkpoints"
        assert server.get(path, headers=key, data=b"")[0] == 201
        assert [kept.parent.name for kept in (tmp_path / "lab" / "checkpoints").rglob("*.ipynb")]
        assert not list((ROOT / "notebooks").rglob(".ipynb_checkpoints"))
        assert server.stop(how) == 0
        assert server.process.stderr.read() == ""
        assert server.key not in (tmp_path / "log" / "lab.log").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.browser
def test_jupyterlab_speaks_dutch_and_stays_at_home(running, tmp_path, page):
    with running(tmp_path, command="lab") as server:
        page.goto(server.address)
        page.get_by_role("menuitem", name="Bestand").wait_for()
        page.get_by_role("heading", name="Welkom").wait_for()
        page.wait_for_load_state("networkidle")
        page.close()
    page.errors.clear()
