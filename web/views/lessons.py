"""What a lesson did, in words: the same for my digits and for styles."""

from __future__ import annotations

from html import escape

from web.teaching.my_digits_desk import Lesson


def under_way(lesson: Lesson | None) -> bool:
    """Whether one is being taught."""
    return lesson is not None and lesson.after is None


def told(lesson: Lesson | None) -> str:
    """As a small table of HTML; nothing before any lesson."""
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
