"""Figures, each a ratio to its floor, both arms interleaved in one process tree."""
