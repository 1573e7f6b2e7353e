"""What can go wrong in the store: one class for each thing that a caller can react to."""

from __future__ import annotations


class StoreFault(Exception):
    """Something went wrong in the store; nothing of the transaction was kept."""


class UnknownDatabase(StoreFault):
    """The address of the database is of a kind that is not supported."""


class StoreBusy(StoreFault):
    """Another writer held the store, or the case, for too long: try again."""


class StoreFull(StoreFault):
    """There is no room left on the disk."""


class SchemaIsNewer(StoreFault):
    """The database was written by a newer program than this one."""


class WrongInstance(StoreFault):
    """A sandbox was asked to open what is no sandbox, or the other way round; nothing of it was read."""


class BrokenLinks(StoreFault):
    """A migration would leave rows that point to nothing; it was undone."""


class StaleCase(StoreFault):
    """The case went on since it was read: read it again."""

    def __init__(self, case_id: str, expected_seq: int) -> None:
        super().__init__(f"Case {case_id} is no longer at entry {expected_seq}: read it again.")
        self.case_id = case_id
        self.expected_seq = expected_seq


class OtherPayload(StoreFault):
    """A form's token came again with other answers, or from somebody else: it stands for one act only."""


class NumberTaken(StoreFault):
    """The office has given this number to another case."""


class UsernameTaken(StoreFault):
    """The username belongs to another account."""
