"""The door of a western or pinyin address: many spellings, one key; another number, another."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.identity import door_key

KINDS = [
    ("Street", "St", "St.", "STREET", "Str"),
    ("Avenue", "Ave", "Ave.", "Av"),
    ("Road", "Rd", "Rd.", "ROAD"),
    ("Boulevard", "Blvd", "Blvd."),
    ("Lane", "Ln", "Ln."),
    ("Drive", "Dr", "Dr."),
    ("Court", "Ct"),
    ("Terrace", "Ter", "Terr."),
]
NAMES = [
    ("Maple",),
    ("Fifth", "5th"),
    ("Twelfth", "12th"),
    ("St. James", "Saint James", "St James's".replace("'s", "")),
    ("O'Connell", "OConnell", "O’Connell"),
    ("Martin Luther King",),
    ("Müller", "Mueller"),
    ("Park",),
    ("Church Hill",),
    ("Rosenberg",),
]
SIDES = [("",), ("North", "N", "N."), ("South", "S", "S."), ("West", "W"), ("East", "E")]
Town = tuple[str, tuple[str, ...], tuple[str, ...]]
TOWNS: list[Town] = [
    (
        "Springfield",
        ("IL 62701", "Illinois", "IL", "IL 62701-1234", ""),
        ("USA", "United States", ""),
    ),
    ("New York", ("NY 10118", "NY", ""), ("US", "U.S.A.", "")),
    ("Leeds", ("LS1 4AP", "", "LS14AP"), ("UK", "United Kingdom", "England", "")),
    ("Toronto", ("ON M5V 2T6", "ON", "Ontario"), ("Canada", "")),
]
NOTES = [
    "",
    "",
    " (leave at door)",
    ", please ring the bell",
    " - call 555-123-4567",
    ", Attn: Bob",
]

Place = tuple[int, tuple[str, ...], tuple[str, ...], tuple[str, ...], str, Town]


@st.composite
def places(draw: st.DrawFn) -> Place:
    """(house, sides, names, kinds, unit or "", town)."""
    unit = f"{draw(st.integers(1, 40))}{draw(st.sampled_from('ABCDG'))}"
    return (
        draw(st.integers(1, 2999)),
        draw(st.sampled_from(SIDES)),
        draw(st.sampled_from(NAMES)),
        draw(st.sampled_from(KINDS)),
        draw(st.sampled_from(["", unit, unit])),
        draw(st.sampled_from(TOWNS)),
    )


def write(draw: st.DrawFn, place: Place) -> str:
    """One way of writing a door down."""
    house, sides, names, kinds, unit, (town, codes, countries) = place
    name, kind, side = (draw(st.sampled_from(forms)) for forms in (names, kinds, sides))
    line = (
        f"{house} {side} {name} {kind}" if draw(st.booleans()) else f"{house} {name} {kind} {side}"
    )
    line = " ".join(line.split())
    flat = ""
    if unit:
        forms = [
            "Apt {}",
            "Apt. {}",
            "#{}",
            "Unit {}",
            "Flat {}",
            "Suite {}",
            "apartment {}",
            "No. {}",
        ]
        flat = draw(st.sampled_from(forms)).format(unit)
    parts = [flat, line] if flat and draw(st.booleans()) else [line, flat]
    if flat and draw(st.integers(0, 5)) == 0:
        parts = [f"{unit}/{line}"]
    tail = [town, draw(st.sampled_from(codes)), draw(st.sampled_from(countries))]
    mark = draw(st.sampled_from([", ", ", ", ",", "\n", " , "]))
    text = mark.join([part for part in (*parts, *tail) if part]) + draw(st.sampled_from(NOTES))
    if draw(st.integers(0, 4)) == 0:
        text = "John Smith, " + text
    cases: list[Callable[[str], str]] = [str, str, str.upper, str.lower]
    return draw(st.sampled_from(cases))(text)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_every_spelling_of_a_western_door_has_its_key(data: st.DataObject) -> None:
    place = data.draw(places())
    one, other = (data.draw(st.composite(write)(place)) for _ in range(2))
    assert door_key(one) == door_key(other), (one, other)


@settings(max_examples=200, deadline=None)
@given(st.data(), st.integers(1, 30))
def test_another_house_or_unit_is_another_door(data: st.DataObject, step: int) -> None:
    place = data.draw(places())
    moved = (place[0] + step, *place[1:])
    unit = place[4]
    flat = (*place[:4], f"{int(unit[:-1]) + step}{unit[-1]}" if unit else "3H", place[5])
    letter = (*place[:4], unit[:-1] + "K", place[5]) if unit else flat
    texts = [data.draw(st.composite(write)(p)) for p in (place, moved, flat)]
    assert len({door_key(text) for text in texts}) == 3, texts
    assert door_key(texts[0]) != door_key(data.draw(st.composite(write)(letter)))


@given(st.data(), st.integers(0, 9), st.integers(0, 9), st.integers(0, 4), st.integers(0, 4))
def test_another_street_is_another_door(
    data: st.DataObject, name: int, other: int, side: int, turned: int
) -> None:
    place = data.draw(places())
    texts = [
        data.draw(st.composite(write)((place[0], SIDES[s], NAMES[n], *place[3:])))
        for n, s in ((name, side), (other, turned))
    ]
    same = name == other and side == turned
    assert (door_key(texts[0]) == door_key(texts[1])) is same, texts


SAME = [
    ("123 Main St Apt 4B, Springfield, IL 62701", "123 MAIN STREET #4B SPRINGFIELD IL 62701-1234"),
    ("350 Fifth Avenue, New York, NY 10118", "350 5th Ave New York NY", "350 5th Ave., NYC"),
    (
        "Flat 3, 12 High Street, London SW1A 1AA",
        "12 High St Flat 3 London",
        "Flat 3 12 High St, London",
    ),
    ("Hauptstraße 12, 10115 Berlin, Germany", "Hauptstr. 12, Berlin", "Haupt Str. 12 Berlin"),
    ("Müllerstr. 12a, 80331 München", "Muellerstrasse 12 a, 80331 München"),
    (
        "Room 501, Unit 2, Building 3, No. 88 Wenyi Road, Hangzhou, China",
        "88 Wenyi Rd, Building 3, Unit 2, Room 501, Hangzhou",
        "No.88 Wenyi Lu, 3-2-501, Hangzhou 310012",
        "88 hao Wen Yi Lu 3 hao lou 2 danyuan 501 shi Hangzhou",
    ),
    (
        "Building 5, Lane 88, Century Avenue, Shanghai",
        "No. 5, Lane 88, Century Ave, Shanghai 200120",
    ),
    ("1600 Pennsylvania Avenue NW, Washington", "1600 Pennsylvania Ave Northwest, Washington"),
    ("Unit 12, 3rd Floor, 45 King St W, Toronto", "45 King Street West, Unit 12, Toronto"),
    ("PO Box 12, Leeds LS1 4AP", "P.O. Box 12, Leeds"),
    ("12, High Street, Leeds", "12 High Street, Leeds"),
    ("Calle Mayor, 5, Madrid", "Calle Mayor 5, Madrid, Spain"),
    ("100 Broadway, Suite 200, New York, NY", "100 Broadway Ste 200 New York NY 10005"),
    ("Apt 4 B, 77 Elm Road, Leeds", "77 Elm Rd Apt 4-B, Leeds", "77 Elm Rd apt4b, Leeds"),
    ("ул. Ленина, д. 5, кв. 12, Москва", "улица Ленина 5 кв 12 Москва"),
]
APART = [
    ("12 High Street, Leeds", "12 High Street, York"),
    ("12 High Street, Leeds", "12 High Road, Leeds"),
    ("12 North High Street, Leeds", "12 South High Street, Leeds"),
    ("123 5th Ave, New York", "123 6th Ave, New York"),
    ("1 12th St, Austin", "11 2nd St, Austin"),
    ("Flat 1, 12 High Street, Leeds", "Flat 12, 1 High Street, Leeds"),
    ("123 Main St Apt 4B, Springfield", "123 Main St Apt B4, Springfield"),
    ("88 Wenyi Rd, Building 3, Unit 2, Room 501", "88 Wenyi Rd, Building 2, Unit 3, Room 501"),
    ("No. 5, Lane 88, Century Ave, Shanghai", "No. 5, Lane 89, Century Ave, Shanghai"),
    ("123 County Road 12, Troy", "123 County Road 14, Troy"),
    ("PO Box 12, Leeds", "PO Box 13, Leeds"),
    ("Hauptstr. 12, Berlin", "Hauptstr. 12a, Berlin"),
    ("4/123 Main St, Springfield", "5/123 Main St, Springfield"),
]


@pytest.mark.parametrize("spellings", SAME)
def test_western_spellings_people_use(spellings: tuple[str, ...]) -> None:
    assert len({door_key(text) for text in spellings}) == 1, [door_key(text) for text in spellings]


@pytest.mark.parametrize(("one", "other"), APART)
def test_western_neighbours_stay_neighbours(one: str, other: str) -> None:
    assert door_key(one) != door_key(other)
