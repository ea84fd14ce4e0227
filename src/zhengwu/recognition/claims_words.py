"""The words by which a sentence says what a number is: compared, shared out, completed, explained."""

import re

TOKEN = re.compile(
    r"(?P<number>(?<![\d.,\-+*~～])[-－]?\d[\d,，]*(?:\.\d+)?)\s*(?:(?P<unit>亿元|万元|千元|元)|(?P<percent>[%％﹪])(?!以上|以下|的?个百分点))"
    r"|(?P<flat>(?:持平|(?:一致|相同|不变|无变化|没有变化|无增减变化|无增减)(?=[。，；,;）)]|$)))"
    r"|(?P<versus>(?:大于|小于|等于|高于|低于|多于|少于)(?=(?:年初|全年|调整|当年)?预算数?)(?!预算数?\d))"
)
# Without one of these a paragraph states nothing: most do not.
STATES = re.compile(r"[元%％﹪]|持平|一致|相同|不变|变化|增减|预算")
THRESHOLD = re.compile(r"^\s*(?:[（(]含[)）])?\s*(?:以上|以下|以内|及以上|左右的标准)")
RANGE_OR_LIST = re.compile(r"\d\s*(?:至|到|—|–)\s*$|(?<![年度月])\s*\d+\.\d+\s*[，,、和及]\s*$")

UP = "增加|增长|上升|提高|上涨|增|多|上调"
DOWN = "减少|下降|降低|压减|压缩|缩减|减|少|下调|节约"
CHANGE = re.compile(
    rf"(?<![至不])(?:(?P<up>{UP})|(?P<down>{DOWN}))(?:[（(](?:{UP}|{DOWN})[)）])?(?:了|约|率|额|幅度|比例|幅|支出|收入|资金|为|各)*[:：]?\s*$"
)
AGAINST_BUDGET = re.compile(
    r"(?:(?P<up>大于|高于|超过?|超出)|(?P<down>小于|低于|少于))(?:年初|全年|调整|当年)?预算数?[:：]?\s*$"
)
CHANGE_AHEAD = re.compile(rf"\s*(?:相比较?|比)?[，,]?\s*(?:本年)?(?:{UP}|{DOWN}|持平)")
COMPARED = re.compile(
    r"同比|(?<!相)对比(?=$|[，,])|(?:比|较|与|同|和)(?P<base>[^，。；,;]*?)(?:相比较?|比较|对比|[，,]|$)"
)
COMPARES = re.compile(r"比|较|与|同|和|上年|去年")
BASE_YEAR = re.compile(r"(?P<year>20\d\d)\s*年|上年|去年|上一年|同期")
SHARE = re.compile(
    r"(?:占|占到)(?P<whole>[^，。；,;：:]*?)(?:的|的比重为|的比例为|比重|比例|比重为|比例为|比|为|约)?\s*$"
)
OF_WHOLE = re.compile(r"占(?P<whole>[^，。；,;]*)$")
COMPLETION = re.compile(
    r"(?:完成|为|占)[^，。；,;]{0,12}预算[^，。；,;]{0,6}$|(?:完成率|执行率|执行比例|完成比例)[^，。；,;]{0,4}$"
)
COMPLETION_BASE = re.compile(r"完成[^，。；,;]{0,12}预算数?的?\s*$")
COMPLETION_AHEAD = re.compile(r"\s*(?:的)?\s*(?:\d|--|—|%)")
YEAR = re.compile(r"(?<![比较与同和至较截])(20\d\d)\s*年(?!\s*\d*\s*月)(?!以来|至)")
CLAUSE = re.compile(r"[，,；;：:。]|[（(](?=[^）)]*$)")
# What stands behind these words explains the amount before them; its own amounts are of other things.
REASON = re.compile(
    r"主要(?:变动|增减|变化)?的?(?:原因|因素|情况)|原因(?:[是为：:]|在于)|主要是|主要系|主要因为?|主要由于|是由于|主要用于(?!以下|如下)"
    r"|(?:增加|减少|增长|下降|上升|变动)的?原因"
)
REASON_GOES_ON = re.compile(r"[；;]\s*(?:其[一二三四五]|[一二三四五六七八九][是、]|[（(][一二三四五\d][）)]|[①-⑨])")
REASON_ENDS = re.compile(r"[；;]|[，,]\s*(?=[（(]?[一二三四五六七八九十]{1,2}[、）)])")
REASON_OVER = re.compile(r"以下方面|[；;](?!\s*[一二三四五六七八九][是、])[^；;]*$")
LISTING = re.compile(
    r"其中|按(?P<by>[^，。；]{2,16})(?:分类|划分|分)[，,]?(?:主要)?包括[:：]?|[，,]包括(?=[^，。；：:]{2,20}$)|(?:包括|分别为|分别是|分为|构成|以下方面|如下|具体(?:为|是)|分项情况是)[:：]|(?P<measure>收入|支出)(?:主要)?包括[:：]?"
)
AMONG = re.compile(r"(?:^|[。；;])\s*(?P<whole>[^，。；,;：:]{4,60}?)中[，,]")
STAGE_BUDGET = re.compile(r"预算")
STAGE_FINAL = re.compile(r"决算|执行数|实际")
COUNTS = re.compile(
    r"(?P<what>政府购买服务(?:的)?项目|绩效目标的?项目(?:有|共|数)?)\s*(?P<number>\d{1,4}|[一二两三四五六七八九十]{1,3})\s*[个项]"
)
HOW_MANY = re.compile(r"\d\s*[辆个批台]")
EXPLANATION = re.compile(r"名词解释|专业术语")
