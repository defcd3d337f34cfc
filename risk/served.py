"""Loader of model versions that were registered before it moved to `risk.model.pyfunc`."""

from risk.model.pyfunc import _load_pyfunc

__all__ = ["_load_pyfunc"]
