"""Opens a person's files in the built page, one of every family, and follows the dialog to its end."""

from __future__ import annotations

import base64
import gzip
import io
import pickle
import zipfile
from typing import Any

import numpy as np
import pytest
from PIL import Image

from nncore.datasets import Dataset
from nncore.datasets.idx import write_idx
from nncore.datasets.strokes import draw_dataset
from nncore.styles import make_drawings
from tests.site.driving import command, opened_lab, snapshot, wait_until
from tests.site.server import SiteServer

DROP = """(files) => {
  const transfer = new DataTransfer()
  for (const [name, data] of files)
    transfer.items.add(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], name))
  for (const type of ["dragover", "drop"])
    document.body.dispatchEvent(
      new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }))
}"""


def digits() -> Dataset:
    """Return 60 generated digits, six of each class."""
    return draw_dataset(make_drawings(60, 1))


def as_picture(image: np.ndarray, kind: str, paper: bool = False) -> bytes:
    """Return a digit as a picture file; with ``paper`` as a photo, large and dark on light."""
    made = Image.fromarray(image)
    if paper:
        made = Image.fromarray(235 - (image * 0.8).astype(np.uint8)).resize(
            (140, 140), Image.Resampling.BICUBIC
        )
        sheet = Image.new("L", (400, 300), 235)
        sheet.paste(made, (150, 70))
        made = sheet
    file = io.BytesIO()
    made.save(file, kind)
    return file.getvalue()


def zipped(made: Dataset) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number, (image, label) in enumerate(zip(made.images, made.labels, strict=True)):
            archive.writestr(f"mine/{label}/{number}.png", as_picture(image, "PNG"))
    return file.getvalue()


def saved(**arrays: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def families() -> dict[str, dict[str, bytes]]:
    """Return the files of every family, by its name."""
    made = digits()
    rows = np.concatenate([made.labels[:, None], made.pixels], axis=1).tolist()
    part = (made.pixels / np.float32(255), made.labels.astype(np.int64))
    return {
        "pictures": {"mine.zip": zipped(made)},
        "csv": {"mine.csv": "\r\n".join(";".join(map(str, row)) for row in rows).encode()},
        "npz": {"mine.npz": saved(x_train=made.images / np.float32(255), y_train=made.labels)},
        "idx": {
            "train-images-idx3-ubyte.gz": gzip.compress(write_idx(made.images)),
            "train-labels-idx1-ubyte.gz": gzip.compress(write_idx(made.labels)),
        },
        "pickle": {"mnist.pkl.gz": gzip.compress(pickle.dumps((part, part, part), 2))},
    }


def drop(page: Any, files: dict[str, bytes]) -> None:
    page.evaluate(DROP, [[name, base64.b64encode(data).decode()] for name, data in files.items()])


@pytest.fixture(scope="module")
def own_lab(browser: Any, site: Any) -> Any:
    """Open one lab for this module; the page may fetch Pillow from the site, and nothing from elsewhere."""
    with SiteServer(site).running() as server, opened_lab(browser, server) as page:
        yield page, server


@pytest.mark.parametrize("family", ["csv", "npz", "idx", "pickle", "pictures"])
def test_digits_of_every_family_are_shown_and_then_learned_from(own_lab: Any, family: str) -> None:
    page, server = own_lab
    files = families()[family]
    before = snapshot(page)
    drop(page, files)
    dialog = page.locator(".lab-files")
    dialog.locator(".lab-files-learn button").wait_for(timeout=60_000)
    assert " digits in " in dialog.locator(".files-head").inner_text()
    assert dialog.locator(".lab-gallery button").count() == 30
    seen = snapshot(page)
    assert (seen["dataset"], seen["layers"]) == (before["dataset"], before["layers"]), "not yet"
    page.locator(".lab-files-cancel button").click()
    dialog.wait_for(state="hidden", timeout=10_000)
    assert snapshot(page)["dataset"] == before["dataset"]
    drop(page, files)
    page.locator(".lab-files-learn button").click(timeout=60_000)
    seen = wait_until(page, lambda seen: seen["dataset"] != before["dataset"], 20, "it learns from them")
    assert seen["train_size"] + seen["test_size"] >= 60
    assert command(page, "epoch") is None and snapshot(page)["samples"] > 0
    fetched = [name for name in server.requests if "pyodide/pillow" in name]
    assert len(fetched) <= 1 and (fetched or family != "pictures"), "Pillow comes with the first picture"
    command(page, "set", {"dataset": "mnist"})


def test_turn_and_invert_act_on_what_is_shown(own_lab: Any) -> None:
    page, _ = own_lab
    drop(page, families()["csv"])
    picture = page.locator(".lab-files .lab-gallery canvas").first
    picture.wait_for(timeout=60_000)
    look = "(canvas) => canvas.toDataURL()"
    plain = picture.evaluate(look)
    for name in ("turn", "invert"):
        page.locator(f".lab-files-{name} button").click()
        page.wait_for_function("([canvas, plain]) => canvas.toDataURL() !== plain",
                               arg=[picture.element_handle(), plain], timeout=10_000)  # fmt: skip
        page.locator(f".lab-files-{name} button").click()
        page.wait_for_function("([canvas, plain]) => canvas.toDataURL() === plain",
                               arg=[picture.element_handle(), plain], timeout=10_000)  # fmt: skip
    page.keyboard.press("Escape")
    page.locator(".lab-files").wait_for(state="hidden")


def test_a_photo_goes_to_the_pad_and_becomes_one_of_my_digits(own_lab: Any) -> None:
    page, _ = own_lab
    made = digits()
    [seven] = made.images[made.labels == 7][:1]
    mine = len(command(page, "my_digits"))
    drop(page, {"photo.jpg": as_picture(seven, "JPEG", paper=True)})
    page.locator(".lab-picture-was button").first.wait_for(timeout=60_000)
    seen = wait_until(page, lambda seen: seen["prediction"] is not None, 10, "it is on the pad, and read")
    assert max(seen["pixels"]) > 0.5, "light ink"
    page.locator(".lab-picture-was button", has_text="7").click()
    page.wait_for_timeout(500)
    assert [one["label"] for one in command(page, "my_digits")][mine:] == [7]
    page.locator(".lab-files-cancel button").click()
    page.locator(".lab-files").wait_for(state="hidden")


def test_a_script_opens_files_in_one_step(own_lab: Any) -> None:
    page, _ = own_lab
    [(name, data)] = families()["csv"].items()
    made = page.evaluate(
        """async ([name, data]) => {
             const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0))
             const url = URL.createObjectURL(new Blob([bytes]))
             return window.inkling.command("open", { files: [{ name, url }], confirm: true })
           }""",
        [name, base64.b64encode(data).decode()],
    )
    assert (made["opened"], made["name"], made["train"] + made["test"]) == ("digits", name, 60)
    assert made["per_class"] == [6] * 10 and made["size"] == [28, 28]
    assert page.locator(".lab-files:visible").count() == 0


def test_a_phone_can_choose_its_camera(own_lab: Any) -> None:
    page, _ = own_lab
    assert page.locator("input.lab-file").get_attribute("accept").startswith("image/*,")
