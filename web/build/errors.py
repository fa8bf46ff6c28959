"""What stops a build: always one sentence that names the thing at fault, shown without a traceback."""


class BuildError(Exception):
    """The build can't go on; the message is the whole explanation."""


class MissingInput(BuildError):
    """No source could be reached that has an input."""


class WrongHash(BuildError):
    """An input was had, but its bytes aren't the pinned ones."""
