"""The files that start the kit by a double click: what they say, fetch and run; all take the same steps."""

import configparser
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from workshop.cli import COMMANDS
from workshop.texts import Message

ROOT = Path(__file__).resolve().parent.parent
SH, MACOS, LINUX = "start-workshop.sh", "Start workshop.command", "Start workshop.desktop"
WINDOWS = "Start workshop.cmd"
LETTER = "Voor de ICT-dienst.txt"
ASKS = "Mag dat? Typ j en druk op Enter: "
unix = pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")


def text(name):
    return (ROOT / name).read_bytes().decode()


@pytest.fixture
def kit(tmp_path):
    """The start files in a folder with a space, a quote and an accent, and a PATH of their own."""
    folder = tmp_path / "Zoë's kit (1)"
    folder.mkdir()
    for name in (SH, MACOS, LINUX, WINDOWS, LETTER, "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    (tmp_path / "bin").mkdir()
    for name in ("sh", "dirname", "mkdir", "cp", "rm"):
        if found := shutil.which(name):
            (tmp_path / "bin" / name).symlink_to(found)
    return folder


def program(folder, name, script):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


def stand_in(kit, name="uv", install="exit 0", run="exit 0"):
    """A uv that notes what it is asked."""
    script = f'echo "$*" >> "{kit}/asked"; case "$1" in sync) {install};; run) {run};; esac'
    program(kit.parent / "bin", name, script)


def started(kit, *arguments, said="", file=SH):
    done = subprocess.run(
        [shutil.which("sh"), str(kit / file), *arguments],
        input=said,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        env={"PATH": str(kit.parent / "bin"), "HOME": str(kit.parent)},
        cwd=kit.parent,
    )
    asked = kit / "asked"
    return done.returncode, done.stdout, asked.read_text(encoding="utf-8").splitlines() if asked.is_file() else []


@unix
@pytest.mark.parametrize("file", [SH, MACOS])
def test_what_is_there_is_used_without_a_question(kit, file):
    stand_in(kit)
    code, out, asked = started(kit, file=file)
    assert (code, ASKS in out) == (0, False)
    assert asked == ["--version", "--version", "sync --no-dev --inexact", "run --no-dev --no-sync workshop start"]


@unix
def test_other_words_are_passed_on_and_students_get_theirs(kit):
    stand_in(kit)
    _, _, asked = started(kit, "lab", "--work", "een map")
    assert asked[-2:] == [
        "sync --no-dev --inexact --group students",
        "run --no-dev --no-sync workshop lab --work een map",
    ]


@unix
def test_jupyterlab_starts_without_pandas_where_there_is_no_network(kit):
    stand_in(kit, install='case "$*" in *students*) exit 2;; esac')
    code, out, asked = started(kit, "lab")
    assert code == 0 and "enkel de oefeningen met pandas hebben eerst een keer internet nodig" in out
    assert asked[-2:] == ["sync --no-dev --inexact", "run --no-dev --no-sync workshop lab"]
    assert "pandas" not in started(kit)[1]
    stand_in(kit, install="exit 2")
    code, out, _ = started(kit, "lab")
    assert code == 1 and "Installeren lukte niet." in out and "pandas" not in out


@unix
@pytest.mark.parametrize("said", ["", "n\n", "ja graag\n"])
def test_nothing_is_fetched_unless_someone_says_so(kit, said):
    program(kit.parent / "bin", "curl", f'touch "{kit}/fetched"')
    code, out, asked = started(kit, said=said)
    assert (code, asked) == (1, []) and ASKS in out and "Er is niets opgehaald." in out
    assert LETTER in out and not (kit / "fetched").exists() and not (kit / ".uv").exists()


@unix
def test_without_a_network_it_says_so(kit):
    program(kit.parent / "bin", "curl", "exit 6")
    code, out, asked = started(kit, said="j\n")
    assert (code, asked) == (1, []) and "uv ophalen lukte niet. Heb je internet?" in out and LETTER in out


@unix
def test_what_is_fetched_installs_uv_in_the_folder_of_the_kit(kit):
    stand_in(kit, "it")
    fetched = f'while [ "$1" != -o ]; do shift; done; cp "{kit}/installer" "$2"; echo "$3" > "{kit}/address"'
    program(kit.parent / "bin", "curl", fetched)
    program(kit, "installer", "exit 1")
    code, out, asked = started(kit, said="j\n")
    assert (code, asked) == (1, []) and "uv ophalen lukte niet" in out

    program(kit, "installer", f'cp "{kit.parent}/bin/it" "$UV_UNMANAGED_INSTALL/uv"')
    code, _, asked = started(kit, said="J\n")
    assert (code, asked[-1]) == (0, "run --no-dev --no-sync workshop start")
    assert (kit / "address").read_text(encoding="utf-8").strip() == re.search(r"^installer=(\S+)", text(SH), re.M)[1]
    assert [path.name for path in (kit / ".uv").iterdir()] == ["uv"]
    code, out, _ = started(kit)
    assert (code, ASKS in out) == (0, False)  # the second time it is there


@unix
def test_what_goes_wrong_is_said_with_whom_to_ask(kit):
    stand_in(kit, install="exit 2")
    code, out, asked = started(kit)
    assert code == 1 and "Installeren lukte niet." in out and LETTER in out and asked[-1].startswith("sync")
    stand_in(kit, run="exit 7")
    code, out, _ = started(kit)
    assert code == 7 and "Hierboven staat waarom." in out and LETTER in out
    assert "typ sh start-workshop.sh in plaats van workshop" in out


@unix
def test_stopping_with_ctrl_c_while_it_starts_is_no_fault(kit):
    stand_in(kit, run="exit 130")
    code, out, _ = started(kit)
    assert code == 0 and "Hierboven staat waarom." not in out and LETTER not in out


@unix
def test_the_kit_hears_how_it_was_started(kit):
    stand_in(kit, run='echo "$WORKSHOP_COMMAND"')
    assert "sh start-workshop.sh" in started(kit)[1].splitlines()


def double_click_on_linux(kit, path):
    """Do what the entry of a desktop says, and press Enter."""
    entry = configparser.RawConfigParser(interpolation=None)
    entry.optionxform = str
    entry.read(path, encoding="utf-8")
    entry = entry["Desktop Entry"]
    assert (entry["Type"], entry["Terminal"]) == ("Application", "true")
    command = entry["Exec"].replace("\\\\", "\\").replace("%k", shlex.quote(str(path)))
    done = subprocess.run(
        [shutil.which("sh"), "-c", command],  # an entry is quoted as a shell does
        input="\n",
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PATH": str(kit.parent / "bin")},
        cwd=kit.parent,
        timeout=60,
    )
    return done.returncode, done.stdout


@unix
@pytest.mark.parametrize("file", [SH, MACOS, LINUX])
def test_a_file_that_stands_alone_says_to_unpack_the_zip(kit, file):
    stand_in(kit)
    alone = kit.parent / "alone"
    alone.mkdir()
    shutil.copy(kit / file, alone)
    if file == LINUX:
        code, out = double_click_on_linux(kit, alone / file)
        assert "Druk op Enter" in out  # its window would close at once
    else:
        code, out, _ = started(alone, file=file)
    assert code == 1 and "zip-bestand" in out and not (kit / "asked").exists()


@unix
def test_a_file_of_linux_desktops_starts_the_script_beside_it(kit):
    stand_in(kit)
    code, _ = double_click_on_linux(kit, kit / LINUX)
    asked = (kit / "asked").read_text(encoding="utf-8")
    assert code == 0 and asked.endswith("workshop start\n")


@unix
def test_the_kit_starts_in_a_folder_with_a_space_and_stops_with_ctrl_c(kit, tmp_path):
    stand_in(kit, run=f'shift 4; exec "{sys.executable}" -m workshop "$@"')
    command = ["sh", str(kit / SH), "start", "--no-browser", "--port", "0", "--work", str(tmp_path / "work")]
    environment = {**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True
    )
    try:
        said = iter(process.stdout.readline, "")
        assert any(line.startswith("http://127.0.0.1:") for line in said)
        assert any(line.strip() == str(Message("server.stop")) for line in said)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        rest = process.communicate(timeout=30)[0]
        assert process.returncode == 0 and str(Message("server.stopped")) in rest and LETTER not in rest
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def test_each_file_is_as_its_system_wants_it():
    windows = (ROOT / WINDOWS).read_bytes()
    assert windows.count(b"\r\n") == windows.count(b"\n") and windows.isascii()
    for name in (SH, MACOS, LINUX):
        assert b"\r" not in (ROOT / name).read_bytes()
        assert sys.platform == "win32" or os.access(ROOT / name, os.X_OK)
    assert "*.cmd -text" in text(".gitattributes")


def test_windows_and_the_others_say_and_do_the_same():
    shell = text(SH)
    windows = text(WINDOWS).replace("%WORKSHOP_COMMAND%", "$WORKSHOP_COMMAND")
    said = {line.removeprefix("echo ").strip() for line in windows.splitlines() if line.startswith("echo ")}
    only_windows = {line for line in said if line not in shell}
    assert only_windows == {line for line in said if line.startswith("De naam van deze map is te lang")}
    assert ASKS in windows and ASKS in shell and len(said) > 9
    alone = {line for line in said if "zip-bestand" in line or "staat alleen" in line}
    assert all(line in text(MACOS) and line in text(LINUX) for line in alone)
    for step in ("sync --no-dev --inexact", "--group students", "run --no-dev --no-sync workshop", "UV_SYSTEM_CERTS"):
        assert step in windows and step in shell
    assert 'set "WORKSHOP_COMMAND="Start workshop""' in windows
    assert all(f'if "%CODE%"=="{code}" set "CODE=0"' in windows for code in (130, -1073741510))
    versions = re.findall(r"https://astral\.sh/uv/(\d+\.\d+\.\d+)/install\.(?:sh|ps1)", shell + windows)
    assert len(versions) == 2 and len(set(versions)) == 1 and versions[0] in text(LETTER)


def test_the_letter_says_where_the_kit_listens_and_removes_its_folder_last():
    letter = text(LETTER)
    ports = {name: COMMANDS[name].port for name in ("start", "lab", "room")}
    for said in (ports["start"], ports["lab"], f"{ports['room']} en {ports['room'] + 1}"):
        assert str(said) in letter
    order = [letter.index(said) for said in ("uv python uninstall", "uv cache clean", "wis de map van de kit")]
    assert order == sorted(order)  # uv itself may be in that folder
    check = re.search(r"^Nakijken.*", letter, re.M)[0]
    assert '"Start workshop" check' in check  # `uv` is on no path where the kit fetched it


def test_every_word_of_the_windows_file_leads_somewhere():
    lines = text(WINDOWS).splitlines()
    labels = {line[1:] for line in lines if line.startswith(":")}
    wanted = set(re.findall(r"goto (\w+)", text(WINDOWS)))
    assert labels == wanted
    set_here = set(re.findall(r'set (?:/p )?"(\w+)=', text(WINDOWS)))
    used = set(re.findall(r"%([A-Z]\w*?)(?::~\d+)?%", text(WINDOWS)))
    assert used - set_here == {"CD", "ERRORLEVEL", "SystemRoot"}
    places = [n for n, line in enumerate(lines) if "pyproject.toml" in line or "curl" in line or ASKS in line]
    assert places == sorted(places) and "pyproject.toml" in lines[places[0]] and ASKS in lines[places[1]]
    assert lines[-2:] == ["popd", "exit /b %CODE%"] and lines[-3] == "pause"
