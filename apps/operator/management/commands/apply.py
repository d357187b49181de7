"""`manage.py apply FILE.yaml [--json]`: makes what the file says."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.operator import format as files
from apps.operator.applying import apply


class Command(BaseCommand):
    """All of the file or nothing; running it twice changes nothing."""

    help = "Make resellers, upstream accounts, customers, users, mappings and tokens as the file says."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="answer with JSON, our ids included")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            report = apply(files.read(path), path.parent)
        except files.Mistakes as mistakes:
            raise CommandError("Nothing was changed.\n" + "\n".join(mistakes.lines)) from None
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False))
            return
        for line in report.changed:
            self.stdout.write(line)
        for line in report.later:
            self.stdout.write(f"not served by this version yet: {line}")
        self.stdout.write(f"{len(report.changed)} changed, {report.unchanged} as before")
