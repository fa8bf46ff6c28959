"""Saves, opens and drops files in the built page, as a person does."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from nncore.storage import load
from tests.site.driving import command, open_lab, snapshot, wait_until
from tests.site.server import SiteServer
from tests.web.test_files import as_csv

DROP = """([name, data]) => {
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0))
  const transfer = new DataTransfer()
  transfer.items.add(new File([bytes], name))
  for (const type of ["dragover", "drop"])
    document.body.dispatchEvent(
      new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }))
}"""


def drop(page: Any, name: str, data: bytes) -> None:
    page.evaluate(DROP, [name, base64.b64encode(data).decode()])


def test_a_network_and_digits_come_and_go_as_files(page: Any, serve: SiteServer, tmp_path: Path) -> None:
    open_lab(page, serve.url)
    command(page, "set", {"layers": [784, 20, 10]})
    command(page, "epoch")
    before = snapshot(page)
    saved: dict[str, Path] = {}
    for kind in ("npz", "json"):
        page.locator(".lab-save summary").click()
        with page.expect_download() as download:
            page.locator(f"[data-save={kind}]").click()
        saved[kind] = tmp_path / download.value.suggested_filename
        download.value.save_as(saved[kind])
        assert load(saved[kind]).network.spec.layers == (784, 20, 10), "the command line reads it too"
    command(page, "preset", "rashid")
    command(page, "step")

    with page.expect_file_chooser() as chooser:
        page.locator(".lab-open").click()
    chooser.value.set_files(saved["npz"])
    seen = wait_until(page, lambda seen: seen["layers"] == [784, 20, 10], 10, "it is open")
    assert (seen["samples"], seen["test_accuracy"]) == (before["samples"], before["test_accuracy"])
    assert "is open" in page.locator(".said").inner_text()
    command(page, "undo")
    assert snapshot(page)["layers"] == [784, 200, 10]

    drop(page, "network.json", saved["json"].read_bytes()[:5000])
    alert = page.locator(".problems .lab-error")
    alert.wait_for(timeout=5000)
    assert "network.json" in alert.inner_text() and snapshot(page)["layers"] == [784, 200, 10]
    drop(page, "notes.txt", b"hello")
    page.locator(".problems .lab-error", has_text="notes.txt").wait_for(timeout=20_000)
    assert alert.count() == 1, "one message, of what was tried last"

    drop(page, "mine.csv", as_csv(120))
    page.locator(".lab-files-learn button").click(timeout=20_000)
    seen = wait_until(page, lambda seen: seen["train_size"] == 100, 10, "the digits are there")
    assert seen["test_size"] == 20
    alert.wait_for(state="detached", timeout=20_000)
    assert page.locator(".lab-dataset option:checked").inner_text() == "mine.csv"
    command(page, "epoch")
    page.locator(".lab-dataset select").select_option(label="8 × 8 digits")
    page.locator("button", has_text="Begin").first.click()
    seen = wait_until(page, lambda seen: seen["train_size"] == 1257, 10, "other digits are chosen")
    assert seen["layers"][0] == 64
