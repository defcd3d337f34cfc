"""The moment and the spine of the case that a test looks at."""

from __future__ import annotations

from tests.worlds import DAY, START

AS_OF = START + 10 * DAY
