"""English words and phrases that say what happened to an order."""

from risk.text.harm_words import HARM_PHRASES, HARM_WORDS

STORY = {
    "RECEIVED": "received receive receiving arrived arrive arrives came delivered",
    "NOT_RECEIVED": "undelivered",
    "USED": "wore worn wearing washed washing installed ate eaten drank",
    "DAMAGED": """
        broken damaged cracked torn dented shattered scratched crushed leaked leaking smashed
        ripped snapped broke breaks tore
    """,
    "DEFECTIVE": """
        defective faulty malfunction malfunctioning malfunctions malfunctioned overheats glitch
        glitchy unusable
    """,
    "MISSING": "missing incomplete shortage",
    "COUNTERFEIT": "fake counterfeit replica knockoff imitation unauthentic inauthentic",
    "NOT_AS_DESCRIBED": "misleading misdescribed mismatch",
    "UNWANTED": "unwanted unneeded",
    "POOR": """
        poor terrible awful horrible garbage trash rubbish worthless useless crap junk flimsy shoddy
        cheaply split chipped bent stained stain stains hole holes loose detached
        peeling peeled frayed leaks leak mould mold mouldy moldy rotten spoiled expired stale rusty
        rust smells stinks dead silent noisy sparks weak flickers flickering wobbles crooked brok
    """,
    "LATE": "late delayed delay delays",
    "FIT": "oversized undersized",
    "HARM": HARM_WORDS,
}
"""Names of `tags` → words."""

PHRASES = {
    "RECEIVED": """
        got it, got this, got item, got package, got parcel, opened it, opened box, opened package,
        opened parcel, opening it, opening box, opening package, opening parcel
    """,
    "NOT_RECEIVED": """
        not here, still waiting -word, no parcel, no package, no delivery, no order,
        where is +goods, nothing came -out, nothing arrived -out, not come -out, didn't come
        -out, hasn't come -out, haven't come -out, received nothing, got nothing,
        never got -word, didn't get -word, not get -word, yet to -word, never showed, didn't show,
        not show, was lost -wash, got lost -wash, been lost -wash, lost in -wash, package lost,
        parcel lost, lost package, lost parcel, no sign -wear, haven't got -word
    """,
    "USED": """
        used it, used once, used twice, used them, used for, been using, after using, tried it,
        tried on, started using
    """,
    "DEFECTIVE": """
        stopped working, not working, doesn't work, doesnt work, didn't work, won't turn,
        won't charge, not turn, not charge, doesn't turn, doesn't charge, not power, not work,
        won't work, is dead, went dead, stopped charging, keeps restarting, quit working,
        no longer -need
    """,
    "WRONG_ITEM": """
        wrong item, wrong product, wrong color, wrong colour, wrong model, wrong order, wrong one,
        wrong size, sent wrong, different item, different product, another item,
        someone else's -place, not ordered
    """,
    "MISSING": """
        not included, not inside, only received, empty box, empty package, box empty, was empty,
        nothing inside, nothing in it, nothing in box, nothing in parcel
    """,
    "COUNTERFEIT": "not genuine, not authentic, not original, not real",
    "NOT_AS_DESCRIBED": """
        not as described, not as advertised, not as pictured, isn't as described,
        wasn't as described, nothing as described, different from, not match -room,
        doesn't match -room, looks different, nothing like
    """,
    "UNWANTED": """
        no longer +need, don't want -asked, dont want -asked, not want -asked, don't need -asked,
        dont need -asked, not need -asked, don't want to keep, not want to keep, regret buying,
        regret it, regret ordering
    """,
    "BY_CHOICE": """
        found better, no longer required, no longer interested, don't like -manner, dont like
        -manner, didn't like -manner, doesn't like -manner, not like it, doesn't suit, didn't suit,
        doesn't match +room, not match +room, not style, not taste, not to taste, no use for, any
        use for, no need for it, not needed, no room for, no space for, already bought -part,
        already ordered -part, already purchased -part, already own, already have one, already have
        it, already have same, already have two, already have another, already have already,
        already has one, already has it, already has same, already had one, already had same,
        already got one, already got same, have one already, has one already, had one already, got
        one already, bought one already, have already one, got one for, bought same, ordered same,
        got same, getting same, have two now, got two now, have two of, too big for +room, too
        large for +room, too small for +room, too long for +room, too wide for +room, too tall for
        +room, bought twice, bought it twice, ordered twice, ordered it twice, got one as gift, got
        it as gift, received one as, was given one, been given one, someone gave
    """,
    "BY_CHOICE NEEDLESS": """
        changed mind, changed minds, change of mind, changed plans, plans changed, plan changed,
        second thoughts, impulse buy, impulse purchase, on impulse, on whim, cheaper elsewhere,
        cheaper somewhere, found cheaper, found it cheaper, cheaper at, cheaper on, for less
        elsewhere, two accidentally, twice accidentally, double order, duplicate order, ordered
        double, both ordered, both bought, bought too many, ordered too many, bought too much,
        ordered too much, trip was cancelled, trip is cancelled, trip cancelled, trip that was
        cancelled, wedding cancelled, wedding was cancelled, party cancelled, party was cancelled,
        event cancelled, event was cancelled
    """,
    "MISTAKE": """
        by mistake +own -theirs, by accident +own -theirs, own mistake, ordered wrong -sent,
        bought wrong -sent, chose wrong, picked wrong, selected wrong, clicked wrong,
        accidentally ordered, accidentally bought, accidentally clicked
    """,
    "LATE": "too late, took weeks, took forever, so long, taking too, took too, waited too",
    "DOUBLE_CHARGE": """
        charged twice, double charged, charged double, paid twice, two charges, billed twice,
        double charge, duplicate charge
    """,
    "FIT": """
        too small, too big, too tight, too loose, too short, too long -wait, too large,
        doesn't fit, not fit, didn't fit
    """,
    "HARM": HARM_PHRASES,
    "SOUND": """
        nothing wrong -beside, nothing is wrong -beside, nothing was wrong -beside,
        nothing's wrong -beside, anything wrong -beside, nothing matter, not broken, isn't broken,
        not damaged, isn't damaged, not defective, isn't defective, not faulty, isn't faulty,
        no defect, no defects, no fault -beside, no damage -beside, no problem with it,
        no problems with it, no issue with it, no issues with it, works fine -yet, works perfectly
        -yet, works well -yet, works great -yet, working fine -yet, perfectly fine,
        perfect condition, perfectly good, it's fine, it is fine, they are fine, they're fine,
        item is fine, product is fine, everything is fine, everything fine, it's perfect,
        it is perfect, it's ok, its fine, its perfect, its ok, good with it,
        works as it should, everything was there, quality is good, quality is fine,
        quality is great
    """,
    "PICKED": """
        told me to, asked me to, made me pick, made me choose, made me select, had to pick,
        had to choose, had to select, could only pick, could only choose, could only select,
        only option, no other option, no other reason, actual reason, real reason
    """,
    "SOUND BY_CHOICE": "fair i just don't want, honest i just don't want, actually just don't want",
    "POOR": """
        not good, no good, came off, came apart, came loose, fell off, fell apart, falls apart,
        falling apart, came out, worn out, bad quality, low quality, poor quality, used one
    """,
}
"""Names of `tags` → words in a row, articles left out, divided by commas; `+SET`: only with one of
`SETS` near it, `-SET`: not before one of them."""

