"""Reports the result of a lesson in words, for my digits and for styles alike."""

from __future__ import annotations

from html import escape

from web.teaching.my_digits_desk import Lesson


def under_way(lesson: Lesson | None) -> bool:
    """Return whether a lesson is being taught."""
    return lesson is not None and lesson.after is None


def told(lesson: Lesson | None) -> str:
    """Return the result of ``lesson`` as a small HTML table; empty before any lesson."""
    if lesson is None:
        return ""
    if lesson.after is None:
        return f'<p class="lesson" role="status">Teaching {lesson.what}: {lesson.count} of them …</p>'
    rows = (
        (lesson.what.capitalize(), f"{lesson.before} of {lesson.count}", f"{lesson.after} of {lesson.count}"),
        ("Test digits", f"{100 * lesson.test_before:.2f} %", f"{100 * lesson.test_after:.2f} %"),
    )
    body = "".join(
        f"<tr><th>{name}</th><td>{before}</td><td>{after}</td></tr>" for name, before, after in rows
    )
    return (
        f'<table class="lesson" role="status"><caption>{escape(lesson.who)}, read rightly</caption>'
        f"<thead><tr><td></td><th>before</th><th>after</th></tr></thead><tbody>{body}</tbody></table>"
    )
