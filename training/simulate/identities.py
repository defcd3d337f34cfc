"""Written forms of identities in an export: addresses, phones, cards, devices, networks, ids."""

from collections.abc import Callable

from training.simulate import addresses_west, addresses_zh
from training.simulate.cities import FIRST_WESTERN
from training.simulate.place_ids import city_of
from training.simulate.random_draws import Dice, Ints

PHONE_STEMS = ("138", "139", "136", "150", "151", "158", "159", "177", "186", "188", "199", "133")
ID_MASK = (1 << 40) - 1
FIRST_ID = 0x1D872B41


class Spellings:
    """Writes addresses, with a cache of those already written."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], str] = {}

    def write(self, places: Ints, spellings: Ints) -> list[str | None]:
        """The address lines of places in the given spellings; None where there is no place (-1)."""
        known = self._known
        lines: list[str | None] = []
        for key in zip(places.tolist(), spellings.tolist(), strict=True):
            text = known.get(key)
            if text is None and key[0] >= 0:
                text = known[key] = write_address(*key)
            lines.append(text)
        return lines


def write_address(place: int, spelling: int) -> str:
    """The address line of a place in a spelling."""
    if city_of(place) >= FIRST_WESTERN:
        return addresses_west.write_western(place, spelling)
    return addresses_zh.write_chinese(place, spelling)


def phone(number: int) -> str:
    """A telephone number; the lowest bits select its format."""
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
    """A payment instrument: a wallet or a card token."""
    kind = number % 10
    prefix = "alipay" if kind < 4 else "wxpay" if kind < 7 else "card"
    return f"{prefix}_{number >> 4:011x}"


def payout(number: int) -> str:
    """A payout account."""
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


def scrambled_ids(prefix: str, numbers: Ints, multiplier: int) -> list[str]:
    """Distinct ids that do not reveal the order of `numbers`."""
    scrambled = ((numbers + FIRST_ID) * (multiplier | 1)) & ID_MASK
    return [f"{prefix}{value:013d}" for value in scrambled.tolist()]


def write_identities(form: Callable[[int], str], numbers: Ints) -> list[str | None]:
    """The written form of each number; None below zero."""
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
