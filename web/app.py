"""Builds the page: puts the views into the roots of ``index.html``.

In the browser ``web.browser`` calls ``open_page``. ``build.py`` runs this file once, to draw the page that is
shown until Python has started. ``panel serve web/app.py --static-dirs look=web/look
components=web/components`` runs the same lab on a server, with the digits of a built site.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import panel as pn
from jinja2 import Template as JinjaTemplate

from web.components.pad.pad import HTML
from web.delivery.shipped_models import ShippedModels
from web.delivery.site_files import ShardSource, folder_fetch
from web.lab import Lab
from web.program.source_address import source_address
from web.sweeps.pool import Pool
from web.views.about import AboutView
from web.views.dataset_choice import DatasetChoice
from web.views.draw import DrawView
from web.views.imagine import ImagineView
from web.views.network import NetworkView, preset_select
from web.views.opened_files import OpenedFilesView
from web.views.question import QuestionView
from web.views.tabs import TabsView
from web.views.train import TrainView

TITLE = "Inkling: a neural network to train, draw for and run backwards"
TEMPLATE = Path(__file__).with_name("index.html")


def open_page(post: Callable[..., None], pool: Pool | None = None) -> Lab:
    """Make a lab, add its views to the present document, and return the lab.

    Args:
        post: as for ``Lab``.
        pool: as for ``Lab``.
    """
    lab = Lab(post, pool)
    page = pn.Template(TEMPLATE.read_text(encoding="utf-8"))
    page.add_variable("version", version("inkling"))
    page.add_variable("source", source_address())
    page.add_variable("pad", JinjaTemplate(HTML.read_text(encoding="utf-8")).render())
    page.add_panel("preset", preset_select(lab))
    page.add_panel("digits", DatasetChoice(lab))
    page.add_panel("network", NetworkView(lab))
    page.add_panel("question", QuestionView(lab))
    page.add_panel("files", OpenedFilesView(lab))
    page.add_panel("train", TrainView(lab))
    page.add_panel("pad", DrawView(lab))
    page.add_panel("imagine", ImagineView(lab))
    page.add_panel("tabs", TabsView(lab))
    page.add_panel("about", AboutView(lab))
    page.servable(title=TITLE)
    return lab


def _serve() -> None:
    """Run as an application, for ``panel serve`` and for the build.

    Under ``panel serve`` there are digits if INKLING_DATA names the ``data`` folder of a built site. The
    build draws the page in its first state only.
    """
    lab = open_page(lambda **message: None)
    if folder := os.environ.get("INKLING_DATA"):
        source = ShardSource(folder_fetch(folder))
        models = ShippedModels(folder_fetch(Path(folder).with_name("models")))

        async def begin() -> None:
            await lab.begin(source, models)
            lab.follow()

        pn.state.onload(begin)


if __name__.startswith("bokeh_app"):
    _serve()
