"""Generated reason texts of refund requests, sentence by sentence."""

from dataclasses import dataclass

from training.simulate.phrases import Phrases, load_phrases
from training.simulate.random_draws import Dice

FAULT_WORDS = {"damaged": "damages", "not_as_described": "mismatches", "counterfeit": "mismatches"}
SUBJECTS = {"late": "road", "not_received": "road", "unwanted": "mind", "double_charge": "money"}
VISIBLE = ("damaged", "defective", "not_as_described", "wrong_item", "missing_item", "counterfeit")
CLOSED = ("？", "?", "！", "!", "。", ".")


@dataclass(frozen=True, slots=True)
class Writer:
    """The writer of a text: language and habits, shares in [0, 1]."""

    english: bool
    words: float
    vague: float
    typos: float
    temper: float


@dataclass(frozen=True, slots=True)
class TextTopic:
    """The subject of a text. `contrary` makes the text contradict the stated reason."""

    reason: str
    type: str
    category: str
    noun: int
    pieces: int = 1
    contrary: bool = False


def write_text(dice: Dice, writer: Writer, matter: TextTopic) -> str | None:
    """A text by the writer, or None where nothing is written."""
    if dice.chance(0.30 * (1 - writer.words)):
        return None
    said = load_phrases("en" if writer.english else "zh")
    if dice.chance(0.65 * (1 - writer.words) ** 1.3):
        text = _with_ending(dice, dice.pick(said.short[matter.reason]), said, 0.35)
    elif dice.chance(0.7 * writer.vague**1.3):
        text = _vague_text(dice, writer, matter, said)
    else:
        text = _full_text(dice, writer, matter, said)
    if matter.contrary and matter.reason in said.contradictions:
        joint = ". " if writer.english else "，"
        text += joint + dice.pick(said.contradictions[matter.reason])
    return _with_typos(dice, text, writer, said)


def _vague_text(dice: Dice, writer: Writer, matter: TextTopic, said: Phrases) -> str:
    """A text that says nothing that could be looked into, as long and as heated as others."""
    phrases = said.vague[SUBJECTS.get(matter.reason, "goods")]
    parts = [dice.pick(phrases)]
    if dice.chance(0.3 + 0.5 * writer.words):
        parts.append(dice.pick(phrases))
    if dice.chance(0.25 + 0.5 * writer.temper):
        parts.append(dice.pick(said.feelings))
    if dice.chance(0.35 + 0.4 * writer.words):
        parts.append(dice.pick(said.asks[dice.pick((matter.type, "any"))]))
    joint = ". " if writer.english else "，"
    text = joint.join(dict.fromkeys(parts))
    if dice.chance(0.35):
        text = dice.pick(said.openers) + text
    return _with_ending(dice, text, said, 0.5)


def _with_ending(dice: Dice, text: str, said: Phrases, chance: float) -> str:
    if text.endswith(CLOSED) or not dice.chance(chance):
        return text
    return text + dice.pick(said.ends)


def _full_text(dice: Dice, writer: Writer, matter: TextTopic, said: Phrases) -> str:
    joint = ". " if writer.english else dice.pick(("，", "。", "，", " "))
    turn = dice.below(1000)
    parts = [_core(dice, matter, said, turn)]
    if dice.chance(0.35 * writer.words):
        parts.append(_core(dice, matter, said, turn + 1))
    if dice.chance(0.3 + 0.5 * writer.words):
        subject = SUBJECTS.get(matter.reason, "goods")
        parts.append(_dated(dice, dice.pick(said.details[subject]), said))
    mild = 0.3 if matter.reason == "unwanted" else 1.0
    if dice.chance(mild * (0.12 + 0.5 * writer.temper)):
        parts.append(dice.pick(said.feelings))
    if matter.reason in VISIBLE and dice.chance(0.16):
        parts.append(dice.pick(said.proofs))
    if dice.chance(0.25 + 0.3 * writer.words):
        parts.append(dice.pick(said.asks[dice.pick((matter.type, "any"))]))
    text = joint.join(dict.fromkeys(parts))
    if dice.chance(0.3):
        text = dice.pick(said.openers) + text
    elif writer.english and dice.chance(0.7):
        text = text[:1].upper() + text[1:]
    return _with_ending(dice, text, said, 0.7)


def _core(dice: Dice, matter: TextTopic, said: Phrases, turn: int) -> str:
    """The sentence with the problem; another `turn` names another fault."""
    groups = said.goods[matter.category]
    goods = groups[matter.noun % len(groups)]
    items, troubles = goods["items"], goods[FAULT_WORDS.get(matter.reason, "faults")]
    total = max(matter.pieces, 2)
    short = 1 + dice.below(max(1, total // 2))
    core = _dated(dice, dice.pick(said.cores[matter.reason]), said)
    return core.format(
        item=items[(matter.noun // 31) % len(items)],
        what=troubles[turn % len(troubles)],
        n=short,
        total=total,
        rest=total - short,
    )


def _dated(dice: Dice, text: str, said: Phrases) -> str:
    for _ in range(text.count("{day}")):
        day = dice.pick(said.days).replace("{k}", str(1 + dice.below(28)))
        text = text.replace("{day}", day, 1)
    return text


def _with_typos(dice: Dice, text: str, writer: Writer, said: Phrases) -> str:
    """The text with typos, by the writer's rate."""
    for _ in range(3):
        if dice.chance(writer.typos):
            right, slip = dice.pick(said.swaps)
            text = text.replace(right, slip, 1)
    if writer.english and dice.chance(writer.typos):
        text = text.lower()
    if writer.english and dice.chance(0.15 * writer.temper):
        text = text.upper()
    return text


def reword(dice: Dice, text: str, english: bool) -> str:
    """The text with small changes, as in copied complaints."""
    said = load_phrases("en" if english else "zh")
    if dice.chance(0.5):
        return text
    if dice.chance(0.4) and not text.startswith(said.openers):
        text = dice.pick(said.openers) + text
    if dice.chance(0.5):
        text = _with_ending(dice, text, said, 1.0)
    if dice.chance(0.4):
        right, slip = dice.pick(said.swaps)
        text = text.replace(right, slip, 1)
    if dice.chance(0.3):
        joint = ". " if english else "，"
        text += ("" if text.endswith(CLOSED) else joint) + dice.pick(said.asks["any"])
    return text
