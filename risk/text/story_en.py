"""English words and word pairs that say what happened to an order."""

STORY = {
    "RECEIVED": """
        received receive receiving arrived arrive arrives came delivered
    """,
    "NOT_RECEIVED": "undelivered",
    "USED": "wore worn wearing washed washing installed ate eaten drank",
    "DAMAGED": """
        broken damaged cracked torn dented shattered scratched crushed leaked leaking smashed
        ripped snapped
    """,
    "DEFECTIVE": """
        defective faulty malfunction malfunctioning malfunctions malfunctioned overheats glitch
        glitchy unusable
    """,
    "MISSING": "missing incomplete shortage",
    "COUNTERFEIT": "fake counterfeit replica knockoff imitation unauthentic inauthentic",
    "NOT_AS_DESCRIBED": "misleading misdescribed mismatch",
    "UNWANTED": "unwanted unneeded",
    "LATE": "late delayed delay delays",
    "FIT": "oversized undersized",
    "HARM": """
        exploded explodes exploding explosion electrocuted injured injuries injury poisoned
        poisoning ambulance rash hives
    """,
}
"""Names of `tags` → words."""

PAIRS = {
    "RECEIVED": """
        got it, got this, got item, got package, got parcel
    """,
    "NOT_RECEIVED": """
        not here, still waiting, no parcel, no package, no delivery, no order, where is,
        nothing came, nothing arrived, received nothing, got nothing, never got, didn't get,
        not get, yet to, never showed, didn't show, not show, was lost, got lost, been lost,
        lost in, package lost, parcel lost, lost package, lost parcel, no sign, haven't got
    """,
    "USED": """
        used it, used once, used twice, used them, used for, been using, after using, tried it,
        tried on, started using
    """,
    "DEFECTIVE": """
        stopped working, not working, doesn't work, doesnt work, didn't work, won't turn,
        won't charge, not turn, not charge, doesn't turn, doesn't charge, not power, not work,
        won't work, is dead, went dead, stopped charging, keeps restarting, quit working
    """,
    "WRONG_ITEM": """
        wrong item, wrong product, wrong color, wrong colour, wrong model, wrong order, wrong one,
        wrong size, sent wrong, different item, different product, another item, someone else's,
        not ordered
    """,
    "MISSING": """
        not included, not inside, only received, empty box, empty package, box empty, was empty
    """,
    "COUNTERFEIT": "not genuine, not authentic, not original, not real",
    "NOT_AS_DESCRIBED": """
        as described, as advertised, as pictured, different from, not match, doesn't match,
        looks different, nothing like
    """,
    "UNWANTED": """
        changed mind, no longer, don't want, dont want, not want, don't need, not need, don't like,
        didn't like, by mistake, by accident, cheaper elsewhere, found cheaper
    """,
    "LATE": "too late, took weeks, took forever, so long",
    "DOUBLE_CHARGE": """
        charged twice, double charged, charged double, paid twice, two charges, billed twice,
        double charge, duplicate charge
    """,
    "FIT": """
        too small, too big, too tight, too loose, too short, too long, too large, doesn't fit,
        not fit, didn't fit
    """,
    "HARM": """
        caught fire, on fire, burst into, electric shock, electrical shock, allergic reaction,
        burned hand, burned hands, burned finger, burned fingers, burned face, burned arm, burned
        leg, burned me, burned his, burned her, burnt hand, burnt hands, burnt finger, burnt
        fingers, burnt face, burnt arm, burnt leg, burnt me, burnt his, burnt her, cut hand, cut
        finger, made ill, made sick, got sick, fell ill
    """,
    "SOUND": """
        nothing wrong, not broken, isn't broken, not damaged, isn't damaged, not defective, isn't
        defective, not faulty, isn't faulty, no defect, no defects, no fault, no damage, works fine,
        works perfectly, works well, working fine, perfectly fine, perfect condition, perfectly good
    """,
}
"""Names of `tags` → two words in a row, articles left out, divided by commas."""

OPENED = "unboxed unpacked unopened sealed unsealed"
SKIPPED = "the a an my this our your all"
NEGATIONS = """
not no never none nobody nothing n't cannot can't won't don't doesn't didn't isn't wasn't aren't
weren't haven't hasn't hadn't wouldn't couldn't without nor neither havent didnt hasnt dont wasnt
unopened
"""
REPORTS = """
says said shows showed showing states stated claims claimed tracking status marked delivered
supposedly
"""
SAYERS = "seller sellers shop store support listing described description advert they told"
PAPERS = """
email e-mail mail message notification notice reply response answer refund call update updates
confirmation receipt text code money label
"""
AWAY = """
hospital surgery funeral death divorce unemployed fired rent landlord mortgage loan debt debts
weather politics election president exam exams homework boss salary breakup lottery stocks bitcoin
asdf asdfgh qwerty blah lol haha hahaha whatever
"""
