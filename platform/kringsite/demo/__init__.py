"""The demo: Kring C in March 2009, with people who are roles and figures that say they are examples."""

from .load import load

__all__ = ["load"]
