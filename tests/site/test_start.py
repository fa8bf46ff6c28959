"""Checks both ways to start Python, and the change from one to the other: each must end with a page on which
a person can draw, train and choose. A needed file that the build leaves out (``web/build/exclusions.py``) is
noticed here."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.site.driving import READY, draw, open_lab, open_tab, opened_lab, wait_until
from tests.site.listeners import Listeners
from tests.site.server import SiteServer
from web.build.errors import BuildError
from web.build.fetch import cache_folder
from web.build.zstd import CARRIER, decoder_in
from web.image.loader_patch import EDITS, PATCHED, LoaderChanged, patched
from web.views.tabs import TABS


def start_of(page: Any) -> str:
    return page.evaluate("document.documentElement.dataset.labStart")


def use(page: Any) -> None:
    """Draw, train, choose and open a tab, as a person does."""
    draw(page, [(250, 60), (250, 440)])
    wait_until(page, lambda seen: seen["prediction"] is not None, 60, "the drawing read")
    page.locator(".lab-play").click()
    wait_until(page, lambda seen: seen["samples"] > 2000 and seen["test_accuracy"], 120, "training")
    page.locator(".lab-pause").click()
    wait_until(page, lambda seen: not seen["running"], 60, "a pause")
    neurons = page.get_by_label("Neurons in hidden layer 1")
    before = int(neurons.get_attribute("aria-valuenow") or neurons.input_value())
    neurons.focus()
    neurons.press("ArrowDown")
    wait_until(page, lambda seen: seen["layers"][1] == before - 1, 60, "one hidden neuron fewer")


@pytest.mark.parametrize("way", ["lean", "image"])
def test_each_way_to_start_ends_with_a_page_that_works(page: Any, serve: SiteServer, way: str) -> None:
    open_lab(page, f"{serve.url}?start={way}")
    assert start_of(page) == way
    use(page)


@pytest.mark.parametrize("query", ["", "?start=image"])
def test_a_site_without_an_image_starts_lean(browser: Any, site_without_image: Path, query: str) -> None:
    """Also for an address that asks for an image. The page that was drawn when the site was built is taken
    over as it is, because Python draws the same from its packages."""
    with SiteServer(site_without_image).running() as server:
        context = browser.new_context()
        listeners = Listeners(context, server)
        page = context.new_page()
        page.route("**/start/*", lambda _: None)
        page.goto(server.url + query, wait_until="commit")
        button = page.locator(".lab-play button").element_handle()
        page.unroute("**/start/*")
        page.wait_for_selector("html[data-lab=ready]", state="attached", timeout=READY)
        assert start_of(page) == "lean"
        assert button.evaluate("button => button.isConnected"), "nothing is drawn a second time"
        use(page)
        assert listeners.problems == []
        context.close()


@pytest.mark.parametrize("way", ["lean", "image"])
def test_training_and_tabs_at_once_need_no_late_module(page: Any, serve: SiteServer, way: str) -> None:
    """A module that is imported before the page was quiet makes Python wait until its file has come."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    open_lab(page, f"{serve.url}?start={way}")
    page.locator(".lab-play").click()
    wait_until(page, lambda seen: seen["samples"] > 2000 and seen["test_accuracy"], 60, "training")
    for name in TABS:
        open_tab(page, name)
    assert [text for text in said if "before the page was quiet" in text] == []


def test_both_ways_begin_with_the_same_network(browser: Any, serve: SiteServer) -> None:
    """An image contains no first weights: they are made again from the seed. Each start has its own profile,
    because otherwise the second would continue the work that the first has kept."""
    losses = []
    for way in ("lean", "image"):
        with opened_lab(browser, serve, f"?start={way}") as page:
            page.evaluate("window.inkling.command('step')")
            seen = wait_until(page, lambda seen: seen["loss"] is not None, 60, "a step")
            losses.append((seen["samples"], seen["loss"]))
    assert losses[0] == losses[1]


@pytest.mark.parametrize("saves", [False, True])
def test_who_saves_data_gets_pyodides_code_in_fewer_bytes(page: Any, serve: SiteServer, saves: bool) -> None:
    if saves:
        page.add_init_script("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")
    open_lab(page, serve.url)
    assert start_of(page) == ("lean" if saves else "image")
    code = [name for name in serve.requests if name.startswith(("start/code-", "pyodide/pyodide.asm.wasm"))]
    assert len(code) == 1 and code[0].startswith("start/code-") == saves
    use(page)


