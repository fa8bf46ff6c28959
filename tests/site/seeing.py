"""Looks at the page with JavaScript, also inside shadow roots, for faults that a person would see: texts that
are cut off, elements that cover others, and controls without an explanation."""

# ruff: noqa: E501 - JavaScript in strings, a statement a line

from __future__ import annotations

# All elements, also those in shadow roots, in the order of drawing.
ALL = """
  function* all(root = document) {
    for (const element of root.querySelectorAll("*")) {
      yield element
      if (element.shadowRoot) yield* all(element.shadowRoot)
    }
  }
  const seen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    && element.getClientRects().length > 0
  const called = (element) =>
    `${element.localName}.${element.className} ${element.textContent.trim().slice(0, 60)}`
"""

CUT_OFF = f"""() => {{
  {ALL}
  // Plots draw on canvases that are clipped; what only screen readers hear is a pixel large, or of the class "sr".
  const own = (element) => element.closest(".bk-layer, .bk-Canvas, .sr")
    || element.getRootNode().host?.closest(".bk-Canvas, .bk-Figure")
    || element.clientWidth <= 1 || element.matches("html, body, input, canvas, progress, select")
  const found = []
  for (const element of all()) {{
    if (!seen(element) || own(element)) continue
    const style = getComputedStyle(element)
    for (const [axis, more, bar] of [
      ["x", element.scrollWidth - element.clientWidth, element.offsetHeight - element.clientHeight],
      ["y", element.scrollHeight - element.clientHeight, element.offsetWidth - element.clientWidth],
    ]) {{
      const overflow = style[`overflow-${{axis}}`]
      if (overflow === "visible" || more <= 1) continue
      const borders = axis === "x" ? ["Top", "Bottom"] : ["Left", "Right"]
      const scrollbar = bar - borders.reduce((sum, side) =>
        sum + parseFloat(style[`border${{side}}Width`]), 0)
      if (["auto", "scroll"].includes(overflow) && scrollbar >= 3) continue
      found.push(`${{called(element)}}: ${{more}} px more, overflow-${{axis}} ${{overflow}}`)
    }}
  }}
  if (document.documentElement.scrollWidth > innerWidth) found.push("the page is wider than the window")
  return found
}}"""

# Lists whose chosen text is wider than the room for it.
CUT_CHOICES = f"""() => {{
  {ALL}
  const pen = document.createElement("canvas").getContext("2d")
  const found = []
  for (const select of all()) {{
    if (select.localName !== "select" || !seen(select)
      || select.getRootNode().host?.matches(".lab-preset")) continue
    const style = getComputedStyle(select)
    pen.font = style.font
    const words = select.selectedOptions[0]?.text ?? ""
    const arrow = style.appearance === "none" ? 0 : 16  // the browser's own
    const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - arrow
    const {{ width }} = pen.measureText(words)
    if (width > room + 1) found.push(`${{words}}: ${{width}} in ${{room}}`)
  }}
  return found
}}"""

UNEXPLAINED = f"""() => {{
  {ALL}
  const explained = (element) => {{
    if (getComputedStyle(element).getPropertyValue("--tip")) return true
    for (let at = element; at; at = at.parentElement ?? at.getRootNode().host) {{
      if (at.dataset?.tip) return true
    }}
    return false
  }}
  const controls = "button, input, select, summary, [role=slider], [role=tab]"
  return [...all()].filter((element) => element.matches(controls) && seen(element)
    && !explained(element)).map(called)
}}"""
