"""Checks views in the iframes of one embedding page that share a network (``?session=name``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.site.driving import READY, brief, command, open_lab, snapshot, wait_until
from tests.site.listeners import Listeners
from tests.site.server import SiteServer

STARTED = "['ready', 'training', 'failed'].includes(document.documentElement?.dataset.lab)"
FRAME = '<iframe id="{name}" src="{url}{query}" style="width: 600px; height: 700px; {style}"></iframe>'


def page_with(frames: dict[str, str], url: str = "./", styles: dict[str, str] | None = None) -> bytes:
    """Return an embedding page with a frame for every name, opened with the query given for it."""
    styles = styles or {}
    parts = [
        FRAME.format(name=name, url=url, query=query, style=styles.get(name, ""))
        for name, query in frames.items()
    ]
    return (
        '<!doctype html><meta charset="utf-8"><title>A lesson</title><link rel="icon" href="data:,">'
        + "".join(parts)
    ).encode()


LEADS = "window.inklingSession?.worker != null"  # whether this view has started Python


def add_frame(page: Any, name: str, query: str) -> None:
    page.evaluate(
        """([name, query]) => {
          const frame = document.createElement("iframe")
          Object.assign(frame, { id: name, src: "./" + query, width: 600, height: 700 })
          document.body.append(frame)
        }""",
        [name, query],
    )


TWO = {"train": "?view=train&session=algebra", "pad": "?view=pad&session=algebra"}


def view(page: Any, name: str) -> Any:
    """Return the frame of this name once its lab is ready."""
    frame = page.wait_for_selector(f"#{name}", state="attached").content_frame()
    frame.wait_for_function(STARTED, timeout=READY)
    assert frame.evaluate("document.documentElement.dataset.lab") != "failed"
    return frame


def lab_is(frame: Any) -> str:
    return frame.evaluate("document.documentElement.dataset.lab")


NETWORK = ("samples", "epoch", "loss", "layers", "test_accuracy", "pixels", "prediction", "running")


def network(frame: Any) -> dict[str, Any]:
    """Return the parts of a view's snapshot that must be equal in all views. The number of digits is not
    among them: more may arrive between two calls."""
    seen = snapshot(frame)
    return {name: seen[name] for name in NETWORK}


def started_again(frame: Any) -> str:
    """Return the notice of a view after Python was started again for it."""
    line = frame.locator(".lab-note[data-note=restored]", has_text="was started again")
    line.wait_for(timeout=READY)
    frame.wait_for_function(STARTED, timeout=READY)
    return line.inner_text()


def draw_in(page: Any, frame: Any, *points: tuple[float, float]) -> None:
    """Draw one stroke with the mouse; points are in a 500 x 500 box."""
    canvas = frame.locator(".lab-pad canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    places = [(box["x"] + x / 500 * box["width"], box["y"] + y / 500 * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=10)
    page.mouse.up()


def count(server: SiteServer, start: str) -> int:
    return sum(name.startswith(start) for name in server.requests)


@pytest.fixture
def lesson(page: Any, serve: SiteServer) -> Any:
    """Open an embedding page with two views of one session; the view ``train`` has started Python."""
    serve.replace("lesson.html", page_with({"train": TWO["train"]}))
    page.goto(serve.url + "lesson.html")
    view_now(page, "train").wait_for_function(LEADS, timeout=READY)
    add_frame(page, "pad", TWO["pad"])
    for name in TWO:
        view(page, name)
    serve.replace("lesson.html", page_with(TWO))
    return page


def test_two_views_are_one_network_with_one_python(lesson: Any, serve: SiteServer) -> None:
    train, pad = view(lesson, "train"), view(lesson, "pad")
    assert len(lesson.workers) == 1
    assert count(serve, "pyodide/pyodide.asm.wasm") == 1 and count(serve, "data/manifest.json") == 1
    # Start training in one view, with the mouse.
    train.locator(".lab-play").click()
    wait_until(pad, lambda seen: seen["samples"] > 2000 and seen["running"], 60, "the other view learns too")
    assert lab_is(pad) == lab_is(train) == "training"
    # Draw in the other view while the network learns.
    draw_in(lesson, pad, (250, 60), (250, 440))
    seen = wait_until(train, lambda seen: seen["prediction"] is not None, 30, "the stroke is there too")
    assert sum(seen["pixels"]) > 0
    train.locator(".lab-pause").click()
    wait_until(pad, lambda seen: not seen["running"], 30, "the pause holds in both")
    settled = wait_until(pad, lambda seen: seen["evaluated_at"] == seen["samples"], 60, "measured")
    assert network(train) == {name: settled[name] for name in NETWORK}
    assert lab_is(pad) == lab_is(train) == "ready"
    # Both views must show the same, because one Python draws the numbers of both.
    command(pad, "epoch")
    samples = f"{snapshot(train)['samples']:,}"
    train.locator(".lab-metric-samples", has_text=samples).wait_for(timeout=30_000)
    assert [frame.locator(".problems > *").count() for frame in (train, pad)] == [0, 0]


def chosen(frame: Any) -> str:
    return frame.locator(".lab-preset select option:checked").inner_text()


def test_a_choice_in_one_view_is_shown_in_the_other(page: Any, serve: SiteServer) -> None:
    """Both views show the same control, and the test uses it in each. Each view keeps its own part of the
    address."""
    parts = {
        "left": "?hide=pad,tabs,imagine,train&session=two",
        "right": "?hide=pad,tabs,imagine&session=two",
    }
    serve.replace("lesson.html", page_with(parts))
    page.goto(serve.url + "lesson.html")
    frames = left, right = view(page, "left"), view(page, "right")
    assert chosen(left) == chosen(right)
    for here, other in (frames, frames[::-1]):
        before = chosen(here)
        here.locator(".lab-preset select").select_option(index=3 if here is left else 2)
        assert chosen(here) != before
        wait_until(other, lambda _: chosen(other) == chosen(here), 30, "the other shows it")  # noqa: B023
        assert snapshot(left)["layers"] == snapshot(right)["layers"]

    def addresses() -> list[str]:
        return [frame.evaluate("location.search").replace("%2C", ",") for frame in frames]

    wait_until(
        left, lambda _: all("preset=" in address for address in addresses()), 10, "the addresses follow"
    )
    ends = [query.removeprefix("?") for query in parts.values()]
    assert all(address.endswith(end) for address, end in zip(addresses(), ends, strict=True))
    assert command(right, "share")["query"].endswith(ends[1])


def test_when_the_view_with_python_is_removed_another_takes_over(lesson: Any, serve: SiteServer) -> None:
    add_frame(lesson, "third", "?view=imagine&session=algebra")
    train, pad, third = (view(lesson, name) for name in ("train", "pad", "third"))
    assert len(lesson.workers) == 1
    command(train, "set", {"layers": [784, 30, 10], "learning_rate": 0.02})
    draw_in(lesson, pad, (250, 60), (250, 440))
    command(train, "epoch")
    before = wait_until(pad, lambda seen: seen["prediction"] is not None, 30, "the stroke is read")
    assert train.evaluate("inkling.save().then(() => true)")
    lesson.evaluate("document.querySelector('#train').remove()")
    lines = [started_again(frame) for frame in (pad, third)]
    assert all("was closed" in line and "is back" in line for line in lines)
    assert len(lesson.workers) == 1
    after = snapshot(pad)
    kept = ("layers", "samples", "epoch", "loss", "test_accuracy", "pixels", "prediction")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    command(third, "step")
    wait_until(pad, lambda seen: seen["samples"] > before["samples"], 30, "it goes on, for both")
    # Now the view without Python is removed (either may have taken over); the other must go on working.
    name, stays = ("third", pad) if pad.evaluate(LEADS) else ("pad", third)
    lesson.evaluate("name => document.querySelector(`#${name}`).remove()", name)
    seen = snapshot(stays)["samples"]
    command(stays, "step")
    assert snapshot(stays)["samples"] > seen and len(lesson.workers) == 1


def test_a_view_that_is_reloaded_is_in_the_session_again(lesson: Any, serve: SiteServer) -> None:
    command(view(lesson, "pad"), "epoch")
    before = brief(snapshot(view(lesson, "pad")))
    assert view(lesson, "pad").evaluate("inkling.save().then(() => true)")
    for name, other in (("pad", "train"), ("train", "pad")):  # the joined view, then the one with Python
        view(lesson, name).evaluate("location.reload()")
        lesson.wait_for_timeout(1000)  # the old page may still be there
        for frame in (view(lesson, name), view(lesson, other)):
            seen = brief(snapshot(frame))
            assert (seen["samples"], seen["layers"]) == (before["samples"], before["layers"])
        assert len(lesson.workers) == 1
    command(view(lesson, "train"), "step")
    stepped = [network(view(lesson, name)) for name in TWO]
    assert stepped[0] == stepped[1] and stepped[0]["samples"] > before["samples"]


def test_a_session_is_found_again_and_is_apart_from_the_plain_page(
    lesson: Any, context: Any, serve: SiteServer
) -> None:
    command(view(lesson, "pad"), "set", {"layers": [784, 30, 10]})
    command(view(lesson, "pad"), "epoch")
    before = snapshot(view(lesson, "pad"))
    assert view(lesson, "pad").evaluate("inkling.save().then(() => true)")
    lesson.close()
    page = context.new_page()
    open_lab(page, serve.url)
    assert snapshot(page)["samples"] == 0 and page.locator(".lab-note").count() == 0
    page.goto(serve.url + "lesson.html")
    for name in TWO:
        after = snapshot(view(page, name))
        assert (after["samples"], after["layers"]) == (before["samples"], before["layers"])
    # Starting afresh in one view must do so in both, and each must keep its part of the page.
    for name in TWO:
        view(page, name).evaluate("window.old = true")
    view(page, "pad").evaluate("() => { inkling.command('fresh') }")  # its answer may be lost in the reload
    for name, query in TWO.items():
        view(page, name).wait_for_function("!window.old", timeout=30_000)
        frame = view(page, name)
        assert (snapshot(frame)["samples"], frame.evaluate("location.search")) == (0, query)
    assert len(page.workers) == 1


def test_python_that_dies_comes_back_for_all_views(lesson: Any) -> None:
    command(view(lesson, "pad"), "epoch")
    before = snapshot(view(lesson, "pad"))["samples"]
    assert view(lesson, "pad").evaluate("inkling.save().then(() => true)")
    lesson.workers[0].evaluate("self.close()")
    for name in TWO:
        line = started_again(view_now(lesson, name))
        assert "stopped answering" in line and "is back" in line
    assert [snapshot(view(lesson, name))["samples"] for name in TWO] == [before, before]
    assert len(lesson.workers) == 1


def view_now(page: Any, name: str) -> Any:
    return page.query_selector(f"#{name}").content_frame()


def test_a_view_that_is_not_shown_keeps_no_other_waiting(page: Any, serve: SiteServer) -> None:
    """The first view, which starts Python, is in a hidden frame, where the browser draws nothing."""
    serve.replace("lesson.html", page_with({"train": TWO["train"]}, styles={"train": "display: none"}))
    page.goto(serve.url + "lesson.html")
    view_now(page, "train").wait_for_function(LEADS, timeout=READY)
    add_frame(page, "pad", TWO["pad"])
    pad = view(page, "pad")
    assert len(page.workers) == 1 and not pad.evaluate(LEADS)
    command(pad, "step")
    draw_in(page, pad, (250, 60), (250, 440))
    seen = wait_until(pad, lambda seen: seen["prediction"] is not None, 30, "it reads")
    assert seen["samples"] > 0 and seen["test_size"] > 0
    page.evaluate("document.querySelector('#train').style.display = ''")
    train = view(page, "train")
    train.locator(".lab-metric-samples", has_text=f"{seen['samples']:,}").wait_for(timeout=30_000)


def test_all_views_say_that_python_could_not_start(
    page: Any, serve: SiteServer, listeners: Listeners
) -> None:
    listeners.expect("404")
    serve.fail("start/" + start_file(serve, "packages"))
    serve.replace("lesson.html", page_with({name: query + "&start=lean" for name, query in TWO.items()}))
    page.goto(serve.url + "lesson.html")
    for name in TWO:
        frame = view_now(page, name)
        frame.locator(".problems .lab-error", has_text="404").wait_for(timeout=READY)
        assert lab_is(frame) == "failed"
        reason = "inkling.snapshot().then(() => '', (error) => error.message)"
        assert "404" in frame.evaluate(reason)
    # After the fault is mended, the views are one session again, no matter which is tried first.
    serve.mend("start/" + start_file(serve, "packages"))
    for name in ("pad", "train"):
        view_now(page, name).get_by_role("button", name="Try again").click()
        page.wait_for_timeout(1000)
        view(page, name)
    assert len(page.workers) == 1


def start_file(serve: SiteServer, kind: str) -> str:
    [path] = (serve.site / "start").glob(f"{kind}-*")
    return path.name


def test_other_names_are_other_networks_and_a_bad_name_is_told(page: Any, serve: SiteServer) -> None:
    frames = {"one": "?view=pad&session=a", "two": "?view=pad&session=b", "bad": "?view=pad&session=a%20b"}
    serve.replace("lesson.html", page_with(frames))
    page.goto(serve.url + "lesson.html", wait_until="commit")
    one, two, bad = (view(page, name) for name in frames)
    assert len(page.workers) == 3
    command(one, "step")
    assert snapshot(one)["samples"] > 0 == snapshot(two)["samples"] == snapshot(bad)["samples"]
    assert "?session=a b" in bad.locator(".problems .lab-error").inner_text()
    assert [frame.locator(".problems .lab-error").count() for frame in (one, two)] == [0, 0]


@pytest.fixture
def elsewhere(serve: SiteServer) -> Iterator[SiteServer]:
    """Serve a page on another host than the site's that embeds the site."""
    with SiteServer(serve.site).running() as server:
        server.url = server.url.replace("127.0.0.1", "localhost")
        server.replace("lesson.html", page_with(TWO, url=serve.url))
        yield server


def test_a_page_of_another_host_can_join_views(
    context: Any, serve: SiteServer, elsewhere: SiteServer, listeners: Listeners
) -> None:
    listeners.expect(f"^request to another host: {elsewhere.url}", "favicon|404")
    page = context.new_page()
    page.goto(elsewhere.url + "lesson.html")
    train, pad = view(page, "train"), view(page, "pad")
    assert count(serve, "pyodide/pyodide.asm.wasm") == 1
    assert sorted(frame.evaluate(LEADS) for frame in (train, pad)) == [False, True]
    command(train, "step")
    assert network(pad) == network(train) and network(pad)["samples"] > 0
