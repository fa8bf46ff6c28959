"""Gets the pinned inputs: from the cache, else from the first source whose bytes have the right hash.

The cache is a folder of the project (``.cache/``, or the one in ``INKLING_CACHE``). Its files are hashed on
every build too: a file damaged or changed there is fetched again, never used.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from web.build.errors import MissingInput, WrongHash
from web.build.pins import Pin
from web.build.progress import size
from web.build.sources import Answer, by_address, by_npm, by_pip

ROOT = Path(__file__).parents[2]
Source = Callable[[Iterable[Pin]], Iterator[Answer]]
SOURCES: tuple[Source, ...] = (by_address, by_npm, by_pip)


def cache_folder() -> Path:
    """Return the folder of the build's cache: fetched inputs, and results that take long to make."""
    return Path(os.environ.get("INKLING_CACHE") or ROOT / ".cache").resolve()


class Inputs:
    """The cache of inputs, and the sources that fill it.

    Args:
        cache: the folder of the build's cache.
        offline: never ask a source.
        say: called with lines on the progress.
        sources: asked in this order.
    """

    def __init__(
        self, cache: Path, offline: bool, say: Callable[[str], None], sources: Sequence[Source] = SOURCES
    ):
        self.folder = cache / "inputs"
        self.offline = offline
        self.say = say
        self.sources = () if offline else sources

    def get(self, pins: Iterable[Pin]) -> dict[str, Path]:
        """Return the paths of all these inputs by file name, each checked against its pin.

        Raises:
            WrongHash: if an input was found, but never with the pinned bytes.
            MissingInput: if no source that has it could be reached.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        answers: dict[str, list[str]] = {}
        wrong: set[str] = set()
        missing = {pin.file: pin for pin in pins}
        paths = {name: self.folder / name for name in missing}

        def judge(answer: Answer) -> None:
            """Accept an input with the right hash, or note why the source has none."""
            name = answer.pin.file
            if name not in missing:
                return
            if answer.data is None:
                answers.setdefault(name, []).append(f"{answer.source} {answer.reason}".strip())
            elif (actual := hashlib.sha256(answer.data).hexdigest()) != answer.pin.sha256:
                wrong.add(name)
                answers.setdefault(name, []).append(f"{answer.source} has {actual}")
            else:
                if answer.source != "the cache":
                    self.say(f"{name} ({size(len(answer.data))}) from {answer.source}")
                    _write(paths[name], answer.data)
                del missing[name]

        for pin in list(missing.values()):
            path = paths[pin.file]
            judge(Answer(pin, "the cache", path.read_bytes() if path.is_file() else None, "hasn't got it"))
        for source in self.sources:
            if not missing:
                break
            self.say(f"fetching {len(missing)} inputs {source.__name__.replace('_', ' ')}")
            for answer in source(list(missing.values())):
                judge(answer)
        if not missing:
            return paths
        if blamed := sorted(wrong & set(missing)):
            pin = missing[blamed[0]]
            raise WrongHash(
                f"{pin.file} fails its hash: pins.toml says SHA-256 {pin.sha256}, "
                f"but {'; '.join(answers[pin.file])}"
            )
        if self.offline:
            lacks = ", ".join(sorted(missing))
            raise MissingInput(f"--offline was given, and the cache {self.folder} lacks {lacks}")
        name = next(iter(missing))
        others = f" (nor could {len(missing) - 1} other inputs)" if len(missing) > 1 else ""
        raise MissingInput(f"{name} could not be fetched{others}: {'; '.join(answers[name])}")


def _write(path: Path, data: bytes) -> None:
    """Write to a file beside ``path``, then rename it, so that an interrupted build leaves no half file."""
    partial = path.with_name(path.name + ".part")
    partial.write_bytes(data)
    partial.replace(path)
