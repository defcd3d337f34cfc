"""Words of western addresses, each with the spelling that keys use."""


def _canon(rows: str) -> dict[str, str]:
    table: dict[str, str] = {}
    for row in rows.strip().splitlines():
        first, *others = row.split()
        table.update(dict.fromkeys((first, *others), first))
    return table


TYPES = _canon(
    """
    st street str strasse strase streets
    ave avenue av aven avenida
    rd road
    dr drive drv
    ln lane
    blvd boulevard boul boulv
    ct court crt
    pl place platz
    sq square sqr
    ter terrace terr
    pkwy parkway pky
    hwy highway
    cir circle circ
    close cls
    cres crescent crs
    gdns gardens gdn garden
    grove grv gr
    way wy
    trl trail
    plz plaza
    aly alley
    row
    mews
    walk wlk
    wharf
    quay
    rise
    hill
    lp loop
    pike
    pass
    path
    run
    expy expressway
    fwy freeway
    allee
    weg
    gasse
    ring
    damm
    ufer
    rue
    via
    calle
    rua
    chemin
    ulica ul ул улица
    prospekt проспект пр
    piazza
    corso
    viale
    laan
    straat
    """
)
PINYIN_TYPES = {"lu": "rd", "jie": "st", "dajie": "ave", "dadao": "ave", "xiang": "ln"}
PINYIN_DIRECTIONS = {
    "dong": "e",
    "nan": "s",
    "xi": "w",
    "bei": "n",
    "zhong": "mid",
    "middle": "mid",
}
DIRECTIONS = _canon(
    """
    n north
    s south
    e east
    w west
    ne northeast
    nw northwest
    se southeast
    sw southwest
    """
)
ORDINALS = {
    word: str(i)
    for i, word in enumerate(
        """
            zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh
            twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth
            twentieth
        """.split()
    )
}
UNITS = {
    **dict.fromkeys("building bldg block blk tower корпус корп".split(), 0),
    **dict.fromkeys("unit entrance stiege wing phase подъезд".split(), 1),
    **dict.fromkeys(
        """
            apt apartment apart appt app flat flt suite ste room rm fang whg wohnung top tur lot
            space spc trailer studio ph penthouse door office ofc locker packstation кв
            квартира
        """.split(),
        2,
    ),
    **dict.fromkeys("floor fl flr level lvl etage stock".split(), 3),
}
"""Words before the number of a building, entrance, room or floor, with its rank in a door."""

UNITS_AFTER = {"lou": 0, "haolou": 0, "dong": 0, "zhuang": 0, "danyuan": 1, "shi": 2, "ceng": 3}
"""The same in pinyin, where the word follows its number."""

EMPTY = frozenset("no number nr num hao д дом the of parcel".split())
"""Words that say nothing about which door."""

WHOLE_STREETS = frozenset("broadway bowery strand piccadilly embankment".split())
"""Streets named by one word, without a type."""

COUNTRIES = frozenset(
    """
        usa us america uk gb england scotland wales britain germany deutschland france china prc
        canada australia ireland netherlands austria switzerland italy spain
    """.split()
)
STATES = frozenset(
    """
        al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj
        nm ny nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy dc pr on qc bc ab mb sk ns nb
        nsw vic qld alabama alaska arizona arkansas california colorado connecticut delaware
        florida georgia hawaii idaho illinois indiana iowa kansas kentucky louisiana maine
        maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada
        ohio oklahoma oregon pennsylvania tennessee texas utah vermont virginia washington
        wisconsin wyoming ontario quebec
    """.split()
)
COMMON_STREETS = frozenset(
    """
        main high church station park oak maple elm cedar pine walnut washington lincoln jefferson
        jackson lake hill river mill school broadway market center central union victoria king
        kings queen queens green london manor york new spring ridge sunset cherry highland forest
        chestnut franklin haupt bahnhof dorf garten schul kirch berg wald linden goethe schiller
        mozart
    """.split()
)
NOTES = frozenset(
    """
        please pls plz leave ring knock deliver delivery call phone tel mobile attn attention
        recipient porch behind beside gate code buzzer concierge reception thanks thank safe
        neighbour neighbor package courier driver backdoor frontdoor mr mrs ms miss bitte klingeln
        abgeben nachbar hinterlassen doorstep doormat garage fragile careful asap after before
        between signature
    """.split()
)
BUILDINGS = frozenset(
    """
        house hall building residence residences centre center room mailroom university union
        campus entrance left right rear upstairs downstairs cottage villa college school hospital
        hotel mall estate village tower towers works business industrial park unit back front side
    """.split()
)
"""Words of a segment that names what stands at a door rather than its town."""
