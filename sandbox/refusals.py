"""A refusal by meaning; the seed decides the code."""


class Refused(Exception):
    def __init__(self, meaning: str) -> None:
        super().__init__(meaning)
        self.meaning = meaning
