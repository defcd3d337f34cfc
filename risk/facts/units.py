"""The units of what is stored: times are milliseconds, money is ten-thousandths of a major unit."""

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS

CLOCK_GRACE = 2 * DAY_MS
"""The clocks of cameras drift and lack zones, and parcels are scanned late: so much earlier says
nothing."""

MG_PER_GRAM = 1_000

MONEY_UNIT = 10_000
"""A stored amount divided by this is in major units of its currency."""
