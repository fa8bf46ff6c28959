"""A slider over chosen stops."""

from web.components.slider.slider import Slider

__all__ = ["Slider"]
