"""What can be wrong with a question to the directory; the class name is the public code."""


class DirectoryError(Exception):
    """A fact about a question to the directory, never a fault of the machine."""


class UnknownService(DirectoryError):
    """No published service has this id (it may have been one)."""


class UnknownPlace(DirectoryError):
    """The gazetteer has no place with this id."""


class UnreadableSeed(DirectoryError):
    """A seed file has a row that cannot be read: file, line and reason."""
