"""Anger in a text, in its words or its typography: such a customer is answered by a person."""

ANGRY = """
furious outraged outrageous scam scammer scammers scammed thief thieves liar liars lawyer lawsuit
sue suing disgusting disgusted unacceptable ridiculous idiots fuck fucking shit bullshit wtf
ripoff rip-off shame shameful robbery criminals cheaters cheated 投诉 曝光 举报 骗子 骗人 欺骗
欺诈 消费者协会 消协 工商 起诉 律师 报警 法院 垃圾 恶心 气死 太过分 无耻 坑人 黑心 要个说法 没完
他妈 尼玛 奸商 诈骗 打假 维权
"""


def shouted(text: str) -> bool:
    """Whether a text repeats `!` or `?`, names the 12315 hotline, or is half in capitals.

    Half in capitals means three long words at least, and half of all long words.

    >>> shouted("WHERE DID YOUR COURIER TAKE MY PARCEL"), shouted("Where is my parcel?")
    (True, False)
    """
    if "!!!" in text or "???" in text or "12315" in text:
        return True
    if not any(map(str.isupper, text[1:9])):
        return False
    long = [word for word in text.split() if len(word) > 3 and word.isalpha()]
    loud = sum(1 for word in long if word.isascii() and word.isupper())
    return loud >= 3 and loud * 2 > len(long)
