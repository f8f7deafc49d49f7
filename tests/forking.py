"""A Python that has read what servers and kernels need, and forks where another one starts anew.

Reading it takes two seconds a process, and there are some two hundred of them in a run of the tests. `popen` is
`subprocess.Popen` for commands of this Python: ``-c CODE`` and ``-m MODULE``. What such a process starts as a kernel is
forked too, by a child of its own, so that kernels still end with their server.
"""

import gc
import io
import os
import runpy
import subprocess
import sys
import tempfile
import threading
from functools import cache
from importlib import import_module
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle, send_handle

WORKS = sys.platform == "linux"
MODULES = ("ipykernel.ipkernel", "ipykernel.debugger", "IPython.terminal.debugger", "psutil")
MODULES += ("workshop.room.tables", "jupyterlab.labapp")


class Python:
    """Where forked processes come from: the other end of a line to `wait_for_orders`."""

    def __init__(self, line):
        self.line = line
        self.busy = threading.Lock()

    @classmethod
    @cache
    def of_this_run(cls):
        """The one that all tests share; it ends with this process."""
        here, there = Pipe()
        command = [sys.executable, __file__, str(there.fileno())]
        settings = {"PYTHONUTF8": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}  # the second: debugpy warns of nothing
        subprocess.Popen(command, pass_fds=[there.fileno()], env={**os.environ, **settings})
        there.close()
        return cls(here)

    def order(self, order, *streams):
        with self.busy:
            self.line.send(order)
            for stream in streams:
                send_handle(self.line, stream, None)
            return self.line.recv()

    def popen(self, command, *, stdout=None, stderr=None, env=None, cwd=None, start_new_session=False, **_):
        return Process(self, command, stdout, stderr, env or dict(os.environ), cwd, start_new_session)


class Process:
    """What `subprocess.Popen` gives."""

    def __init__(self, python, command, stdout, stderr, env, cwd, alone):
        self.python, self.args, self.returncode = python, command, None
        self.stdin = io.BytesIO()
        self.stdout, out = opened(stdout, 1)
        self.stderr, err = opened(stderr, 2)
        self.pid = python.order((command, env, cwd or os.getcwd(), alone), out, err)
        for given, stream in ((stdout, out), (stderr, err)):
            if given in (subprocess.PIPE, subprocess.DEVNULL):
                os.close(stream)

    def poll(self):
        if self.returncode is None:
            self.returncode = self.python.order(self.pid)
        return self.returncode

    def wait(self, timeout=60):
        end = threading.Event()
        for _ in range(int(timeout * 100)):
            if self.poll() is not None:
                return self.returncode
            end.wait(0.01)
        raise subprocess.TimeoutExpired(self.args, timeout)

    def send_signal(self, number):
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self):
        self.send_signal(15)

    def kill(self):
        self.send_signal(9)


def opened(given, usual):
    """What to read an output stream from, and where the process is to write it."""
    if given == subprocess.PIPE:
        here, there = os.pipe()
        return open(here, encoding="utf-8"), there
    if given == subprocess.DEVNULL:
        return None, os.open(os.devnull, os.O_WRONLY)
    if given is None:
        return None, usual
    return None, given if isinstance(given, int) else given.fileno()


def wait_for_orders(line):
    """Fork for each order, and say how those processes end; returns in the forked process only, with its order."""
    while True:
        try:
            order = line.recv()
        except EOFError:
            os._exit(0)
        if isinstance(order, int):
            ended, status = os.waitpid(order, os.WNOHANG)
            line.send(os.waitstatus_to_exitcode(status) if ended else None)
            continue
        streams = [recv_handle(line) for _ in range(2)]
        command, env, cwd, alone = order
        if os.fork() == 0:
            if alone:
                os.setsid()  # before anybody knows of it, and looks up its group
            line.send(os.getpid())
            line.close()
            return command, env, cwd, streams
        for stream in streams:
            os.close(stream)


def become(command, env, cwd, streams):
    """Be the process that was asked for."""
    for number, stream in enumerate((os.open(os.devnull, os.O_RDONLY), *streams)):
        os.dup2(stream, number)
        os.close(stream)
    if "JPY_PARENT_PID" in env:
        env["JPY_PARENT_PID"] = str(os.getppid())
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    tempfile.tempdir = None  # it may have been asked for before
    _, switch, what, *rest = command
    sys.argv = [switch, *rest]
    if what != "ipykernel_launcher":
        fork_kernels()
    if switch == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        exec(compile(what, "<string>", "exec"), {"__name__": "__main__"})


def fork_kernels():
    """Whatever this process starts as a kernel is forked by a child of its own."""
    from jupyter_client import launcher

    here, there = Pipe()
    if os.fork() == 0:
        here.close()
        become(*wait_for_orders(there))
        sys.exit()
    there.close()
    launcher.Popen = Python(here).popen


def popen(command, **settings):
    """`subprocess.Popen` for commands of this Python, forked where that works."""
    return (Python.of_this_run().popen if WORKS else subprocess.Popen)(command, **settings)


if __name__ == "__main__":
    for name in MODULES:
        import_module(name)
    exec(import_module("workshop.server.kernels").SPARE_CODE)
    import_module("ipywidgets").register_comm_target()  # as it does by itself where a kernel imports it
    gc.freeze()
    become(*wait_for_orders(Connection(int(sys.argv[1]))))