def test_two_pages_from_one_image_are_not_the_same(page: Any, serve: SiteServer) -> None:
    """Both pages begin with the same memory, but each has its own choices and its own work."""
    open_lab(page, f"{serve.url}?start=image&learning_rate=0.5")
    other = page.context.new_page()
    open_lab(other, f"{serve.url}?start=image")
    rate = [p.evaluate("window.inkling.command('share')")["query"] for p in (page, other)]
    assert "learning_rate=0.5" in rate[0] and "learning_rate" not in rate[1]
    page.evaluate("window.inkling.command('step')")
    wait_until(page, lambda seen: seen["samples"] > 0, 20, "a step here")
    assert other.evaluate("window.inkling.snapshot()")["samples"] == 0


def test_an_image_that_does_not_fit_is_passed_over_in_silence(
    browser: Any, site: Path, tmp_path: Path
) -> None:
    """One byte of the compressed memory differs: the page must start without the image and report no
    error."""
    broken = shutil.copytree(site, tmp_path / "site")
    [image] = (broken / "start").glob("image-*.zst")
    content = bytearray(image.read_bytes())
    content[len(content) // 2] ^= 0xFF
    image.write_bytes(content)
    with SiteServer(broken).running() as server:
        context = browser.new_context()
        listeners = Listeners(context, server)
        page = context.new_page()
        open_lab(page, f"{server.url}?start=image")
        assert start_of(page) == "lean"
        assert page.locator(".lab-error").count() == 0
        assert listeners.problems == []
        context.close()


@pytest.mark.parametrize("start", ["lean", "image"])
def test_what_no_start_imports_comes_when_the_page_is_quiet(page: Any, serve: SiteServer, start: str) -> None:
    def asked(name: str = "rest") -> int:
        return sum(request.startswith(f"start/{name}") for request in serve.requests)

    open_lab(page, f"{serve.url}?start={start}")
    assert asked() == 0
    for _ in range(100):
        page.wait_for_timeout(200)
        if asked():
            break
    use(page)
    assert asked() == 1 and asked("packages") == (start == "lean")


def test_the_image_is_kept_for_the_next_visit(page: Any, serve: SiteServer, site: Path) -> None:
    """The first start has no kept image, so the page fetches it after the start; the next visit reads it from
    the browser's file system."""
    [image] = [f"start/{path.name}" for path in (site / "start").glob("image-*.zst")]
    open_lab(page, f"{serve.url}?start=keep")
    assert start_of(page) == "lean"
    page.wait_for_function("localStorage.getItem('inkling-image') !== null")
    assert serve.requests.count(image) == 1
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    open_lab(page, serve.url)
    assert start_of(page) == "image", said
    assert serve.requests.count(image) == 1


# Overwrites a few bytes of every file that the page keeps in the browser's private file system.
DAMAGE = """async () => {
  const folder = await navigator.storage.getDirectory()
  let damaged = 0
  for await (const handle of folder.values()) {
    const at = Math.floor((await handle.getFile()).size / 2)
    const stream = await handle.createWritable({ keepExistingData: true })
    await stream.write({ type: "write", position: at, data: new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]) })
    await stream.close()
    damaged++
  }
  return damaged
}"""


def test_an_image_damaged_where_it_was_kept_is_fetched_again(
    page: Any, serve: SiteServer, site: Path
) -> None:
    [image] = [f"start/{path.name}" for path in (site / "start").glob("image-*.zst")]
    for visit in (1, 2):
        open_lab(page, f"{serve.url}?start=image")
        page.wait_for_function("localStorage.getItem('inkling-image') !== null")
        assert page.evaluate(DAMAGE) == 1
        assert serve.requests.count(image) == visit
        assert start_of(page) == "image"


def test_the_loader_is_patched_where_it_was_known_and_nowhere_else(site: Path) -> None:
    pinned = (cache_folder() / "inputs" / PATCHED).read_text()
    assert (site / "pyodide" / PATCHED).read_text() == patched(pinned)
    old = EDITS[3][0]
    with pytest.raises(LoaderChanged, match=r"has 0 of .*expects 1 .*the patch must follow"):
        patched(pinned.replace(old, ""))
    with pytest.raises(LoaderChanged, match="has 2 of "):
        patched(pinned + old)


def test_the_decoder_is_what_its_package_carries(site: Path) -> None:
    [served] = (site / "start").glob("zstd-*.wasm")
    assert served.read_bytes() == decoder_in((cache_folder() / "inputs" / CARRIER).read_text())
    with pytest.raises(BuildError, match="contains 0 WebAssembly modules, not 1"):
        decoder_in("export const wasm = null")


def test_a_missing_image_is_no_fault(page: Any, serve: SiteServer, site: Path, listeners: Listeners) -> None:
    [image] = [f"start/{path.name}" for path in (site / "start").glob("image-*.zst")]
    serve.fail(image, 404)
    page.goto(f"{serve.url}?start=image")
    page.wait_for_selector("html[data-lab=ready]", state="attached", timeout=READY)
    assert start_of(page) == "lean"
