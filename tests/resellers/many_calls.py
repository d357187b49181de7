"""A process of its own that makes many reads at once: ACCOUNT THREADS; begins when its input closes."""

import os
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"


def main(account_id: int, threads: int) -> None:
    import django

    django.setup()
    from django.db import connections

    from apps.resellers.gateway import Gateway
    from apps.resellers.models import UpstreamAccount

    account = UpstreamAccount(pk=account_id)

    def call(number: int) -> str:
        try:
            Gateway(account).read("get_logs", count=1 + number % 12)
        except Exception as exc:  # noqa: BLE001 - counted, and the test says which
            return f"{type(exc).__name__}: {exc}"
        finally:
            connections.close_all()
        return "answered"

    print("ready", flush=True)
    sys.stdin.read()
    with ThreadPoolExecutor(threads) as pool:
        print(dict(Counter(pool.map(call, range(threads)))))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
