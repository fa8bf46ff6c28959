"""The errors that stop a build: always one sentence that names the fault, shown without a traceback."""


class BuildError(Exception):
    """The build cannot go on; the message is the whole explanation."""


class MissingInput(BuildError):
    """An input is missing: no source that has it could be reached."""


class WrongHash(BuildError):
    """An input was found, but its bytes differ from the pinned ones."""
