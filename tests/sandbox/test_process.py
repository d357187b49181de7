import ast
import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest_sandbox import ROOT, SandboxProcess

from .conftest import Wire


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sandbox", *arguments], check=False, cwd=ROOT, capture_output=True, text=True, timeout=20
    )


@pytest.fixture
def begin():
    begun = []

    def start(*arguments: str, seed: int = 0) -> SandboxProcess:
        begun.append(SandboxProcess.start(seed, 1.0, *arguments))
        return begun[-1]

    yield start
    for process in begun:
        if process.process.poll() is None:
            process.stop()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_when_told_to(begin, sign):
    process = begin()
    process.process.send_signal(sign)

    assert process.process.wait(5) == 0
    assert process.process.stdout.read() == ""
    process.process.stdout.close()


def test_it_ends_cleanly_while_somebody_hangs_and_nobody_gets_in(begin):
    process = begin("--fault", "hang:get_account")
    wire = Wire(process.url)
    wire.login()

    def hang():
        with suppress(http.client.HTTPException, OSError):
            wire.ask("get_account")

    caller = threading.Thread(target=hang)
    caller.start()
    while not process.calls("get_account"):
        pass
    process.fault("refuse_connections", seconds=0)

    assert process.stop() == 0
    caller.join(5)


def test_a_taken_port_is_said_in_one_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        done = run("--bind", bind)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [f"sandbox: {bind} cannot be used: Address already in use"]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--bind", "9000"], "HOST:PORT"),
        (["--bind", "127.0.0.1:http"], "HOST:PORT"),
        (["--fault", "explode"], "explode"),
        (["--fault", "slow:second=3"], "second"),
        (["--fault", "slow:count=x"], "count"),
        (["--speed", "0"], "--speed"),
        (["--now", "yesterday"], "yesterday"),
        (["--accounts", "/nonexistent.json"], "/nonexistent.json"),
    ],
)
def test_a_mistake_in_the_arguments_is_said_in_one_line(arguments, word):
    done = run("--bind", "127.0.0.1:0", *arguments)

    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert word in done.stderr


def test_help_names_the_accounts_and_every_fault():
    text = run("--help").stdout

    assert all(
        word in text for word in ("user99", "user77", "smsuser", "tokenuser", "123456", "cut_after", "no_journal")
    )


def test_faults_can_be_given_at_the_start(begin):
    process = begin("--fault", "fail_task:clone_server:count=1", "--fault", "throttle:cmd=get_presets:after=1")
    wire = Wire(process.url)
    wire.login()
    wire.data("clone_server", id=333)
    process.advance(200)

    assert wire.rows("get_logs")[0]["status"] == 2
    assert [wire.ask("get_presets")["success"] for _ in range(2)] == [True, False]


def test_more_accounts_come_from_a_file_and_outlive_a_reset(begin, tmp_path):
    file = tmp_path / "accounts.json"
    more = [{"login": "big", "password": "p", "first": 5000, "count": 300}]
    more.append({"login": "odd", "password": "q", "servers": [{"id": 7, "server_name": "seven", "cpu": 32}]})
    file.write_text(json.dumps(more))
    process = begin("--accounts", str(file))
    process.reset(4)
    process.control("add_account", login="late", password="r", mode="etoken", first=9000, count=1)
    wire = Wire(process.url)

    wire.login("big", "p")
    assert len(wire.states()) == 300
    wire.login("odd", "q")
    assert wire.rows("get_servers")[0]["server_name"] == "seven"
    assert "sess" in wire.login("late", "r", passkey="123456")


def test_a_kept_state_goes_on_after_a_restart(begin, tmp_path):
    state = tmp_path / "state.json"
    process = begin("--state", str(state), seed=5)
    wire = Wire(process.url)
    wire.login()
    copy = int(wire.data("clone_server", id=334, server_name="kept"))
    process.advance(30)
    assert process.stop() == 0
    assert state.stat().st_mode & 0o777 == 0o600

    second = begin("--state", str(state), seed=5)
    again = Wire(second.url)
    again.sess = wire.sess
    assert (again.states()[334], again.states()[copy]) == (3, 3)
    second.advance(40)
    assert (again.states()[334], again.states()[copy]) == (1, 0)
    assert int(again.data("clone_server", id=334)) > copy
    again.login()
    assert again.sess != wire.sess


def test_a_kept_state_of_another_seed_is_left_aside_and_a_broken_one_is_named(begin, tmp_path):
    state = tmp_path / "state.json"
    state.write_text(json.dumps({"seed": 6}))
    assert "sess" in Wire(begin("--state", str(state), seed=5).url).login()
    state.write_text("{")
    done = run("--bind", "127.0.0.1:0", "--state", str(state))
    assert (done.returncode, len(done.stderr.splitlines()), str(state) in done.stderr) == (1, 1, True)


def test_it_is_quiet_and_tells_no_secret_even_when_asked_to_tell(tmp_path):
    for verbose in ([], ["--verbose"]):
        errors = (tmp_path / "errors").open("w+")
        process = subprocess.Popen(
            [sys.executable, "-m", "sandbox", "--bind", "127.0.0.1:0", *verbose],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        wire = Wire(process.stdout.readline().split()[-1])
        wire.login(password="hunter2")
        wire.login()
        wire.ask("reinstall_server", id=334, template=12, password="hunter3")
        wire.raw("GET", "/nowhere?password=hunter4")
        process.terminate()
        assert (process.wait(5), process.stdout.read()) == (0, "")
        process.stdout.close()
        errors.seek(0)
        said = errors.read()
        errors.close()
        assert ("reinstall_server" in said) is bool(verbose)
        assert not any(word in said for word in ("hunter", "secret", wire.sess))
        assert bool(said) is bool(verbose)


def test_two_hundred_clients_at_once_are_served_in_little_memory(begin):
    process = begin()
    wire = Wire(process.url)
    wire.login()
    answers = []
    crowd = [threading.Thread(target=lambda: answers.append(wire.ask("get_servers")["success"])) for _ in range(200)]
    for caller in crowd:
        caller.start()
    for caller in crowd:
        caller.join(20)

    assert answers == [True] * 200
    assert (process.calls("get_servers"), process.calls("login")) == (200, 1)
    status = Path(f"/proc/{process.process.pid}/status")
    if status.exists():
        [peak] = [int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        assert peak < 30 * 1024


def test_it_imports_the_standard_library_and_itself_only_in_modules_of_a_page_or_two():
    for module in (ROOT / "sandbox").glob("*.py"):
        text = module.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 250, module.name
        for node in ast.walk(ast.parse(text)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.split(".")[0] in {*sys.stdlib_module_names, "sandbox"}, f"{module.name} imports {name}"
