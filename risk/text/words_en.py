"""English word lists by what a word contributes to specificity; any other word is content."""

FUNCTION = """
a an the and or but nor so yet if then than as of to for with by about into onto upon is am are was
were be been being do does did done doing have has had having will would shall should can could
must ought it's that's there's i'm i've i'd i'll you're we're they're he's she's who whom whose
which what where when why how there here too also just even still again ever only both each either
neither such same own s t d ll re ve m o y no not st nd rd th
"""
PLACING = """
in on at from near between behind above under below across along through during before after since
until against inside outside beside within around over off out up down because due
"""
PRONOUNS = """
i me my mine myself you your yours yourself he him his she her hers it its we us our ours they them
their theirs this that these those one ones someone somebody anyone anybody everyone everybody
nobody something anything everything nothing somewhere anywhere everywhere u ur ya
"""
VAGUE = """
thing things stuff lot lots way ways kind sort sorts type types bit case cases fact point points
issue issues problem problems situation matter matters reason reasons aspect aspects factor factors
area areas level levels idea ideas people person man guy guys folks others other another various
several many much more most some any few all every whole general certain different important
significant possible available overall usual normal common basic major minor main key able like
experience experiences quality service product item items results result effect effects impact
change changes development progress approach concept issue's effort efforts challenge challenges
opportunity opportunities success value values life world future past time times day days place
places
"""
EVALUATIVE = """
good great bad best worst better worse nice awesome amazing awful terrible horrible wonderful
fantastic excellent perfect poor fine okay ok cool sweet lovely beautiful ugly boring interesting
exciting fun funny enjoyable entertaining disappointing disappointed happy sad angry pleased upset
satisfied unsatisfied unhappy love loved loves loving hate hated hates like liked likes enjoy
enjoyed recommend recommended favorite favourite incredible brilliant stupid crazy weird strange
hard easy simple difficult cute lol omg haha wow yay lmao damn hell shit fuck fucking please
thanks thank sorry unacceptable ridiculous garbage trash rubbish worthless useless pathetic
impressive compelling powerful charming delightful solid decent mediocre lame dull superb
outstanding memorable clever delicious tasty yummy friendly polite rude helpful professional
"""
INTENSIFIERS = """
very really quite so too pretty rather extremely absolutely totally completely truly highly super
incredibly definitely certainly surely always never ever actually basically literally simply
especially particularly honestly seriously obviously clearly indeed
"""
HEDGES = """
maybe perhaps possibly probably apparently seemingly presumably supposedly somewhat sometimes
somehow likely unlikely seem seems seemed appear appears appeared guess suppose believe think
thought feel feels felt might may could around roughly approximately almost nearly generally
usually often mostly largely partly kinda sorta hopefully suspect suspected unsure uncertain
unclear doubt assume assumed dunno
"""
COMMON_VERBS = """
get gets got getting gotten go goes going went gone come comes came coming make makes made making
take takes took taken taking give gives gave given giving know knows knew known see sees saw seen
seeing look looks looked looking want wants wanted need needs needed try tries tried trying use
uses used using find finds found keep keeps kept let lets put say says said saying tell tells told
ask asks asked work works worked working help helps helped show shows showed seem become becomes
became leave leaves left call calls called feel mean means meant start started begin began turn
turned happen happened happens bring brought live believe hold provide provides provided include
includes included continue set learn lead understand watch follow stop create speak read allow add
spend grow open walk win offer remember consider buy bought serve send sent expect build stay fall
cut reach kill remain suggest raise pass sell require report decide pull order ordered return
returned receive received arrive arrived refund refunded deliver delivered think thinking new old
big small little long short high low large early late young right left wrong real true false sure
last next first second back away far well now then today tonight year years month months week weeks
home house work school money job part end side hand name number group company system program
question government country state family friend friends food place movie film story show book game
video music line
"""
NUMBER_WORDS = """
two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds
thousand thousands million millions billion billions trillion dozen dozens half third quarter twice
thrice double once percent
"""
TIMES = """
monday tuesday wednesday thursday friday saturday sunday january february march april june july
august september october november december jan feb mar apr jun jul aug sep sept oct nov dec
yesterday tomorrow morning afternoon evening midnight noon weekend spring summer autumn winter
christmas easter thanksgiving am pm o'clock minute minutes hour hours decade century
"""
UNITS = """
kg g mg lb lbs oz km m cm mm mile miles inch inches foot feet meter meters metre metres gram grams
litre liter liters ml gb mb tb mah watt watts volts degrees dollars dollar euros euro pounds yuan
rmb usd cents hz mph acres tons
"""
GOODS = """
item items product products goods package parcel box packaging label size sizing colour color fabric
material quality screen battery charger button zipper seam stain scratch crack dent smell smells
expired rotten leak leaking broken damaged defective faulty cracked torn stained worn opened wrapped
delivered delivery courier shipping shipped tracking arrived received missing fake counterfeit
genuine authentic original description photo picture listing seller model brand piece parts manual
fit fits tight loose charging
"""
PROCESS = """
refund refunded return returned money back cancel cancelled compensation exchange replace
replacement buy bought purchase purchased ordered price paid pay charged want need
"""
