"""Lists the files of each wheel that are left out of the page, so that a missing file is never a surprise.

Patterns are matched against paths inside the wheel (``*`` also crosses ``/``). Every pattern must match
something: a pattern that a new version has made idle stops the build, so that the list stays true. Tracing
the imports of a first render looks like an easier way to trim, but it breaks later, when a module is imported
late. The list therefore has only files that cannot be imported, and files for features that the page lacks.
"""

from __future__ import annotations

from collections.abc import Collection
from fnmatch import fnmatchcase

from web.build.errors import BuildError

# Left out of every wheel that has them: files that Python never reads at run time. The page of licences has
# all the licence texts.
EVERYWHERE = (
    "*/tests/*",
    "*.pyi",
    "*/py.typed",
    "*.dist-info/RECORD",
    "*.dist-info/licenses/*",
    "*.dist-info/top_level.txt",
)

# Left out of single wheels, by the first part of the wheel's name.
EXCLUDED: dict[str, tuple[str, ...]] = {
    "python_stdlib": (
        "__phello__/*",  # an example of a frozen package
        "_pyrepl/*",  # the interactive prompt and its tools
        "pdb.py",
        "bdb.py",
        "cmd.py",
        "code.py",
        "pydoc.py",
        "this.py",
        "antigravity.py",
        "wsgiref/*",  # servers, and clients of protocols that a browser doesn't let through
        "xmlrpc/*",
        "http/server.py",
        "imaplib.py",
        "poplib.py",
        "smtplib.py",
        "ftplib.py",
        "mailbox.py",
        "sqlite3/*",
        "trace.py",  # tools for developers
        "pickletools.py",
        "zipapp.py",
    ),
    "numpy": (
        "numpy/f2py/*",  # wraps Fortran: needs a compiler
        "numpy/_core/include/*",  # C headers and static libraries
        "numpy/_core/lib/*",
        "numpy/random/lib/*",
        "numpy/random/_examples/*",
        "numpy/_pyinstaller/*",
        "*.pxd",
        "numpy/conftest.py",
    ),
    "panel": (
        "panel/dist/*",  # JavaScript and CSS: served beside the page, not read by Python (see page.py)
        "*.ts",
        "panel/styles/*",  # sources of the CSS in dist/
        "panel/command/*",  # `panel serve` and its kin
        "panel/package-lock.json",
        "panel/tsconfig.json",
        "panel/eslint.config.js",
        "panel-*.data/*",  # Jupyter's settings
    ),
    "bokeh": (
        "bokeh/server/static/*",  # JavaScript: served beside the page
        "bokeh/_sri/[0-2].*",  # hashes of older versions; the current one's are read at import
        "bokeh/_sri/3.[0-8].*",
        "bokeh/_sri/3.9.[01].json",
        "bokeh/sphinxext/*",
        "bokeh/sampledata/*",
        "bokeh/command/*",
        "bokeh/server/views/*.ico",
    ),
    # The part for JupyterLab; labextension/package.json is read at import.
    "pyviz_comms": (
        "pyviz_comms/labextension/static/*",
        "pyviz_comms/labextension/schemas/*",
        "pyviz_comms-*.data/*",
    ),
    "markupsafe": ("markupsafe/_speedups.*",),  # C for another machine; _native.py takes its place
    "pyyaml": ("yaml/_yaml.*", "_yaml/*"),  # the same; yaml/__init__.py works without it
    "tqdm": ("tqdm/tqdm.1", "tqdm/completion.sh", "tqdm/contrib/*"),
    "markdown": ("markdown/test_tools.py",),
}

# Replacements for modules left out that are imported by name, but never used.
STAND_INS: dict[str, dict[str, str]] = {
    # SciPy does `from numpy import *`, and f2py is among NumPy's public names.
    "numpy": {"numpy/f2py/__init__.py": '"""Left out: there is no Fortran compiler in a browser."""\n'},
    # Panel (panel/io/pyodide.py) lets pyodide_http patch `requests` where it can be imported, and imports all
    # of pandas where it can't. The page makes no such requests.
    "panel": {
        "pyodide_http.py": '''"""Stands in for pyodide_http: the page never uses requests."""


def patch_all() -> None:
    """Nothing to patch."""


def should_patch() -> bool:
    """Never."""
    return False
'''
    },
}


def kept(distribution: str, names: Collection[str]) -> list[str]:
    """Return the paths in a wheel that the page gets.

    Args:
        distribution: the first part of the wheel's name. names: all paths in it.

    Raises:
        BuildError: if one of the distribution's own patterns matches nothing.
    """
    for pattern in EXCLUDED.get(distribution, ()):
        if not any(fnmatchcase(name, pattern) for name in names):
            raise BuildError(
                f"exclusions.py: {pattern!r} matches nothing in {distribution}; has its layout changed?"
            )
    patterns = EVERYWHERE + EXCLUDED.get(distribution, ())
    return [name for name in names if not any(fnmatchcase(name, pattern) for pattern in patterns)]