SETS = {
    "word": """
        email e-mail mail message notification notice reply response answer refund call update
        updates receipt text code money hear invoice work working start started stay charge connect
        open turn on
    """,
    "goods": "parcel package order it item delivery shipment goods stuff thing things box product",
    "out": "out up through on off with undone apart clean loose",
    "wash": "wash washing translation weight colour color",
    "wear": "wear use damage",
    "place": "house door address porch name flat home garden mailbox",
    "need": "need needs needed want wants wanted required require interested use",
    "asked": """
        refund replacement exchange repair another voucher vouchers coupon credit trouble hassle
        problems problem any anything to wait money compensation discount points fake one's broken
        partial half store
    """,
    "own": """
        i i've we ordered bought purchased clicked picked selected chose placed pressed ordering
        added buying
    """,
    "theirs": "you you've they sent send packed seller shop shipped someone",
    "sent": "sent came arrived delivered received was in inside",
    "manner": "being how service to when having complaining waiting that your asking",
    "room": """
        room kitchen bedroom bathroom living flat apartment house home wall walls desk table space
        corner garage balcony door doorway shelf sofa couch curtain curtains shoes dress outfit
        furniture decor bag carpet floor suit hair skin car
    """,
    "part": "battery batteries spare part parts new cable charger filter replacement screws",
    "wait": """
        wait waited waiting take takes taking took taken arrive come coming deliver delivery ago
    """,
    "beside": """
        box packaging package parcel wrapping shop store seller delivery courier service size colour
        color outside outer visible visibly shipping price
    """,
    "yet": "for except until only sometimes then when",
}
"""Names → words beside which a phrase counts or does not."""
BEYOND = {"word": 3, "goods": 1, "room": 4, "yet": 1, "sent": 2, "need": 1, "wait": 2, "out": 1}
"""How many words on they may stand; by default three."""
EITHER_SIDE = "own theirs beside wait"
"""Names of `SETS` whose words may stand before the phrase as well."""

FAILS = "won't wont can't cant cannot doesn't doesnt wouldn't couldn't stopped keeps refuses"
NOT_OF_GOODS = """
want need like fit suit match use return keep afford wait get take find wear go look believe
understand really even say see have a accept agree trust arrive come answer reply contact pay be
"""
"""After one of `FAILS`, what is not said of an article that fails."""

OPENED = "unboxed unpacked unopened sealed unsealed"
SKIPPED = "the a an my this our your all"
NEGATIONS = """
not no never none nobody nothing n't cannot can't won't don't doesn't didn't isn't wasn't aren't
weren't haven't hasn't hadn't wouldn't couldn't without nor neither havent didnt hasnt dont wasnt
doesnt isnt arent werent hadnt cant wont ain't aint dint dun didn dnt nvr unopened belum tak tidak
takde nunca
"""
DENIALS = """
not never n't isn't wasn't aren't weren't haven't hasn't hadn't didn't don't doesn't havent hasnt
hadnt
didnt dont isnt wasnt won't can't
"""
REPORTS = """
say says said saying shows showed showing states stated claim claims claimed tracking status marked
delivered supposedly told text notified informed according
"""
SAYERS = "seller sellers shop store support listing described description advert they told"
PAPERS = """
email e-mail mail message notification notice reply response answer refund call update updates
confirmation receipt text code money label off out apart
"""
ELSEWHERE = """
by depot hub facility centre center warehouse office post city country customs airport station
neighbour neighbor neighbour's neighbor's wrong someone somebody stranger
"""
UNREAL = """
will would should supposed expected due hoping hope waiting wait promised estimated scheduled if
until
unless before want wants can could may might neighbour neighbor neighbours neighbors roommate
someone
somebody porter concierge guard
"""
ROUTE = """
tracking tracker courier locker mailbox letterbox website site app page system signature delivery
driver postman link website's couriers
"""
AWAY = """
divorce unemployed fired rent landlord mortgage loan debt debts
weather politics election president exam exams homework boss salary breakup lottery stocks bitcoin
asdf asdfgh qwerty blah lol haha hahaha whatever
"""
