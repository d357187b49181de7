"""`python -m sandbox`: the practice upstream, alone."""

import argparse
import json
import signal
import sys
import threading
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

from sandbox.clock import Clock
from sandbox.faults import KINDS, Faults, parse
from sandbox.gateway import Gateway
from sandbox.protocol import ControlServer, Server
from sandbox.state import Keeper, load
from sandbox.world import World

ABOUT = """A practice upstream over real HTTP, at /api.

accounts (the password of all is "secret"):
  user99     no second factor       servers 333-352
  user77     no second factor       servers 501-510
  smsuser    SMS key                servers 601-602   (the key: POST /_control {"op": "sms_key", "account": "smsuser"})
  tokenuser  eToken passkey 123456  servers 611-612

faults, as kind[:cmd][:account=…][:server=N][:count=N][:after=N][:seconds=N][:accepts=1][:late=N]:
"""


def main(argv: Sequence[str] | None = None) -> None:
    """Serve until SIGTERM or SIGINT; one plain line and a status above 0 if that cannot begin."""
    asked = _arguments(argv)
    threading.stack_size(256 * 1024)
    try:
        host, port = _address(asked.bind)
        server = Server(host, port, _gateway(asked))
        control = ControlServer(*_address(asked.control), server) if asked.control else None
    except OSError as exc:
        sys.exit(f"sandbox: {asked.bind} cannot be used: {exc.strerror or exc}")
    except (ValueError, TypeError, KeyError) as exc:
        sys.exit(f"sandbox: {exc}")
    keeper = Keeper(server.gateway.world, Path(asked.state)) if asked.state else None
    _serve(server, control, keeper)


def _gateway(asked: argparse.Namespace) -> Gateway:
    if asked.speed <= 0:
        raise ValueError("--speed must be more than 0")
    world = World(asked.seed, asked.speed, Clock(_moment(asked.now)))
    if asked.accounts:
        world.given_accounts = _accounts(Path(asked.accounts))
        world.reset(asked.seed)
    if asked.state:
        load(world, Path(asked.state))
    gateway = Gateway(world, Faults([parse(spec) for spec in asked.fault]))
    if asked.verbose:
        gateway.told = _tell
    return gateway


def _serve(server: Server, control: ControlServer | None, keeper: Keeper | None) -> None:
    def end(_signal: int, _frame: FrameType | None) -> None:
        threading.Thread(target=server.stop, daemon=True).start()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, end)
    print(f"sandbox listening on {_url(server.bound, 'api')}", flush=True)
    if control:
        threading.Thread(target=control.serve, daemon=True).start()
        print(f"sandbox control on {_url(control.bound, '_control')}", flush=True)
    if keeper:
        threading.Thread(target=keeper.keep, daemon=True).start()
    server.serve()
    if keeper:
        keeper.stop()


def _tell(line: dict[str, Any]) -> None:
    struck = f" [{', '.join(line['faults'])}]" if line["faults"] else ""
    print(f"{line['n']} {line['cmd'][:40]!r} {line['account'] or '-'}: {line['outcome']}{struck}", file=sys.stderr)


def _address(bind: str) -> tuple[str, int]:
    host, colon, port = bind.rpartition(":")
    if not colon or not host or not port.isdecimal() or int(port) > 65535:
        raise ValueError(f"{bind} is not HOST:PORT")
    return host.strip("[]"), int(port)


def _url(bound: tuple[str, int], path: str) -> str:
    host, port = bound
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/{path}"


def _moment(written: str | None) -> float | None:
    if written is None:
        return None
    try:
        return float(written)
    except ValueError:
        return datetime.fromisoformat(written).timestamp()


def _accounts(path: Path) -> list[dict[str, Any]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise ValueError(f"{path} cannot be read: {exc.strerror}") from None
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise ValueError(f"{path} must hold a list of accounts")
    return found


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    about = ABOUT + "\n".join(f"  {kind:<19} {words}" for kind, words in KINDS.items())
    parser = argparse.ArgumentParser(
        prog="sandbox", description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bind", default="127.0.0.1:9000", help="HOST:PORT; port 0 takes a free one")
    parser.add_argument("--speed", type=float, default=1.0, help="tasks take so many times less")
    parser.add_argument("--seed", type=int, default=0, help="what the vendor leaves open, varied; 0 is the plain set")
    parser.add_argument("--fault", action="append", default=[], metavar="SPEC", help="see above; may be repeated")
    parser.add_argument("--accounts", metavar="FILE", help="JSON: a list of {login, password, mode, first, count, …}")
    parser.add_argument("--state", metavar="FILE", help="go on from it if it is of the same seed, and keep it current")
    parser.add_argument("--now", help="where the clock begins: ISO 8601 or Unix seconds (else the real time)")
    parser.add_argument("--control", metavar="HOST:PORT", help="a second listener that has /_control only")
    parser.add_argument("--verbose", action="store_true", help="a line a call on stderr, without secrets")
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
