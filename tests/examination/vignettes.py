"""The forty vignettes of the trade, as facts."""

from __future__ import annotations

from tests.examination import vignettes_of_goods, vignettes_of_people

VIGNETTES = (*vignettes_of_goods.VIGNETTES, *vignettes_of_people.VIGNETTES)
