"""The loader of model versions registered before it moved to `risk.model.pyfunc`."""

from risk.model.pyfunc import Served, _load_pyfunc

__all__ = ["Served", "_load_pyfunc"]
