"""A gradient-boosted tree ensemble in LightGBM's text format, scored through its C API.

Why not `lightgbm.Booster`: for one row most of its time is Python around the call, and importing it
loads pandas, scipy and scikit-learn into every worker. The shared library is loaded directly; the
functions used are documented in LightGBM's `c_api.h`.
"""

from __future__ import annotations

import ctypes
import importlib.util
import threading
import weakref
from collections.abc import Callable
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from risk.errors import ModelRefused
from risk.model.contributions import ContributionTables

Floats = NDArray[np.float64]

RAW_SCORE = 1  # C_API_PREDICT_RAW_SCORE
CONTRIBUTIONS = 3  # C_API_PREDICT_CONTRIB
FLOAT64 = 1  # C_API_DTYPE_FLOAT64
QUIET = b"num_threads=1 verbosity=-1 predict_disable_shape_check=false"


@cache
def _library() -> ctypes.CDLL:
    """LightGBM's shared library, opened once a process without importing its Python package."""
    spec = importlib.util.find_spec("lightgbm")
    found = sorted(Path(str(spec.origin)).parent.rglob("lib_lightgbm.*")) if spec else []
    if not found:
        raise ModelRefused("the LightGBM library is not installed")
    library = ctypes.CDLL(str(found[0]))
    library.LGBM_GetLastError.restype = ctypes.c_char_p
    return library


def _check(status: int) -> None:
    if status != 0:
        raise ModelRefused(f"LightGBM: {_library().LGBM_GetLastError().decode()}")


def _free(library: ctypes.CDLL, fast: list[ctypes.c_void_p], booster: ctypes.c_void_p) -> None:
    for handle in fast:
        library.LGBM_FastConfigFree(handle)
    library.LGBM_BoosterFree(booster)


class Trees:
    """`width` columns in, log-odds out. Thread-safe: one lock serialises the calls.

    LightGBM recomputes tree depths, unguarded, whenever a predictor of contributions is made; a
    call takes 0.1 to 0.4 ms, so the lock costs less than the Python around it.
    Raises ModelRefused when the text is not a model of `width` columns.
    """

    def __init__(self, text: str, width: int) -> None:
        library = _library()
        self.width = width
        self._text = text
        self._lock = threading.Lock()
        self._handle = ctypes.c_void_p()
        rounds = ctypes.c_int()
        _check(
            library.LGBM_BoosterLoadModelFromString(
                ctypes.c_char_p(text.encode()), ctypes.byref(rounds), ctypes.byref(self._handle)
            )
        )
        self._fast: list[ctypes.c_void_p] = []
        weakref.finalize(self, _free, library, self._fast, self._handle)
        self._check_width()
        self._row = np.zeros(width)
        self._out = np.zeros(width + 1)
        self._raw = self._single_row(RAW_SCORE)
        self._contributions = self._single_row(CONTRIBUTIONS)

    def _check_width(self) -> None:
        columns = ctypes.c_int()
        _check(_library().LGBM_BoosterGetNumFeature(self._handle, ctypes.byref(columns)))
        if columns.value != self.width:
            raise ModelRefused(f"trees over {columns.value} columns, {self.width} are named")

    def _single_row(self, kind: int) -> Callable[[], int]:
        """A call that reads `_row` and writes `_out`, with everything about it prepared."""
        library, handle, length = _library(), ctypes.c_void_p(), ctypes.c_int64()
        _check(
            library.LGBM_BoosterPredictForMatSingleRowFastInit(
                self._handle, kind, 0, -1, FLOAT64, self.width, QUIET, ctypes.byref(handle)
            )
        )
        self._fast.append(handle)
        predict: Any = library.LGBM_BoosterPredictForMatSingleRowFast
        arguments = (handle, _pointer(self._row), ctypes.byref(length), _pointer(self._out))
        return lambda: int(predict(*arguments))

    def explain(self, row: Floats) -> tuple[float, float, Floats]:
        """Log-odds, base and the contribution of every column (width,) of one row (width,).

        Base and contributions add up to the log-odds within 1e-9 (Lundberg et al. 2020, "From local
        explanations to global understanding with explainable AI for trees", path-dependent form).
        """
        tables = self._tables
        with self._lock:
            self._row[:] = row
            _check(self._raw())
            raw = float(self._out[0])
            if tables is None:
                return raw, *self._contributed()
        return raw, self._base, tables(row)

    def _contributed(self) -> tuple[float, Floats]:
        """Base and contributions of the row in `_row`, by LightGBM."""
        _check(self._contributions())
        return float(self._out[-1]), self._out[:-1].copy()

    @cached_property
    def _base(self) -> float:
        with self._lock:
            return self._contributed()[0]

    @cached_property
    def _tables(self) -> ContributionTables | None:
        """Made when a row is first explained: it takes about a second for hundreds of trees."""
        return ContributionTables.of(self._text, self.width)

    def raw_scores(self, rows: Floats) -> Floats:
        """Log-odds (n,) of rows (n, width); the same bits as one row at a time gives."""
        matrix = np.ascontiguousarray(rows, dtype=np.float64)
        out = np.zeros(len(matrix))
        if not len(matrix):
            return out
        length = ctypes.c_int64()
        with self._lock:
            _check(
                _library().LGBM_BoosterPredictForMat(
                    *(self._handle, _pointer(matrix), FLOAT64, len(matrix), self.width, 1),
                    *(RAW_SCORE, 0, -1, QUIET, ctypes.byref(length), _pointer(out)),
                )
            )
        return out


def _pointer(array: Floats) -> ctypes.c_void_p:
    return array.ctypes.data_as(ctypes.c_void_p)
