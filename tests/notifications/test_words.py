"""One vocabulary, and names that cannot break a sentence."""

import pytest
from django.utils import translation

from apps.jobs import words as job_words
from apps.notifications import words

FACTS = {"kind": "clone", "server_name": "web-1", "target_name": "web-2"}


def test_a_failure_is_told_in_the_words_of_the_job() -> None:
    for code in (*words.FAILURES, "new"):
        assert words.sentence("job.failed", {"error_code": code}) == job_words.error_sentence(code)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\r\nBcc: evil@example.test", "a Bcc: evil@example.test"),
        ("a\x00b\x1b[31m\x85c\u2028d", "a b [31m c d"),
        ("a\u202eb\u2066c", "abc"),
        ("half \ud800 a pair", "half a pair"),
        ("x" * 300, "x" * 79 + "…"),
        ("{target}{name}%s", "{target}{name}%s"),
        ("👩‍💻 привет", "👩‍💻 привет"),
        ("\n \x00", "a server"),
        (None, "a server"),
    ],
)
def test_a_hostile_name_stays_one_harmless_line(name: str | None, shown: str) -> None:
    assert words.subject("job.failed", {**FACTS, "server_name": name}) == f"{shown} was not cloned"


def test_a_case_that_is_a_late_success_says_so() -> None:
    assert "after all" in words.sentence("case.opened", {**FACTS, "reason": "appeared_after_all"})
    assert "cannot decide" in words.sentence("case.opened", {**FACTS, "reason": "two_candidates"})


def test_every_text_is_said_in_russian(in_russian) -> None:
    texts = [*words.SUBJECTS.values(), *words.SENTENCES.values(), *words.FAILURES.values(), words.UNKNOWN_FAILURE]
    with translation.override("en"):
        sources = [str(text) for text in texts]

    for source in sources:
        with translation.override("ru"):
            said = translation.gettext(source)
        assert said == in_russian(source) != source
        assert sorted(words.PLACE.findall(said)) == sorted(words.PLACE.findall(source))
