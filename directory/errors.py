"""What can be wrong with a question to the directory; the class name is the public code."""

from __future__ import annotations


class DirectoryError(Exception):
    """A fact about a question to the directory, never a fault of the machine."""


class UnknownService(DirectoryError):
    """No published service has this id (it may have been one)."""


class UnknownPlace(DirectoryError):
    """The gazetteer has no place with this id."""


class UnknownVersion(DirectoryError):
    """The history of this record has no such version."""


class UnreadableSeed(DirectoryError):
    """A seed file has a row that cannot be read: file, line and reason."""


class UnreadableFile(DirectoryError):
    """A file to import is not of a kind that can be read; the text says why, in French."""


class RowsRefused(DirectoryError):
    """An import was asked to be all or nothing, and some rows were refused: nothing was written."""


class Unsigned(DirectoryError):
    """A change must say who makes it and when: see ``history.sign``."""


class StaleVersion(DirectoryError):
    """Somebody else changed the record since it was read: nothing was written.

    ``read`` and ``found`` are versions; ``others`` names the fields changed between, with who changed them.
    """

    def __init__(self, record_id: str, read: int, found: int, others: dict[str, str]) -> None:
        super().__init__(f"{record_id}: {read} → {found}")
        self.record_id, self.read, self.found, self.others = record_id, read, found, others
