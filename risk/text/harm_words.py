"""Words of both languages that say that somebody was hurt or made ill, or nearly, or that something
burned, or that its maker recalled it."""

HARM_WORDS = """
exploded explodes exploding explosion electrocuted injured injuries injury poisoned
poisoning ambulance rash hives dangerous hazardous
"""
HARM_PHRASES = """
caught fire, on fire, burst into, electric shock, electrical shock, allergic reaction,
burned hand, burned hands, burned finger, burned fingers, burned face, burned arm, burned
leg, burned me, burned his, burned her, burnt hand, burnt hands, burnt finger, burnt
fingers, burnt face, burnt arm, burnt leg, burnt me, burnt his, burnt her, cut hand, cut
finger, made ill, made sick, got sick, fell ill, swollen battery, battery swollen, battery
is swollen, battery swelled, battery bulging, bulging battery, is swollen, started smoking,
began smoking, smoke came, smoke coming, burning smell, burnt smell, smells burnt, smells
burning, smelled burnt, smell of burning, sparks came, sparks flew, threw sparks, short
circuit, gas leak, leaks gas, brake failed, brakes failed, nearly fell, almost fell, nearly
burned, almost burned, nearly choked, almost choked, choked on, choking hazard, plug melted,
charger melted, socket melted, gave me shock, gave us shock, gave him shock, gave her shock,
zapped me, cut his hand, cut her hand, cut his finger, cut her finger, cut his lip, cut her
lip, cut himself, cut herself, cut myself, hurt myself, hurt himself, hurt herself, hurt
back, hurt his back, hurt her back, broke his arm, broke her arm, broke his leg, broke her
leg, broke his wrist, broke her wrist, collapsed under me, collapsed under him, collapsed
under her, collapsed while i sat, eyes swelled, face swelled, lips swelled, swollen eyes,
swollen face, swollen lips, eyes are swollen, face is swollen, burned hole, burnt hole,
nearly crashed, almost crashed, brake did not, brakes did not, brake didn't, brakes didn't,
got shock from, maker recalled, maker has recalled, manufacturer recalled, manufacturer has
recalled, brand recalled, brand has recalled, recalled by the maker, recalled by the
manufacturer, recalled by the brand, safety recall, product recall, recall notice
"""
HARM_ZH = """
爆炸 起火 着火 自燃 冒烟 触电 漏电 电到 烧伤 烫伤 灼伤 割伤 扎伤 受伤 食物中毒 中毒 过敏 红疹
起疹子 上吐下泻 拉肚子 腹泻 呕吐 送医 送医院 急诊 就医 烧焦 焦味 焦糊味 糊味 火花 短路
漏煤气 漏燃气 刹车失灵 差点摔 差点烧 差点烫 差点电 差点噎 危险 噎到 噎着 险些 割破手 割破了手
手割破 割破嘴 割破了嘴 嘴割破 嘴唇割破 割到手 扎破手 扎到手 扎破了手 刺伤 夹伤 砸伤 砸到头 断了摔
断裂摔 塌了摔 散架摔 窒息 烂脸 烧脸 脸肿 眼睛肿 嘴肿 嘴唇肿 皮肤红肿 烧了个洞 烧出个洞 烧了一个洞
烧穿 被电了 电了我 电了一下 刹不住 没刹住 差点出事 冒火星 摔伤了腰 摔伤了腿 摔伤了手 摔伤了头
摔骨折 电池鼓包 电池都鼓包 电池鼓起 电池鼓了 充电宝鼓包 手机鼓包 平板鼓包 后盖鼓包
发烫鼓包 发热鼓包 鼓包发烫 鼓包漏液 召回通知 召回公告 召回名单 厂家召回 厂商召回 厂家已召回
厂商已召回 品牌召回 品牌方召回 官方召回 产品召回 安全召回
"""
