"""Teaches networks from drawings: a short fine-tuning, the desk for my digits, and the lesson of styles."""
