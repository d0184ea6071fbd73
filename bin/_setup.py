"""Set-up shared by every command: Python environment, front end, static files. Only Python's own library is used.

Each part is skipped when its stamp (a hash of what it was made from) still fits, and a stamp is written last.
"""

import asyncio
import contextlib
import ctypes
import errno
import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
BUILT = ROOT / "portal" / "pages" / "design" / "static" / "built"
NODE_LOCK = ROOT / "assets" / "build" / "node.lock"
OLDEST_NODE = (20, 19)
MEGABYTE = 1024 * 1024
CLEARED = "\r\x1b[K"  # the terminal's line is empty again
T = TypeVar("T")
Command = Iterable[str | Path]
Job = Callable[[], Coroutine[Any, Any, None]]
ROOM_FOR_PACKAGES = 900
NO_NETWORK = re.compile(
    r"NewConnectionError|name resolution|Name or service not known|Connection refused|Network is unreachable|ProxyError"
    r"|[Tt]imed out|Could not fetch URL|Max retries|No route to host|SSLError|CERTIFICATE|Failed to establish"
    r"|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|Could not resolve|Failed to fetch"
)
DISK_FULL = re.compile(r"No space left on device|ENOSPC|database or disk is full|Disk quota exceeded")


STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Problem(Exception):
    """What went wrong and what to do, in one plain sentence."""


class Stopped(BaseException):
    """Somebody asked the command to stop (SIGTERM, or the terminal was closed)."""


def run_command(main: Callable[[], int]) -> None:
    """Run a command's main function and end with its code; a foreseen failure is one sentence, never a traceback."""
    os.environ.pop(
        "PYTHONDONTWRITEBYTECODE", None
    )  # else each process compiles all of its code anew: seconds each time
    for number in STOPS:
        signal.signal(number, _stopped)
    try:
        sys.exit(main())
    except Stopped:
        say("Stopped.")
        sys.exit(130)
    except Problem as problem:
        sys.exit(_complain(str(problem)))
    except OSError as error:
        sys.exit(_complain(_sentence_for(error)))


def _stopped(number: int, frame: FrameType | None) -> None:
    """Raises Stopped once: what is running then gets the time that it takes to end, whatever is pressed meanwhile."""
    for each in STOPS:
        signal.signal(each, signal.SIG_IGN)
    raise Stopped


def _complain(sentence: str) -> int:
    sys.stdout.flush()
    print(sentence, file=sys.stderr, flush=True)
    return 2


def _sentence_for(error: OSError) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "The disk is full: free some space and start again."
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"{error.filename} cannot be written: change its owner or rights, or set PORTAL_DATA to another folder."
    return f"The system refused something: {error}."


class Terminal:
    """What stands on the terminal: finished lines and, where a person watches, one line of the steps that run now."""

    def __init__(self) -> None:
        self.live = sys.stdout.isatty()
        self.running: dict[str, int] = {}  # words of a step -> how far it is, where it counts

    def say(self, words: str) -> None:
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.write(f"{CLEARED if self.live and self.running else ''}{words}\n")
            self.draw()

    def begin(self, words: str) -> None:
        self.running[words] = 0
        if self.live:
            self.draw()
        else:
            self.say(f"{words} ...")

    def count(self, words: str) -> None:
        self.running[words] += 1
        self.draw()

    def end(self, words: str) -> None:
        if self.live:
            sys.stdout.write(CLEARED)
        del self.running[words]
        self.draw()

    def draw(self) -> None:
        if self.live and self.running:
            parts = [f"{words} ...{f' {count}' if count else ''}" for words, count in self.running.items()]
            sys.stdout.write(CLEARED + "  ".join(parts)[: shutil.get_terminal_size().columns - 1])
        sys.stdout.flush()


TERMINAL = Terminal()


def say(words: str = "") -> None:
    """One line on the terminal, at once."""
    TERMINAL.say(words)


def need_room(folder: Path, megabytes: int) -> None:
    """Refuse to begin what would fill the disk."""
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free // MEGABYTE
    if free < megabytes:
        raise Problem(f"The disk of {folder} has {free} MB left and {megabytes} MB are needed: free some space.")


def step(words: str, command: Command, env: Mapping[str, str] | None = None, *, shown: bool = False) -> str:
    """Run one long step with its progress on the terminal; its output is returned, and shown only when it fails.

    `shown` passes every line on as it comes.
    """
    return in_parallel(running(words, command, env, shown=shown))


def in_parallel(job: Coroutine[Any, Any, T]) -> T:
    """Run a job that may run several steps at the same time. The first that fails ends the others and is what is said."""
    try:
        return asyncio.run(job)
    except BaseExceptionGroup as group:
        raise _first(group) from None


def _first(error: BaseException) -> BaseException:
    return _first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error


