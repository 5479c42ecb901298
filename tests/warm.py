"""`newsmill` as forked processes: what the command imports is imported once, and each call is a process of its own.

Starting Python and importing scipy, lxml and the rest takes 0.3 to 1.5 CPU seconds a call, over half of what the suite
took. A server imports everything once for a test process; a call is a fork of it with its own arguments, folder,
environment, and descriptors, and it ends as the command ends: exit code, traceback, what is registered for the exit.
What depends on the start itself (imports, `sitecustomize`, signals of a group, the limits of a shell) starts
`python -m pipeline` instead. `python -m tests.warm SOCKET` is the server, `client` writes a `newsmill` for a PATH.

The fork server of a call's extraction workers is a fork, too: of a second server, which has imported what workers use
and has their hash seed. It saves 0.9 CPU seconds a run. tests/test_workers.py and what starts `python -m pipeline`
start it as users do.
"""

from __future__ import annotations

import array
import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from pipeline.extract.values import PRELOAD

ROOT = Path(__file__).resolve().parent.parent
_NOT_IMPORTED = ("pipeline.__main__", "pipeline.backfill.spark")
_TEXT = 12 * "The council of Springfield in Ohio voted on Tuesday to repair the bridge, said Mayor Ann Low of Paris. "
WORKERS = ".workers"  # behind the path of the server of commands: the server of their fork servers
_ALSO = ("datasketch", "duckdb", "rich.progress", "rich.table", "typer.rich_utils", "asyncio", "concurrent.futures")

# A client that starts in 15 ms: no site, nothing but sockets. Arguments, folder, environment and descriptors go over,
# the exit code comes back.
_CLIENT = """#!{python} -IS
import array, json, os, socket, sys
server = socket.socket(socket.AF_UNIX)
server.connect({path!r})
call = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
server.sendmsg([len(call).to_bytes(8, "big")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0, 1, 2]))])
server.sendall(call)
answers = server.makefile("rb")
answers.readline()
code = int(answers.readline() or b"-9")
sys.exit(code if code >= 0 else 128 - code)
"""


