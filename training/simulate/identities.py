"""Numbers turned into what an export shows: addresses, phones, cards, devices, networks."""

from collections.abc import Callable

from training.simulate import addresses_west, addresses_zh
from training.simulate.chance import Dice, Ints
from training.simulate.cities import FIRST_WESTERN
from training.simulate.doors import city_of

PHONE_STEMS = ("138", "139", "136", "150", "151", "158", "159", "177", "186", "188", "199", "133")
ID_MASK = (1 << 40) - 1
FIRST_ID = 0x1D872B41


class Spellings:
    """Writes addresses, remembering the ones already written in this part of the world."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], str] = {}

    def write(self, places: Ints, spellings: Ints) -> list[str | None]:
        """The address lines of doors in the given spellings, None where there is no door (-1)."""
        known = self._known
        lines: list[str | None] = []
        for key in zip(places.tolist(), spellings.tolist(), strict=True):
            text = known.get(key)
            if text is None and key[0] >= 0:
                text = known[key] = spell(*key)
            lines.append(text)
        return lines


def spell(place: int, spelling: int) -> str:
    """One address line."""
    if city_of(place) >= FIRST_WESTERN:
        return addresses_west.spell(place, spelling)
    return addresses_zh.spell(place, spelling)


def phone(number: int) -> str:
    """A telephone number; the lowest bits say how its owner writes it."""
    dice = Dice(number >> 4)
    style = number & 7
    if number & 8:
        area, first, last = 201 + dice.below(780), 200 + dice.below(800), dice.below(10_000)
        forms = (f"+1 {area} {first} {last:04d}", f"+1{area}{first}{last:04d}")
        return (*forms, f"({area}) {first}-{last:04d}")[style % 3]
    stem, middle, last = dice.pick(PHONE_STEMS), dice.below(10_000), dice.below(10_000)
    if style == 0:
        return f"+86 {stem} {middle:04d} {last:04d}"
    if style == 1:
        return f"{stem}-{middle:04d}-{last:04d}"
    return f"{stem}{middle:04d}{last:04d}"


def instrument(number: int) -> str:
    """What was paid with: a wallet or a card token."""
    kind = number % 10
    prefix = "alipay" if kind < 4 else "wxpay" if kind < 7 else "card"
    return f"{prefix}_{number >> 4:011x}"


def payout(number: int) -> str:
    """Where refunded money goes."""
    return f"{'acct' if number % 3 else 'bank'}_{number >> 4:011x}"


def device(number: int) -> str:
    """A device fingerprint."""
    return f"{number:012x}"


def network(number: int) -> str:
    """An IPv4 address outside the reserved ranges."""
    return f"{11 + number % 80}.{(number >> 8) & 255}.{(number >> 16) & 255}.{(number >> 24) & 255}"


def photo(number: int) -> str:
    """The perceptual hash of a file."""
    return f"ph_{number:012x}"


def numbered(prefix: str, numbers: Ints, multiplier: int) -> list[str]:
    """Distinct ids that do not betray the order they were given out in."""
    scrambled = ((numbers + FIRST_ID) * (multiplier | 1)) & ID_MASK
    return [f"{prefix}{value:013d}" for value in scrambled.tolist()]


def written(form: Callable[[int], str], numbers: Ints) -> list[str | None]:
    """Each number in its written form; numbers below zero stand for unknown."""
    known: dict[int, str] = {}
    lines: list[str | None] = []
    for number in numbers.tolist():
        if number < 0:
            lines.append(None)
            continue
        text = known.get(number)
        if text is None:
            text = known[number] = form(number)
        lines.append(text)
    return lines
