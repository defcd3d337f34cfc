"""Western addresses of a place in various spellings."""

from training.simulate.cities import FIRST_WESTERN, load_places
from training.simulate.place_ids import HOME, LOCKER, OFFICE, ROOM, city_of, kind_of
from training.simulate.random_draws import Dice

COUNTRIES = {"US": "USA", "GB": "United Kingdom", "DE": "Germany", "CA": "Canada"}
NOTES = (
    *(
        " (leave at door)",
        " - ring bell",
        ", back entrance",
        " (gate code 4411)",
        ", 2nd door left",
    ),
    *(" pls call on arrival", ", leave with neighbour"),
)
DISGUISES = (" ", ".", ",", " A", " B", " unit A", " rear", " c/o", " #1", " bldg")


def write_western(place: int, spelling: int) -> str:
    """A western address; the low two bits of `spelling` are its variation (0 plain, 3 most)."""
    fixed = Dice(place)
    hand = Dice(spelling >> 2)
    level = spelling & 3
    city = load_places().western_cities[
        (city_of(place) - FIRST_WESTERN) % len(load_places().western_cities)
    ]
    line, unit = _street(city[2], fixed, hand), _unit(place, fixed, hand)
    if level >= 2 and hand.chance(0.4):
        line += hand.pick(DISGUISES)
    text = ", ".join(
        part for part in (*_order(hand, line, unit), *_town(city, fixed, hand)) if part
    )
    if hand.chance((0.04, 0.08, 0.2, 0.25)[level]):
        text += hand.pick(NOTES)
    if hand.chance((0.06, 0.1, 0.2, 0.3)[level]):
        text = text.upper() if hand.chance(0.4) else text.lower()
    return text


def _street(country: str, fixed: Dice, hand: Dice) -> str:
    number = 1 + fixed.below(1400 if country == "US" else 220)
    if country == "DE":
        street = fixed.pick(load_places().german_streets)
        if hand.chance(0.3):
            street = street.replace("straße", hand.pick(("str.", "strasse", "str")))
        return f"{street} {number}"
    long, short = fixed.pick(load_places().street_types)
    north = fixed.pick(("", "", "", "North", "West"))
    written = hand.pick((north, north[:1], north[:1] + ".")) if north else ""
    kind = hand.pick((long, short, short + ".", long))
    return " ".join(
        part for part in (str(number), written, fixed.pick(load_places().streets), kind) if part
    )


def _unit(place: int, fixed: Dice, hand: Dice) -> str:
    kind = kind_of(place)
    flat = f"{1 + fixed.below(14)}{'ABCDEF'[fixed.below(6)]}"
    if kind == HOME:
        if fixed.chance(0.45):
            return ""
        return hand.pick(
            (f"Apt {flat}", f"Apt. {flat}", f"#{flat}", f"Unit {flat}", f"Flat {flat}")
        )
    number = 10 + fixed.below(890)
    if kind == LOCKER:
        return hand.pick((f"Parcel Locker {number}", f"Locker {number}", f"Packstation {number}"))
    if kind == OFFICE:
        return hand.pick((f"Suite {number}", f"Ste {number}", f"Ste. {number}", f"Office {number}"))
    if kind == ROOM:
        return hand.pick((f"Room {number}", f"Rm {number}", f"Residence Hall, Room {number}"))
    return hand.pick(("University Mail Room", "Student Union Mailroom", "Campus Mail Centre"))


def _order(hand: Dice, line: str, unit: str) -> tuple[str, ...]:
    return (unit, line) if unit and hand.chance(0.2) else (line, unit)


def _town(city: tuple[str, str, str, str], fixed: Dice, hand: Dice) -> tuple[str, ...]:
    state, town, country, stem = city
    if country == "US":
        code = f"{stem}{fixed.below(100):02d}"
        tail: tuple[str, ...] = (town, f"{state} {code}")
    elif country == "DE":
        tail = (f"{stem}{fixed.below(1000):03d} {town}",)
    else:
        letters = "ABDEFGHJLNPQRSTUWXYZ"
        code = f"{stem} {1 + fixed.below(9)}{fixed.pick(letters)}{fixed.pick(letters)}"
        tail = (town, f"{state} {code}".strip())
    return (*tail, hand.pick((country, COUNTRIES[country]))) if hand.chance(0.4) else tail
