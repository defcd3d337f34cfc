"""Words that no model learns from: of health, sex, age, origin, belief, family, means and places.

They say who somebody is, not what happened to the goods. Names, numbers and mentions are left out
by their form (`content`). No list has every such word, so a word also has to be used by several
customers before a training gives it any weight.
"""

_EN = """
 pregnant pregnancy maternity miscarriage disabled disability wheelchair blind deaf cancer
 diabetes diabetic asthma allergic allergy depression depressed anxiety autism autistic adhd
 epilepsy dementia covid hiv hospital hospitalised hospitalized surgery chemo doctor nurse
 therapist medication medicine insulin illness ill sick disease patient period menstrual man men
 woman women male female boy boys girl girls lady ladies gentleman guy gay lesbian trans
 transgender queer bisexual husband wife boyfriend girlfriend mother father mom mum dad mommy
 daddy grandma grandpa grandmother grandfather grandson granddaughter grandchildren son daughter
 sister brother aunt uncle niece nephew widow widower fiance bride mr mrs ms miss sir madam
 divorce divorced old elderly pensioner retired retiree senior teenager teen young age aged years
 birthday baby toddler child children kid kids newborn black white asian african european indian
 chinese american english british french german polish russian arab arabic turkish mexican latino
 hispanic immigrant refugee foreigner foreign native gypsy accent dialect nationality visa asylum
 muslim islam islamic christian catholic jewish jew hindu buddhist church mosque temple prayer god
 allah jesus ramadan christmas easter hanukkah eid religion religious halal kosher republican
 democrat party election vote union strike protest poor poverty broke unemployed jobless welfare
 benefits homeless debt student salary rent prison jail police convicted
""".split()  # fmt: skip
_ZH = """
 怀孕 孕妇 孕期 流产 残疾 残疾人 轮椅 失明 耳聋 癌症 糖尿病 哮喘 过敏 抑郁 抑郁症 焦虑 自闭症 癫痫
 新冠 艾滋 医院 住院 手术 化疗 医生 护士 药物 生病 疾病 病人 月经 姨妈 男人 女人 男士 女士 男生
 女生 男孩 女孩 先生 小姐 太太 同性恋 老公 老婆 丈夫 妻子 男友 女友 男朋友 女朋友 妈妈 爸爸 母亲
 父亲 奶奶 爷爷 外婆 外公 姥姥 姥爷 孙子 孙女 儿子 女儿 姐姐 妹妹 哥哥 弟弟 阿姨 叔叔 寡妇 离婚
 老人 老年 老年人 退休 年龄 岁 生日 宝宝 婴儿 孩子 小孩 儿童 学生 大学生 汉族 回族 藏族 维吾尔族
 蒙古族 满族 壮族 苗族 彝族 少数民族 民族 外国人 老外 外地人 农村 农民工 口音 方言 国籍 北京 上海
 天津 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 广西 海南
 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 西藏 宁夏 新疆 香港 澳门 东北 伊斯兰 穆斯林 基督 基督教
 天主教 佛教 道教 教堂 清真 清真寺 寺庙 信仰 宗教 菩萨 上帝 真主 党员 选举 工会 罢工 抗议 贫困 穷
 穷人 失业 低保 无家可归 欠债 工资 房租 监狱 坐牢 警察
""".split()  # fmt: skip
SENSITIVE = frozenset((*_EN, *_ZH))
