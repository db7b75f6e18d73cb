"""Words of the forms: payment names, charge categories, insurance levels, labels (DOMAIN notes 1.2, 1.3, 1.6, 1.10)."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache


class Pay(StrEnum):
    """What a payment is, whatever the form calls it. Values are the service document's names where it has one."""

    SELF_1 = "自付一"
    """Inside the catalogue, borne by the person: deductible, co-payment, above the cap."""
    SELF_2 = "自付二"
    """The first share of class B items."""
    OWN = "自费"
    """Outside the catalogue."""
    CASH = "现金支付"
    ACCOUNT = "个人账户支付"
    FUND = "基金支付"
    CIVIL = "民政救助"
    SERIOUS = "大病救助"
    OTHER_FUND = "其他支付"
    PERSON_TOTAL = "个人支付金额"
    """Account and cash together; not among the eight documented names, yet usual in answers."""


DOCUMENTED_PAYMENTS = frozenset({
    Pay.SELF_1, Pay.SELF_2, Pay.OWN, Pay.CASH, Pay.ACCOUNT, Pay.FUND, Pay.CIVIL, Pay.SERIOUS,
})  # fmt: skip

_PAYMENT_SYNONYMS = {
    Pay.SELF_1: "自付一 自付1 自付金额一 自负 个人自负 个人自付 自付 个人自付金额",
    Pay.SELF_2: "自付二 自付2 自付金额二 自理 个人自理 分类自负 乙类自理 乙类自付 先行自付 乙类先行自付",
    Pay.OWN: "自费 个人自费 自费金额 个人自费金额 全自费 丙类自费",
    Pay.CASH: "现金支付 个人现金支付 现金 个人现金",
    Pay.ACCOUNT: "个人账户支付 个人帐户支付 账户支付 帐户支付 医保账户支付 个人账户 账户",
    Pay.FUND: "基金支付 医保统筹基金支付 统筹基金支付 医保基金支付 统筹支付 医保统筹支付 医保支付 统筹",
    Pay.CIVIL: "民政救助 医疗救助 民政补助 医疗救助支付",
    Pay.SERIOUS: "大病救助 大病保险 大病支付 大病保险支付 大病救助支付 大病补助",
    Pay.OTHER_FUND: "其他支付 其他医保支付 公务员补助 公务员医疗补助 大额补助 大额支付 门诊大额支付",
    Pay.PERSON_TOTAL: "个人支付金额 个人支付 个人支付合计 个人应付总金额 个人应付",
}
_PAYMENT_OF = {word: kind for kind, words in _PAYMENT_SYNONYMS.items() for word in words.split()}

FUND_PAYMENTS = (Pay.FUND, Pay.SERIOUS, Pay.CIVIL, Pay.OTHER_FUND)
"""Paid by somebody else than the person."""

CATEGORIES = {
    "西药费": "西药 西药费 西成药费",
    "中成药费": "成药 成药费 中成药 中成药费",
    "中药饮片费": "中草药 中草药费 草药费 中药饮片 中药饮片费 饮片费 中药费 中药",
    "诊察费": "诊查费 诊察费 诊疗费 诊查 医事服务费 一般诊疗费 诊金",
    "化验费": "检验费 化验费 检验 化验",
    "检查费": "检查费 检查 放射费 CT费 CT MRI MRI费 核磁费 B超 B超费 超声 超声费 心电 心电费 特检费",
    "治疗费": "治疗费 治疗 输氧费 输血费",
    "卫生材料费": "材料费 卫生材料费 耗材费 材料",
    "床位费": "床位费 床位",
    "手术费": "手术费 手术",
    "护理费": "护理费 护理",
    "挂号费": "挂号费 挂号",
    "其他费": "其他费 其他 其它费 其它",
    "舍入费": "舍入费 舍入 误差 四舍五入 尾数 舍入误差 舍入金额",
}
"""National charge-item names with the synonyms of older forms."""
_CATEGORY_OF = {word.casefold(): name for name, words in CATEGORIES.items() for word in words.split()}

ROUNDING = "舍入费"
SERVICES = frozenset({"诊察费", "化验费", "检查费", "床位费", "手术费", "护理费", "挂号费"})
"""What is done, not handed out."""
HERBS = "中药饮片费"
"""Weighed in grams, given in doses."""

_LEVELS = {
    "甲": "甲 甲类 a 无自付 无自负 1 医保甲类",
    "乙": "乙 乙类 b 有自付 有自负 2 医保乙类",
    "丙": "丙 丙类 c 全自付 全自负 自费 全自费 3 保外全自付 丙类自费",
}
_LEVEL_OF = {word: level for level, words in _LEVELS.items() for word in words.split()}

_UNINSURED = frozenset({"自费", "普通自费", "全自费", "现金", "自费病人", "自费患者", "无医保", "07"})

_LABELS = """
收款人 姓名 性别 收款单位 收款单位(章) 医疗机构类型 医保类型 社会保障号码 社会保障卡号 门诊号
业务流水号 票据号码 票据代码 校验码 开票日期 开票人 复核人 交款人 合计 金额 数量 单价 项目 规格 项目/规格
等级 备注 小计 合计(小写) 合计(大写)
"""
LABELS = frozenset(_LABELS.split())
"""Captions of the forms; one of them as a value means that the reader took the label."""

_NOISE = re.compile(r"[\s:：。.·_*]+")


@lru_cache(maxsize=16384)
def plain(text: str) -> str:
    """NFKC, without spaces and separators: the form in which names are compared."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=4096)
def payment_kind(name: str | None) -> Pay | None:
    """`None` for a name that is not known: the enumeration is open."""
    return _PAYMENT_OF.get(plain(name or "").removesuffix("(元)"))


@lru_cache(maxsize=4096)
def category_name(name: str | None) -> str:
    """One name for all synonyms of a charge category; an unknown one stays as it is, "" for none."""
    word = plain(name or "")
    return _CATEGORY_OF.get(word.casefold(), word)


@lru_cache(maxsize=1024)
def level_of(level: str | None) -> str | None:
    """甲, 乙 or 丙; `None` when the level is not printed or not understood."""
    return _LEVEL_OF.get(plain(level or "").casefold())


def is_uninsured(medical_insurance_type: str | None) -> bool:
    """The patient pays all: 医保类型 自费, 现金 …"""
    return plain(medical_insurance_type or "") in _UNINSURED


def is_label(text: str | None) -> bool:
    return plain(text or "") in LABELS
