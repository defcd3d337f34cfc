"""Tags of words, as bits: what a word of a reason can stand for."""

NEGATION = 1
HEDGE = 1 << 1
REPORT = 1 << 2  # says, shows, 显示: what follows is somebody else's claim
GOODS = 1 << 3  # about an article, its condition, its parcel
PROCESS = 1 << 4  # about refunds and money only
COMMON = 1 << 5  # common to all complaints: tells nothing of who wrote it
UNIT = 1 << 6
ANGER = 1 << 7

RECEIVED = 1 << 8
NOT_RECEIVED = 1 << 9
USED = 1 << 10
DAMAGED = 1 << 11
DEFECTIVE = 1 << 12
WRONG_ITEM = 1 << 13
MISSING = 1 << 14
COUNTERFEIT = 1 << 15
NOT_AS_DESCRIBED = 1 << 16
UNWANTED = 1 << 17
LATE = 1 << 18
DOUBLE_CHARGE = 1 << 19
FIT = 1 << 20  # too small, 偏大: said of what one has tried on
HARM = 1 << 25  # somebody was hurt or made ill, or it burned or exploded
SOUND = 1 << 26  # nothing is wrong with the article
BY_CHOICE = 1 << 27  # not wanted for a cause of the customer's own: changed mind, 拍错, have one
POOR = 1 << 28  # something is wrong with it, in words that name no fault: won't close, 质量差
PART = 1 << 29  # a part of what was ordered is missing or at fault, in so many words
PICKED = 1 << 30  # somebody had the customer pick another reason, or no other was there
MISTAKE = 1 << 22  # by choice, since its customer ordered the wrong one
NEEDLESS = 1 << 35  # by choice, whatever the article is like: bought twice, the trip is off
MINOR = 1 << 36  # a child bought it
COURTESY = 1 << 38  # next to nothing is said beside polite words
DEPOSIT = 1 << 37  # 定金 was paid, which is not given back to who changes their mind
PRICE_FELL = 1 << 39  # the price fell after the purchase, or a coupon was forgotten
OWN_ADDRESS = 1 << 40  # its customer gave another address by mistake
REFUSED = 1 << 41  # its customer refused the parcel at the door
UNSENT = 1 << 42  # nothing was sent yet
BY_FITTER = 1 << 43  # whoever fitted it damaged it
DEAD_ANIMAL = 1 << 44  # an animal that was bought is dead or dying
OCCURRENCES = PRICE_FELL | OWN_ADDRESS | REFUSED | UNSENT | BY_FITTER | DEAD_ANIMAL
STORIES = ((1 << 21) - 1) ^ ((1 << 8) - 1) | HARM | SOUND | BY_CHOICE | POOR | PART | PICKED
STORIES |= MISTAKE | NEEDLESS | MINOR | DEPOSIT | COURTESY | OCCURRENCES
"""All bits of what a text says has happened."""

LATIN = 1 << 21  # any word that is not Chinese
OPENED = 1 << 23  # opened or unopened, it is in hand
AWAY = 1 << 24  # of life at large: illness, rent, weather
PAPER = 1 << 34  # an e-mail, 短信: what one receives that is no article
UNREAL = 1 << 32  # will, 什么时候, a neighbour: what comes next has not come to them
PASSED = 1 << 31  # by, the depot, 驿站: it was received there, or by somebody else
ROUTE = 1 << 33  # tracking, locker, 物流: a fault may be theirs

FAULTS = DAMAGED | DEFECTIVE | COUNTERFEIT | NOT_AS_DESCRIBED

TOPIC_SHIFT = 48
"""Bits from here on are the kinds of goods of `topics`."""
