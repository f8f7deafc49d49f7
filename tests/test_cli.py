"""The command line: plain sentences, the right exit codes, and nothing in the home folder."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import forking
import pytest
from viewing import heading, said, until

from workshop import cli, diagnosis, work
from workshop.answers import open_store
from workshop.server import keeper, lab, places
from workshop.texts import Message, Problem, in_language, load

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def own_environment(monkeypatch):
    """`main` sets the environment and the language for what comes after it; not for other tests."""
    monkeypatch.setattr(os, "environ", os.environ.copy())
    with in_language(None):
        yield


def told(*arguments, **environment):
    command = forking.popen(
        [sys.executable, "-m", "workshop", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", **environment},
    )
    watchdog = threading.Timer(60, command.kill)
    watchdog.start()
    out, err = command.stdout.read(), command.stderr.read()
    watchdog.cancel()
    assert "Traceback" not in out + err
    return command.wait(60), out, err


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def taken_said(port, command, text):
    """The sentence that a port is taken, with the other port that `text` offers."""
    return said("server.port_taken", port=port, command=command, other=re.findall("[0-9]+", text)[-1])


@pytest.mark.parametrize("command", ["start", "lab"])
def test_a_port_that_is_taken(command, taken, tmp_path):
    code, out, err = told(command, "--no-browser", "--port", taken, "--work", tmp_path)
    assert (code, out) == (2, "")
    assert taken_said(taken, command, err) in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize("port", [-1, 70000])
def test_a_port_that_does_not_exist(port):
    with pytest.raises(Problem) as refused:
        places.claim(port)
    assert refused.value.message.key == "server.port_refused"


def test_the_port_is_for_this_computer_only():
    with places.claim(0) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"


@pytest.mark.parametrize("command", ["start", "lab", "check"])
def test_a_folder_where_nothing_can_be_kept(command, tmp_path):
    (tmp_path / "bestand").write_text("x", encoding="utf-8")
    code, out, err = told(command, "--work", tmp_path / "bestand" / "map")
    assert code == (1 if command == "check" else 2)
    offered = "start" if command == "check" else command
    told_of = said("server.cannot_write", folder=tmp_path / "bestand" / "map", reason="\0", command=offered)
    assert all(part in out + err for part in told_of.split("\0")) and "--work" in out + err
    assert (tmp_path / "bestand").read_text(encoding="utf-8") == "x"


def test_a_second_start_on_one_folder_is_refused_and_a_killed_one_leaves_nothing_behind(running, tmp_path):
    with running(tmp_path) as server:
        code, out, err = told("start", "--no-browser", "--port", 0, "--work", tmp_path)
        assert (code, out) == (2, "")
        assert err.strip() == str(Message("server.folder_taken", folder=tmp_path, command="start"))
        server.process.kill()
        server.process.wait()
    with running(tmp_path) as server:
        assert server.stop() == 0


def test_other_commands_work_while_a_server_runs(running, tmp_path):
    with running(tmp_path), running(tmp_path, command="lab"):
        code, out, _ = told("check", "--work", tmp_path)
        assert str(Message("check.running")) in out
        code, out, err = told("slides", "--work", tmp_path)
        assert (code, err) == (0, "")
        code, out, err = told("report", "--work", tmp_path)
        assert code in (0, 1) and err == ""


def test_one_server_at_a_time_looks_after_the_answers(tmp_path, monkeypatch):
    done = []
    for where, name in (
        (keeper.upkeep, "checkpoint"),
        (keeper.upkeep, "roll_copy"),
        (keeper, "look_after_at_start"),
    ):
        monkeypatch.setattr(where, name, lambda work, name=name: done.append(name) or [])
    first, second = keeper.Keeper(tmp_path), keeper.Keeper(tmp_path)
    for one in (first, second):
        one.look_after_at_start()
    assert done == ["look_after_at_start"]
    for _ in range(keeper.COPY_ROUNDS):
        asyncio.run(first.round())
        asyncio.run(second.round())
    assert done.count("checkpoint") == keeper.COPY_ROUNDS and done.count("roll_copy") == 1
    first.lock.release()
    asyncio.run(second.round())
    assert done.count("checkpoint") == keeper.COPY_ROUNDS + 1


def test_what_goes_wrong_in_a_round_stops_no_server(tmp_path, monkeypatch):
    failing = iter([OSError("vol"), True])

    def checkpoint(_):
        result = next(failing)
        if isinstance(result, Exception):
            raise result

    monkeypatch.setattr(keeper.upkeep, "checkpoint", checkpoint)
    one = keeper.Keeper(tmp_path)
    asyncio.run(one.round())
    asyncio.run(one.round())
    assert list(failing) == []


@pytest.mark.parametrize("command", ["start", "lab"])
def test_a_server_keeps_the_file_of_answers_short(running, tmp_path, command):
    with running(tmp_path, command=command, limits={"keeper.ROUND_SECONDS": 0.2, "keeper.COPY_ROUNDS": 1}):
        store = open_store(tmp_path, room="workshop", group="table-1")
        store.put("a", "x" * 100_000)
        log = tmp_path / "answers.sqlite3-wal"
        assert log.stat().st_size > 0
        assert until(lambda: log.stat().st_size == 0 and (tmp_path / "copies" / "copy-1.sqlite3").is_file())
        store.close()


def test_a_damaged_file_is_said_and_a_newer_one_left_alone(running, tmp_path):
    open_store(tmp_path / "broken", room="workshop", group="table-1").close()
    (tmp_path / "broken" / "answers.sqlite3").write_bytes(b"geen SQLite" * 1000)
    with running(tmp_path / "broken") as server:
        assert server.lines[0].startswith(str(Message("answers.mended", folder="", n=0))[:40])
    store = open_store(tmp_path / "newer", room="workshop", group="table-1")
    store.execute("PRAGMA user_version = 99")
    store.close()
    before = (tmp_path / "newer" / "answers.sqlite3").read_bytes()
    code, out, err = told("start", "--no-browser", "--port", 0, "--work", tmp_path / "newer")
    assert (code, out) == (2, "") and "--work" in err
    assert (tmp_path / "newer" / "answers.sqlite3").read_bytes() == before


@pytest.mark.parametrize("command", ["start", "lab", "check"])
def test_a_folder_on_the_network(command, tmp_path, monkeypatch, capsys):
    for module in (work, diagnosis):
        monkeypatch.setattr(module, "is_network_folder", lambda _: True)
    sentence = str(Message("answers.network-folder", folder=str(tmp_path)))
    ports = [] if command == "check" else ["--port", "0"]
    assert cli.main([command, *ports, "--work", str(tmp_path)]) != 0
    printed = capsys.readouterr()
    assert sentence in printed.out + printed.err


@pytest.mark.parametrize("name", ["answers.sqlite3", "start.lock", "log/server.log"])
def test_a_file_that_cannot_be_written_is_said_before_a_browser_opens(name, tmp_path, monkeypatch):
    (tmp_path / "log").mkdir()
    (tmp_path / name).touch()
    monkeypatch.setattr(work.os, "access", lambda path, _: path.name != Path(name).name)  # root may write anything
    with pytest.raises(Problem) as refused:
        work.prepare(tmp_path)
    assert refused.value.message.key == "server.cannot_write" and Path(name).name in str(refused.value)


def test_jupyterlab_needs_no_folders_of_the_laptop(running, tmp_path, monkeypatch):
    (tmp_path / "closed").write_text("x", encoding="utf-8")
    for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "closed" / "x"))
    with running(tmp_path / "work", command="lab") as server:
        assert server.stop() == 0
        assert server.process.stderr.read() == ""


def test_which_sqlite_may_very_seldom_lose_an_answer():
    for version in ("3.7.0", "3.40.1", "3.44.7", "3.50.6", "3.51.2"):
        assert diagnosis.may_lose(tuple(map(int, version.split("."))))
    for version in ("3.6.23", "3.44.6", "3.50.7", "3.51.3", "3.53.0"):
        assert not diagnosis.may_lose(tuple(map(int, version.split("."))))


def test_check_says_that_no_kernel_can_start(tmp_path, monkeypatch, capsys):
    async def start_one(_work):
        raise RuntimeError("geen antwoord")

    monkeypatch.setattr(diagnosis, "start_one", start_one)
    assert cli.main(["check", "--work", str(tmp_path)]) == 1
    start = str(Message("check.no_kernel", reason="")).partition("(")[0]
    assert any(line.startswith(f"! {start}") for line in capsys.readouterr().out.splitlines())


def test_preparing_leaves_nothing_but_the_folder_for_logs(tmp_path):
    assert work.prepare(tmp_path / "nieuw" / "é") == tmp_path / "nieuw" / "é" / "log"
    assert [path.name for path in (tmp_path / "nieuw" / "é").rglob("*")] == ["log"]


def test_pages_that_are_missing(tmp_path):
    with pytest.raises(Problem) as refused:
        places.start_page("nl", tmp_path)
    assert refused.value.message == Message("server.no_pages", path=tmp_path / "notebooks")
    page = tmp_path / "notebooks" / "nl" / "0_start.ipynb"
    page.parent.mkdir(parents=True)
    page.touch()
    assert places.start_page("en", tmp_path) == "notebooks/nl/0_start.ipynb"


def test_check_says_what_there_is(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(places, "claim", lambda *_: socket.socket())
    assert cli.main(["check", "--work", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    for expected in (str(tmp_path), str(tmp_path / "log"), str(ROOT / "workshop"), "voila 0.5", "8867"):
        assert expected.lower() in out.lower()
    assert out.strip().endswith(said("check.good", command="workshop")) and "!" not in out


def test_check_tries_what_a_start_and_a_room_need(tmp_path, monkeypatch, capsys):
    tried = []
    monkeypatch.setattr(diagnosis, "kernel", lambda _: [])
    monkeypatch.setattr(places, "claim", lambda *which: tried.append(which) or socket.socket())
    open_store(tmp_path, room="workshop", group="table-1").close()
    assert cli.main(["check", "--work", str(tmp_path)]) == 0
    assert tried[-2:] == [(8870, "room", places.HOST), (8871, "room", places.HOST)]
    store = open_store(tmp_path, room="workshop", group="table-1")
    store.execute("PRAGMA user_version = 99")
    store.close()
    capsys.readouterr()
    assert cli.main(["check", "--work", str(tmp_path)]) == 1
    newer = Message("answers.newer", file="answers.sqlite3", folder=str(tmp_path))
    assert f"! {newer}" in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("file", [b"geen SQLite" * 1000, b""])
def test_check_goes_on_where_the_file_of_answers_is_damaged(file, tmp_path, monkeypatch):
    monkeypatch.setattr(diagnosis, "kernel", lambda _: [])
    monkeypatch.setattr(places, "claim", lambda *_: socket.socket())
    (tmp_path / "answers.sqlite3").write_bytes(file)
    assert cli.main(["check", "--work", str(tmp_path)]) == 0  # a start mends it


def test_check_says_how_to_start_as_the_kit_was_started(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(diagnosis, "kernel", lambda _: [])
    monkeypatch.setattr(places, "claim", lambda *_: socket.socket())
    monkeypatch.setenv("WORKSHOP_COMMAND", '"Start workshop"')
    assert cli.main(["check", "--work", str(tmp_path)]) == 0
    assert capsys.readouterr().out.strip().endswith(said("check.good", command='"Start workshop"'))


def test_check_says_what_is_missing(tmp_path, monkeypatch, capsys, taken):
    monkeypatch.setattr(diagnosis, "needed", lambda: ["voila", "bestaat-niet"])
    monkeypatch.setattr(cli, "COMMANDS", {**cli.COMMANDS, "start": cli.Command(cli.serve, taken)})
    assert cli.main(["check", "--work", str(tmp_path)]) == 1
    faults = [line for line in capsys.readouterr().out.splitlines() if line.startswith("! ")]
    assert (
        said("check.missing", name="bestaat-niet") in faults[0] and taken_said(taken, "start", faults[1]) in faults[1]
    )


def test_what_is_needed_is_what_the_project_asks_for():
    assert {"gbo-workshop", "anywidget", "voila", "networkx"} <= set(diagnosis.needed())


def test_dutch_whatever_the_computer_speaks_and_english_on_request():
    code, out, _ = told("--help", LANG="en_US.UTF-8", LC_ALL="en_US.UTF-8")
    assert code == 0 and said("cli.about") in out
    assert all(str(Message(f"cli.{name}"))[:20] in out for name in cli.COMMANDS)
    code, out, _ = told("--language", "en", "start", "--help")
    words = told("start", "--language", "en", "--help")[1]
    assert "--work FOLDER" in words and "folder for answers" in words


@pytest.mark.parametrize("given", [["--language", "en"], ["--language=en"], ["--lang", "en"]])
def test_the_language_is_set_however_it_is_written(given, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cli, "COMMANDS", {"start": cli.Command(lambda _: cli.say("server.stopped") or 0, 1)})
    assert cli.main(["start", *given, "--work", str(tmp_path)]) == 0
    assert "software has stopped" in capsys.readouterr().out and os.environ["WORKSHOP_LANGUAGE"] == "en"


def test_what_is_not_understood_is_said_without_a_word_of_english(capsys):
    for wrong, key, command in (
        (["begin"], "cli.wrong", None),
        (["strat"], "cli.near", "start"),
        (["--poort", "1", "rapport"], "cli.near", "report"),
        (["start", "--port", "veel"], "cli.wrong_setting", "start"),
        (["check", "--port", "1"], "cli.wrong_setting", "check"),
        (["start", "nog", "iets"], "cli.wrong_setting", "start"),
    ):
        assert cli.main(wrong) == 2
        words = {"given": " ".join(wrong), "command": command, "commands": ", ".join(cli.COMMANDS)}
        assert capsys.readouterr() == ("", f"{Message(key, **words)}\n")
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


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has TCP ports only")
def test_jupyterlab_reaches_its_kernels_by_sockets_and_leaves_nothing(running, tmp_path, monkeypatch):
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    npm = tmp_path / "npm"  # which keeps something there, where a computer has it
    npm.write_text(f"#!/bin/sh\ntouch {tmp_path / 'tmp' / 'asked'}\n", encoding="utf-8")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with running(tmp_path / "work", command="lab") as server:
        key = {"Authorization": f"token {server.key}"}
        assert server.get("/api/kernels", headers=key, data=b'{"name": "python3"}')[0] == 201
        assert until(lambda: list((tmp_path / "tmp").glob("gbo-run-*/*-5")))
        server.stop()
        assert not list((tmp_path / "tmp").iterdir())


@pytest.mark.browser
def test_jupyterlab_speaks_dutch_and_stays_at_home(running, tmp_path, page):
    with running(tmp_path, command="lab") as server:
        page.goto(server.address)
        page.get_by_role("menuitem", name="Bestand").wait_for()
        page.get_by_role("heading", name=heading("0_start")).wait_for()
        above = "getComputedStyle(document.querySelector('.jp-Notebook'), '::before')"
        assert page.evaluate(f"{above}.content").strip('"') == str(Message("server.keys"))
        assert page.evaluate(f"{above}.display") == "block"
        page.get_by_role("heading", name=heading("0_start")).click()
        for keys in ("Escape", "Control+a", "Control+Enter"):  # as the line says
            page.keyboard.press(keys)
        page.get_by_role("button", name="1", exact=True).first.wait_for()
        page.wait_for_load_state("networkidle")
        page.close()
    page.errors.clear()