async def running(
    words: str,
    command: Command,
    env: Mapping[str, str] | None = None,
    *,
    counted: str = "",
    shown: bool = False,
) -> str:
    """One step beside others. `counted` begins the lines whose number is its progress."""
    begun, lines = time.monotonic(), list[str]()
    TERMINAL.begin(words)
    process = subprocess.Popen(
        [str(part) for part in command], cwd=ROOT, env=env, preexec_fn=end_with_parent,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        async for line in _lines_of(process):
            lines.append(line)
            if shown:
                say(f"  {line.rstrip()}")
            elif counted and line.lstrip().startswith(counted):
                TERMINAL.count(words)
        while process.poll() is None:
            await asyncio.sleep(0.02)
    except BaseException:
        _end(process)
        raise
    finally:
        TERMINAL.end(words)
    if process.returncode:
        _refuse(words, lines)
    say(f"{words}: done in {time.monotonic() - begun:.0f} s")
    return "".join(lines)


def end_with_parent() -> None:
    """Called in a new process: it is ended when the command that started it is, even by SIGKILL (Linux)."""
    if sys.platform == "linux":
        parent_death_signal = 1
        ctypes.CDLL(None).prctl(parent_death_signal, signal.SIGTERM)


async def _lines_of(process: "subprocess.Popen[bytes]") -> AsyncIterator[str]:
    """What a process says, while others are listened to."""
    reader = asyncio.StreamReader(limit=MEGABYTE)
    pipe, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), process.stdout
    )
    with contextlib.closing(pipe):
        async for line in reader:
            yield line.decode(errors="replace")


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _refuse(words: str, lines: list[str]) -> None:
    output, words = "".join(lines), words.partition(" (")[0]
    if DISK_FULL.search(output):
        raise Problem("The disk is full: free some space and start again.")
    if NO_NETWORK.search(output):
        raise Problem(f"{words} failed: the package registry cannot be reached. Check the network and start again.")
    say("".join(lines[-20:]).rstrip())
    raise Problem(f"{words} failed: the lines above say why.")


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Two commands started at once from one checkout set it up one after the other."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another command is setting up this checkout: waiting for it ...")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def set_up(lock: str = "run.lock") -> None:
    """All that a command needs before Django can start: packages by the named lock, and the built front end."""
    in_parallel(setting_up(lock))


async def setting_up(lock: str, then: Job | None = None) -> None:
    """The Python packages and the front end at the same time; `then` is what needs only the first of them."""
    with alone():
        async with asyncio.TaskGroup() as group:
            python = group.create_task(install_python_packages(lock))
            group.create_task(build_front_end(lock, python))
            if then is not None:
                group.create_task(_after(python, then))


async def _after(other: Awaitable[None], job: Job) -> None:
    await other
    await job()


