"""Checks the page in windows from a phone to a projector: nothing is cut off, the main cards are visible
without scrolling, and the presentation size makes everything larger."""

# ruff: noqa: E501 - JavaScript in strings, a statement a line

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.site.conftest import FLAGS, installed_browser
from tests.site.driving import command, draw, open_tab, opened_lab, settle, snapshot, wait_until
from tests.site.seeing import CUT_CHOICES, CUT_OFF
from tests.site.server import SiteServer
from web.views.tabs import TABS

SIZES = [(390, 844), (1024, 768), (1280, 800), (1920, 1080)]
SEVEN = [[[120, 130], [380, 110], [240, 430]]]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start a Chromium that shows its scrollbars, which Playwright hides by default."""
    from playwright.sync_api import sync_playwright

    program = installed_browser()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program, headless=True, args=FLAGS, ignore_default_args=["--hide-scrollbars"]
        )
        yield chromium
        chromium.close()


@contextmanager
def lab_of(browser: Any, site: Path, size: tuple[int, int], query: str = "", **options: Any) -> Iterator[Any]:
    with SiteServer(site).running() as server:
        usual = {
            "viewport": {"width": size[0], "height": size[1]},
            "bypass_csp": True,
            "service_workers": "block",
        }
        with opened_lab(browser, server, query, **usual | options) as page:
            yield page


@pytest.fixture(scope="module")
def trained(browser: Any, site: Path) -> Iterator[Any]:
    """Open one lab that has learned for an epoch and read a drawing, for tests that only resize it."""
    with lab_of(browser, site, (1280, 800)) as page:
        command(page, "draw", SEVEN)
        command(page, "epoch")
        yield page


def resized(page: Any, size: tuple[int, int]) -> Any:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    settle(page)
    return page


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_nothing_is_reached_by_a_scroll_that_nobody_sees(
    browser: Any, site: Path, size: tuple[int, int]
) -> None:
    with lab_of(browser, site, size) as page:
        command(page, "draw", SEVEN)
        command(page, "step")
        page.get_by_role("button", name="More", expanded=False).click()
        page.get_by_label("Optimiser").wait_for()
        for hidden in range(1, 7):
            command(page, "set", {"layers": [784, *[20] * hidden, 10]})
            page.wait_for_function(
                f"""() => document.querySelector(".card-network") && inkling.snapshot().then(
                      ({{ layers }}) => layers.length === {hidden + 2})"""
            )
            page.get_by_label(f"Neurons in hidden layer {hidden}").wait_for()
            settle(page)
            assert page.evaluate(CUT_OFF) == [], f"{hidden} hidden layers"
            inside = page.evaluate(
                """() => {
                     const card = document.querySelector(".card-network")
                     const room = card.getBoundingClientRect()
                     const last = card.lastElementChild.getBoundingClientRect()
                     return [room.bottom - last.bottom, card.scrollHeight - card.clientHeight]
                   }"""
            )
            assert inside[0] >= 0 and inside[1] <= 1, "the card is as high as what is in it"
        assert page.evaluate(CUT_CHOICES) == []


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_nothing_is_cut_off_in_any_tab(browser: Any, site: Path, size: tuple[int, int]) -> None:
    with lab_of(browser, site, size) as page:
        command(page, "draw", SEVEN)
        command(page, "was", 7)
        command(page, "epoch")
        command(page, "reset")
        command(page, "step")
        for name in TABS:
            open_tab(page, name)
            assert page.evaluate(CUT_OFF) == [], name
            assert page.evaluate(CUT_CHOICES) == [], name


def test_a_cut_text_and_an_unseen_scroll_are_found(browser: Any, site: Path) -> None:
    """The functions that look for cut text must find it when it is there."""
    with lab_of(browser, site, (1280, 800)) as page:
        assert page.evaluate(CUT_OFF) == []
        page.evaluate(
            "document.querySelector('.card-network').style.cssText ="
            "'height: 200px; min-height: 0; overflow: hidden; align-self: start'"
        )
        assert "card-network" in page.evaluate(CUT_OFF)[0]
        page.evaluate("document.querySelector('.card-network').style.cssText = ''")
        select = page.get_by_label("Reads with")
        select.evaluate("select => { select.style.width = '60px' }")
        assert len(page.evaluate(CUT_CHOICES)) == 1


@pytest.mark.parametrize("size", [(1024, 768), (1280, 800), (1920, 1080)], ids=str)
def test_learning_drawing_and_imagining_are_above_the_fold(trained: Any, size: tuple[int, int]) -> None:
    page = resized(trained, size)
    page.evaluate("scrollTo(0, 0)")
    for card in ("train", "pad", "imagine"):
        box = page.locator(f".card-{card}").bounding_box()
        assert box["y"] + box["height"] <= size[1], card


def drawn_as_large(page: Any) -> float:
    """Return the size of a text on the page, as a multiple of its size at size 1."""
    return page.evaluate("document.querySelector('#head-pad').currentCSSZoom")


def test_a_large_window_is_filled_with_larger_type_and_pictures(browser: Any, site: Path) -> None:
    with lab_of(browser, site, (1920, 1080)) as page:
        assert drawn_as_large(page) > 1.3
        left, right = page.evaluate(
            "[...document.querySelectorAll('.card-network, .card-pad')]"
            ".map((card) => card.getBoundingClientRect()).map(({ left, right }) => [left, right])"
        )
        width = page.evaluate("document.documentElement.clientWidth")  # without the scrollbar
        assert left[0] < 40 and right[1] > width - 40
        assert page.locator(".lab-pad canvas").bounding_box()["width"] > 250
        plot = page.locator(".card-train .bk-Figure").first.bounding_box()
        card = page.locator(".card-train").bounding_box()
        assert 0.9 * card["width"] < plot["width"] < card["width"] and plot["height"] > 165
        draw(page, [(100, 100), (400, 100), (200, 450)])
        wait_until(page, lambda seen: seen["prediction"] is not None, 20, "a reading")
        [stroke] = page.evaluate("document.querySelector('.pad').pad.strokes")
        for (x, y), (at_x, at_y) in zip([(100, 100), (200, 450)], [stroke[0], stroke[-1]], strict=True):
            assert abs(x - at_x) < 4 and abs(y - at_y) < 4, "the ink is where the pointer was"


def test_the_presentation_size_is_larger_and_is_kept(browser: Any, site: Path) -> None:
    with lab_of(browser, site, (1280, 800)) as page:
        usual = drawn_as_large(page)
        button = page.get_by_role("button", name="Presentation size", pressed=False)
        button.click()
        page.get_by_role("button", name="Presentation size", pressed=True).wait_for()
        assert drawn_as_large(page) >= 1.2 * usual
        settle(page)
        assert page.evaluate(CUT_OFF) == []
        page.locator(".lab-theme").hover()
        tip = page.locator(".tip")
        tip.wait_for()
        near, owner = tip.bounding_box(), page.locator(".lab-theme").bounding_box()
        assert 0 <= near["y"] - owner["y"] - owner["height"] < 20, "beside what it explains"
        assert near["x"] + near["width"] <= 1280
        page.reload()
        page.wait_for_selector("html[data-lab=ready]", state="attached")
        page.get_by_role("button", name="Presentation size", pressed=True).click()
        assert drawn_as_large(page) == usual


def test_a_link_can_ask_for_the_presentation_size(browser: Any, site: Path) -> None:
    with lab_of(browser, site, (1024, 768), "?size=large") as page:
        assert drawn_as_large(page) == pytest.approx(1.25)
        command(page, "set", {"learning_rate": 0.01})
        assert "size=large" in command(page, "share")["query"]
        assert page.evaluate(CUT_OFF) == []
        assert page.locator(".lab-error").count() == 0


@pytest.mark.parametrize("width", [360, 390, 820, 1024, 1160, 1280, 1920])
def test_no_measure_prints_over_another(trained: Any, width: int) -> None:
    page = resized(trained, (width, 900))
    over = page.evaluate(
        """() => {
             const find = (name) => {
               const within = (root) => root.querySelector(name)
                 ?? [...root.querySelectorAll("*")].map((e) => e.shadowRoot
                   && within(e.shadowRoot)).find(Boolean)
               return within(document)
             }
             const longest = { epoch: "199", samples: "10,055,200", loss: "19,206",
               "train-accuracy": "99.99",
               "test-accuracy": "99.99" }
             for (const [name, text] of Object.entries(longest)) {
               find(`.lab-metric-${name}`).textContent = text
             }
             const test = find(".lab-metric-test-accuracy").parentElement
             test.querySelector("small").textContent = "% ± 0.98"
             const boxes = [...find(".measures").querySelectorAll("dd")].map((dd) => {
               const range = document.createRange()
               range.selectNodeContents(dd)
               return range.getBoundingClientRect()
             })
             const card = document.querySelector(".card-train").getBoundingClientRect()
             const wrong = boxes.filter(({ right }) => right > card.right).map(() => "out of the card")
             boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => {
               if (a.left < b.right && b.left < a.right && a.top < b.bottom
                 && b.top < a.bottom) wrong.push(`over ${i}`)
             }))
             return wrong
           }"""
    )
    assert over == []


@pytest.mark.parametrize("width", [360, 390, 1280])
def test_the_numbers_of_the_matrix_stay_in_their_cells(trained: Any, width: int) -> None:
    page = resized(trained, (width, 844))
    open_tab(page, "mistakes")
    page.locator(".lab-confusion").wait_for()
    out = page.locator(".lab-confusion").evaluate(
        """matrix => [...matrix.querySelectorAll("button")].filter((cell) => {
             cell.textContent = "1135"
             cell.setAttribute("aria-selected", "true")
             const range = document.createRange()
             range.selectNodeContents(cell)
             const [text, box] = [range.getBoundingClientRect(), cell.getBoundingClientRect()]
             return text.left < box.left || text.right > box.right
           }).length"""
    )
    assert out == 0


@pytest.mark.parametrize("width", [390, 1280])
def test_the_runs_table_shows_its_results_without_scrolling(trained: Any, width: int) -> None:
    page = resized(trained, (width, 844))
    accuracy = f"{snapshot(page)['test_accuracy']:.2%}"
    open_tab(page, "runs")
    table = page.locator(".lab-tabs").get_by_role("region", name="Runs")
    cell = table.get_by_role("cell", name=accuracy).first
    cell.wait_for()
    room, place = table.bounding_box(), cell.bounding_box()
    assert place["x"] + place["width"] <= room["x"] + room["width"] + 1


def covered(page: Any, selector: str) -> int:
    """Return the number of visible elements of ``selector`` that a notice covers."""
    return page.locator(selector).evaluate_all(
        """elements => elements.filter((element) => {
             const { left, right, top, bottom } = element.getBoundingClientRect()
             const notes = [...document.querySelectorAll(".lab-note")].map((note) =>
               note.getBoundingClientRect())
             return notes.some((note) => left < note.right && note.left < right && top < note.bottom
               && note.top < bottom)
           }).length"""
    )


LONG = "This link opens another network than yours from 10:32, which is kept."


def test_a_notice_hides_nothing_that_one_looks_at(browser: Any, site: Path) -> None:
    with lab_of(browser, site, (1280, 800)) as page:
        command(page, "epoch")
        settle(page)
        page.evaluate(f"inkling.note('one', {LONG!r}, [['Bring mine back', () => {{}}]])")
        page.evaluate("inkling.note('two', 'A new version is there.', [['Take it', () => {}]])")
        page.locator(".lab-note").nth(1).wait_for()
        for what in (
            ".lab-imagine figcaption",
            ".lab-imagine canvas",
            ".pad",
            ".lab-play",
            ".card-train button",
        ):
            assert covered(page, what) == 0, what


@pytest.mark.parametrize("size", [(390, 844), (1280, 800)], ids=str)
def test_a_notice_has_its_cross_beside_its_text_and_can_be_scrolled_away_from(
    browser: Any, site: Path, size: tuple[int, int]
) -> None:
    with lab_of(browser, site, size) as page:
        page.evaluate(
            f"inkling.note('one', {LONG!r}, [['Bring mine back', () => {{}}], ['Leave it', () => {{}}]])"
        )
        note = page.locator(".lab-note")
        note.wait_for()
        words, cross = (
            note.locator("> span").first.bounding_box(),
            note.get_by_label("Dismiss").bounding_box(),
        )
        assert cross["x"] >= words["x"] + words["width"]
        assert cross["y"] < words["y"] + words["height"] and words["y"] < cross["y"] + cross["height"]
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        assert covered(page, ".foot > *") == 0
        note.get_by_label("Dismiss").click()
        assert note.count() == 0


def test_the_import_of_digits_is_a_button_with_its_whole_name(
    browser: Any, site: Path, tmp_path: Path
) -> None:
    with lab_of(browser, site, (1280, 800)) as page:
        command(page, "draw", SEVEN)
        command(page, "was", 7)
        kept = tmp_path / "my-digits.jsonl"
        kept.write_text(command(page, "export_digits"))
        command(page, "forget_digits", [0])
        open_tab(page, "my_digits")
        name = page.locator(".lab-import-mine").get_by_text("Import", exact=True)
        name.scroll_into_view_if_needed()
        settle(page)
        box = name.bounding_box()
        at = page.evaluate(
            """([x, y]) => {
                 const hosts = []
                 for (let root = document; root; root = hosts.at(-1)?.shadowRoot) {
                   const found = root.elementFromPoint(x, y)
                   if (!found || found === hosts.at(-1)) break
                   hosts.push(found)
                 }
                 return hosts.map((element) => element.className)
               }""",
            [box["x"] + 5, box["y"] + 5],
        )
        assert any("lab-import-mine" in names for names in at)
        with page.expect_file_chooser() as chooser:
            page.locator(".lab-import-mine input").click()
        chooser.value.set_files(kept)
        page.get_by_text("1 of them are new").wait_for()
