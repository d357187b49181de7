"""`manage.py upstream_check RESELLER`: what a real account answers, against what the catalogue says."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.operator.checking import check
from apps.resellers.errors import AccountRefused, KeyNeeded, Unreachable
from apps.resellers.models import UpstreamAccount


class Command(BaseCommand):
    """Logs in with the shared session, calibrates, and runs what only reads."""

    help = "Run the read-only commands of the catalogue with a reseller's account and print a table."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reseller", help="its slug")
        parser.add_argument("--account", help="the name of the upstream account, if there are several")

    def handle(self, *args: Any, **options: Any) -> None:
        accounts = UpstreamAccount.objects.filter(reseller__slug=options["reseller"])
        if options["account"]:
            accounts = accounts.filter(name=options["account"])
        if not accounts:
            raise CommandError(f"No upstream account of {options['reseller']} is known. `manage.py apply` makes one.")
        for account in accounts:
            self._check(account)

    def _check(self, account: UpstreamAccount) -> None:
        self.stdout.write(f"{account.reseller.slug}:{account.name} at {account.url} as {account.login}")
        try:
            rows = list(check(account))
        except AccountRefused:
            account.refresh_from_db()
            raise CommandError(f"The login was refused with {account.state_code}. Correct the password.") from None
        except KeyNeeded:
            raise CommandError("The session has ended and a person must win another with a key.") from None
        except Unreachable:
            raise CommandError("The upstream cannot be reached, or its answers cannot be read.") from None
        account.refresh_from_db()
        self.stdout.write(f"learned codes: {account.learned}")
        for row in rows:
            self.stdout.write(f"{row.command:22} {row.outcome:16} {row.detail}")