def digest(*paths: Path) -> str:
    """One hash over the names and contents of files; a folder stands for all the files in it."""
    total = hashlib.sha256()
    for path in paths:
        files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
        for file in files:
            total.update(f"{file.relative_to(ROOT)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _fits(stamp: Path, text: str) -> bool:
    return stamp.is_file() and stamp.read_text().strip() == text


async def install_python_packages(lock: str) -> None:
    """The virtual environment with the packages of requirements/<lock>; the test lock holds the run lock as well."""
    stamps = {name: f"{name} {digest(ROOT / 'requirements' / name)}" for name in ("run.lock", "test.lock")}
    stamp = VENV / "portal-installed"
    enough = [stamps["test.lock"]] if lock == "test.lock" else [stamps["run.lock"], stamps["test.lock"]]
    if PYTHON.exists() and any(_fits(stamp, text) for text in enough):
        return
    need_room(ROOT, ROOM_FOR_PACKAGES)
    if not _is_sound():
        await _make_environment()
    stamp.unlink(missing_ok=True)
    requirements = ROOT / "requirements" / lock
    count = sum("==" in line for line in requirements.read_text().splitlines())
    await _pip(f"Installing {count} Python packages", requirements)
    stamp.write_text(stamps[lock])


def _is_sound() -> bool:
    try:
        return subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


async def _make_environment() -> None:
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        package = f"python3.{sys.version_info.minor}-venv"
        raise Problem(f"Python's venv module is missing: run `apt-get install {package}` and start again.")
    await running("Making a Python environment in .venv", [sys.executable, "-m", "venv", "--clear", VENV])


async def _pip(words: str, requirements: Path) -> None:
    """Without compiling what is installed: Python does so for the fifth of it that is ever imported, as it is imported."""
    options = ["--require-hashes", "--no-compile", "--disable-pip-version-check", "--no-input", "--progress-bar=off"]
    await running(words, [PYTHON, "-m", "pip", "install", *options, "-r", requirements], counted="Collecting")


async def build_front_end(lock: str, python: Awaitable[None]) -> None:
    """portal.css, portal.js and the images they name, in a folder that git ignores."""
    sources = digest(ROOT / "package-lock.json", ROOT / "assets")
    if _fits(BUILT / ".stamp", sources):
        return
    env = await _install_node_packages(lock, python)
    fresh = BUILT.with_name("built.new")
    await running("Building styles and scripts", ["node", "assets/build/build.mjs", fresh.relative_to(ROOT)], env)
    (fresh / ".stamp").write_text(sources)
    shutil.rmtree(BUILT, ignore_errors=True)
    fresh.rename(BUILT)


def install_node_packages() -> dict[str, str]:
    """node_modules with the linters of the scripts; returns the environment in which node and npm are found."""
    return in_parallel(_with_linters())


async def _with_linters() -> dict[str, str]:
    python = asyncio.create_task(install_python_packages("test.lock"))
    await python
    return await _install_node_packages("test.lock", python)


async def _install_node_packages(lock: str, python: Awaitable[None]) -> dict[str, str]:
    """node_modules as package-lock.json says; what only lints scripts is left out where only the portal is to run."""
    env = await _environment_with_node(python)
    stamp = ROOT / "node_modules" / ".portal-installed"
    wanted = digest(ROOT / "package-lock.json")
    run, everything = f"run {wanted}", f"all {wanted}"
    if _fits(stamp, everything) or (lock == "run.lock" and _fits(stamp, run)):
        return env
    options = ["--ignore-scripts", "--no-audit", "--no-fund", *(["--omit=dev"] if lock == "run.lock" else [])]
    await running("Installing the front end's packages", ["npm", "ci", *options], env)
    stamp.write_text(run if lock == "run.lock" else everything)
    return env


async def _environment_with_node(python: Awaitable[None]) -> dict[str, str]:
    """This machine's node, else one that pip installs, for which the Python environment must be there."""
    env = {**os.environ, "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    if shutil.which("npm") and _node_is_new_enough(os.environ):
        return dict(os.environ)
    await python
    if not ((VENV / "bin" / "npm").exists() and _node_is_new_enough(env)):
        await _pip("Installing Node (this machine has none, or one older than 20.19)", NODE_LOCK)
    return env


def _node_is_new_enough(env: Mapping[str, str]) -> bool:
    node = shutil.which("node", path=env.get("PATH"))
    if not node:
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", answer)
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST_NODE


def manage(words: str, *arguments: str, env: Mapping[str, str]) -> str:
    """One of Django's commands as a step."""
    return in_parallel(managing(words, *arguments, env=env))


async def managing(words: str, *arguments: str, env: Mapping[str, str], shown: bool = False) -> str:
    """One of Django's commands as a step beside others."""
    return await running(words, [PYTHON, "manage.py", *arguments], env, shown=shown)


def collect_static_files(data: Path, env: Mapping[str, str]) -> None:
    """Hashed, compressed copies of every static file in the data folder, from which the web server hands them out."""
    folders = sorted(ROOT.glob("portal/**/static"))
    sources = digest(ROOT / "requirements" / "run.lock", *folders)
    stamp = data / "static" / ".stamp"
    if not _fits(stamp, sources):
        manage("Collecting static files", "collectstatic", "--noinput", "--clear", "--verbosity=0", env=env)
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(sources)


def data_folder() -> Path:
    """PORTAL_DATA, or var/ in the checkout."""
    return Path(os.environ.get("PORTAL_DATA") or ROOT / "var").expanduser().absolute()


def port() -> int:
    """PORT, or 8000."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Problem(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def web_server(bind: str) -> list[str]:
    """The web server's command line. Of what a client says about its own connection nothing is believed; a proxy's word
    counts where PORTAL_TRUSTED_PROXIES says that there is one."""
    options = ["--worker-class=portal.config.web_server.Worker", "--workers=2", "--threads=24", "--keep-alive=2"]
    options += ["--worker-connections=400", "--timeout=120", "--graceful-timeout=8"]
    options += ["--logger-class=portal.config.web_server.Logger"]
    behind = (os.environ.get("PORTAL_TRUSTED_PROXIES") or "0") != "0"
    proxies = os.environ.get("PORTAL_PROXY_ADDRESSES", "127.0.0.1,::1") if behind else ""
    options += ["--forwarder-headers=", f"--forwarded-allow-ips={proxies}"]
    options += ["--preload", "--config=python:portal.config.web_server"]  # the code is loaded once, for all processes
    quiet = ["--no-control-socket", "--log-level=warning", f"--chdir={ROOT}"]
    return [str(PYTHON), "-m", "gunicorn", "portal.config.wsgi", f"--bind={bind}", *options, *quiet]


def worker() -> list[str]:
    """The background worker's command line."""
    return [str(PYTHON), "-m", "portal.config.worker"]