class Warm:
    """The client's side: one server for this process, started when it is first needed."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._workers: subprocess.Popen[bytes] | None = None

    @property
    def path(self) -> str:
        """Where the server listens."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="newsmill-warm-")
        path = f"{self._folder.name}/socket"
        if self._server is None or self._server.poll() is not None:  # ended with what a test ended
            Path(path).unlink(missing_ok=True)
            Path(path + WORKERS).unlink(missing_ok=True)
            if self._workers:
                self._workers.kill()
            self._workers = self._start(path + WORKERS, PYTHONHASHSEED="0")
            self._server = self._start(path)
            for server in (self._workers, self._server):
                assert server.stdout and server.stdout.readline() == b"ready\n"
        return path

    def _start(self, path: str, **environment: str) -> subprocess.Popen[bytes]:
        plain = {k: v for k, v in os.environ.items() if not k.startswith("NEWSMILL_")}
        return subprocess.Popen(
            [sys.executable, "-m", "tests.warm", path, str(os.getpid())],
            cwd=ROOT,
            env={**plain, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )

    def start(self, args: Sequence[str], cwd: Path | None, env: Mapping[str, str], files: Sequence[int]) -> Call:
        """`newsmill ARGS` with these three descriptors, in a session of its own."""
        return _call(self.path, args, cwd or Path.cwd(), env, files)

    def run(
        self, args: Sequence[str], cwd: Path | None, env: Mapping[str, str], stdin: bytes, seconds: float
    ) -> subprocess.CompletedProcess[bytes]:
        """As subprocess.run with captured output."""
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            given.write(stdin)
            given.seek(0)
            call = self.start(args, cwd, env, (given.fileno(), out.fileno(), err.fileno()))
            code = call.wait(seconds)
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(["newsmill", *args], code, out.read(), err.read())


class Call:
    """A running command, with as much of subprocess.Popen as a fork server's parent uses."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._answers = connection.makefile("rb")
        self.pid = int(self._answers.readline())

    def wait(self, seconds: float | None = None) -> int:
        """The exit code, negative for a signal. Raises TimeoutExpired, with the process killed."""
        self._connection.settimeout(seconds)
        try:
            code = int(self._answers.readline())
        except TimeoutError:
            self.kill()
            raise subprocess.TimeoutExpired("newsmill", seconds or 0) from None
        self._answers.close()
        self._connection.close()
        return code

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


def _call(path: str, args: Sequence[str], cwd: Path, env: Mapping[str, str], files: Sequence[int]) -> Call:
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    call = json.dumps([list(args), str(cwd), dict(env)]).encode()
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", files))]
    connection.sendmsg([len(call).to_bytes(8, "big")], rights)
    connection.sendall(call)
    return Call(connection)


WARM = Warm()


def client(path: Path) -> None:
    """Write an executable `newsmill` that calls this process's server."""
    path.write_text(_CLIENT.format(python=sys.executable, path=WARM.path), encoding="utf-8")
    path.chmod(0o755)


def _import_everything(path: str) -> None:
    import pipeline

    if path.endswith(WORKERS):
        for name in (*PRELOAD, "pipeline.fetch.parser", "pipeline.sandbox.fork_server"):
            importlib.import_module(name)
        pipeline.extract_page(f"<title>A bridge</title><h1>A bridge</h1><p>{_TEXT}</p>".encode(), "https://a.example/b")
        return

    for module in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
        if module.name not in _NOT_IMPORTED:
            with contextlib.suppress(ImportError):  # of an extra that is not installed
                importlib.import_module(module.name)
    for name in _ALSO:
        importlib.import_module(name)
    pipeline.tag_text(_TEXT, "A bridge", language="en")  # reads its tables: 0.5 CPU seconds
    pipeline.compare(_TEXT, _TEXT)
    pipeline.signature(_TEXT)


def _serve(path: str, owner: int) -> list[int]:
    """Answer calls until the process that asked for the server is gone.

    Returns in the process of a call: the descriptors that came with it, of which the first three are its streams.
    """
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path)
    listening.listen(8)
    listening.settimeout(5)
    _import_everything(path)
    tasks = Path("/proc/self/task")
    threads = len(list(tasks.iterdir())) if tasks.is_dir() else 1
    assert threads == 1, "a fork of a process with threads may stand still"
    gc.collect()
    gc.freeze()  # what is imported is never garbage: calls go on sharing its memory
    print("ready", flush=True)
    while True:
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        try:
            connection, _ = listening.accept()
        except TimeoutError:
            if os.getppid() != owner:
                os._exit(0)
            continue
        if os.fork():
            connection.close()
            continue
        listening.close()
        connection.setblocking(True)
        head, files, _, _ = socket.recv_fds(connection, 8, 4)
        call = json.loads(connection.makefile("rb").read(int.from_bytes(head, "big")))
        pid = os.fork()
        if not pid:
            connection.close()
            _become(*call, files)
            return files
        for file in (0, 1, 2, *files):  # whoever reads from the other end waits for the command alone
            os.close(file)
        with contextlib.suppress(OSError):
            connection.sendall(f"{pid}\n".encode())
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            connection.sendall(f"{code}\n".encode())
        os._exit(0)


def _become(args: list[str], cwd: str, env: dict[str, str], files: list[int]) -> None:
    """Take on what a call brings."""
    os.setsid()
    for number, file in enumerate(files[:3]):
        os.dup2(file, number)
    for file in files[:3]:
        os.close(file)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    sys.argv[:] = [str(ROOT / "pipeline" / "__main__.py"), *args]
    sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stdout = sys.__stdout__ = open(1, "w", encoding="utf-8", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(  # type: ignore[misc]  # noqa: SIM115
        2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False
    )


def _end(code: object) -> None:
    """End as an interpreter does, but for taking its modules apart: that would copy every page of the server's memory."""
    if code is not None and not isinstance(code, int):
        print(code, file=sys.stderr)
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit((code or 0) & 0xFF)


def _start_fork_server(path: str, descriptor: int) -> Call:
    """In place of processes.start_fork_server: a fork of the server at `path`."""
    with open(os.devnull, "r+b") as nothing:  # noqa: PTH123
        files = [nothing.fileno()] * 3 + [descriptor]
        return _call(path, [], Path.cwd(), {**os.environ, "PYTHONHASHSEED": "0"}, files)


if __name__ == "__main__":
    from pipeline.sandbox import fork_server, processes

    path = sys.argv[1]
    with_call = _serve(path, int(sys.argv[2]))
    if path.endswith(WORKERS):
        fork_server.main(with_call[3])
        os._exit(0)
    from pipeline.cli import main

    processes.start_fork_server = partial(_start_fork_server, path + WORKERS)  # type: ignore[assignment]
    try:
        main()
    except SystemExit as end:
        _end(end.code)
    except BaseException:
        traceback.print_exc()
        _end(1)
    _end(0)
