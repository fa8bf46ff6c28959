"""Runs inside Pyodide under Node (see pack.mjs): compiles wheels, checks side modules, writes the lock.

The tools are Pyodide's own: pyodide-build compiles, auditwheel-emscripten reads side modules, pyodide-lock is
the model of the lock. Running them here rather than on the host gives byte code for the right Python and the
same result everywhere; some of them cannot even be installed on Python 3.11.

/packing/job.json lists the tools and the wheels served whole; /packing/raw holds wheels to compile in place,
/packing/ready those compiled before.
"""

import json
import sys
import tempfile
import zipfile
from email.parser import BytesHeaderParser
from pathlib import Path

WORK, INPUTS = Path("/packing"), Path("/inputs")
SIDE_MODULE = (".so", ".wasm")
job = json.loads((WORK / "job.json").read_text())
sys.path += [str(INPUTS / name) for name in job["tools"]]

from auditwheel_emscripten import show  # noqa: E402
from packaging.requirements import Requirement  # noqa: E402
from packaging.utils import canonicalize_name  # noqa: E402
from pyodide_build._py_compile import _py_compile_archive_dir  # noqa: E402
from pyodide_lock import PackageSpec, PyodideLockSpec  # noqa: E402
from pyodide_lock.utils import update_package_sha256  # noqa: E402


def audit(wheel: Path) -> None:
    """Check that every side module (``.so``) of a wheel is a WebAssembly library that needs no other library.

    The page loads each wheel alone, so no other library would be there to link it against.
    """
    with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory() as folder:
        archive.extractall(folder, [name for name in archive.namelist() if name.endswith(SIDE_MODULE)])
        for library, (needed, _) in show(folder).items():
            if needed:
                raise SystemExit(f"{wheel.name}: {library} needs {', '.join(needed)}, which is not shipped")


def package_spec(wheel: Path, shipped: set[str]) -> PackageSpec:
    """Return the lock's entry for a wheel.

    Of the dependencies in its metadata only those that we ship are listed. The rest (pandas, tornado, ...)
    serves features that the page lacks.
    """
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = next(name for name in names if name.endswith(".dist-info/METADATA"))
        headers = BytesHeaderParser().parsebytes(archive.read(metadata))
    requirements = [Requirement(text) for text in headers.get_all("Requires-Dist", [])]
    wanted = {
        canonicalize_name(r.name) for r in requirements if not r.marker or r.marker.evaluate({"extra": ""})
    }
    modules = {name.split("/")[0].removesuffix(".pyc") for name in names if name.endswith((".pyc", ".so"))}
    spec = PackageSpec(
        name=canonicalize_name(headers["Name"]),
        version=headers["Version"],
        file_name=wheel.name,
        install_dir="site",
        imports=sorted(modules),
        depends=sorted(wanted & shipped),
    )
    return update_package_sha256(spec, wheel)


_py_compile_archive_dir(WORK / "raw", keep=False, verbose=False, compression_level=9)
for archive in (WORK / "raw").iterdir():
    audit(archive)
    archive.rename(WORK / "ready" / archive.name)

wheels = sorted((WORK / "ready").glob("*.whl"))
shipped = {str(canonicalize_name(wheel.name.split("-")[0])) for wheel in wheels}
lock = PyodideLockSpec.from_json(INPUTS / "pyodide-lock.json")
# Wheels served whole are Pyodide's own, so their entries are Pyodide's own too.
whole = {name: spec for name, spec in lock.packages.items() if spec.file_name in job["whole"]}
ours = [package_spec(wheel, shipped) for wheel in wheels]
lock.packages = whole | {spec.name: spec for spec in ours}
lock.check_wheel_filenames()
lock.to_json(WORK / "pyodide-lock.json", indent=1)
