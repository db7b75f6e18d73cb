"""The captions of a form outside its table, and what their values look like.

Synonyms of a caption belong here: one more pattern for a caption is all that another province's form needs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ocr_providers.engine.text import DIGIT_LOOKALIKES, amount_of, squeezed
from ocr_providers.vendor_schema import date_of

Parser = Callable[[str], Any]


def _pattern(pattern: str) -> Parser:
    def parse(text: str) -> str | None:
        match = re.match(pattern, squeezed(text))
        return match[0] if match else None

    return parse


def number_text(shortest: int, longest: int) -> Parser:
    """A number that is a name: digits, kept as text with its leading zeros."""

    def parse(text: str) -> str | None:
        match = re.match(r"[\dOolI|ZzXx]+", squeezed(text))
        figures = match[0].rstrip("Xx").translate(DIGIT_LOOKALIKES) if match else ""
        return figures if shortest <= len(figures) <= longest and figures.isdecimal() else None

    return parse


def card_number(text: str) -> str | None:
    """社会保障号码: an identity number (its last place may be X) or a card number with letters."""
    match = re.match(r"[0-9A-Za-z*]{6,24}", squeezed(text))
    return match[0] if match and re.search(r"\d{3}", match[0]) else None


DATE = re.compile(r"((?:19|20)\d\d)[-./年](\d{1,2})[-./月](\d{1,2})|((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")


def day(text: str) -> date | None:
    match = DATE.search(squeezed(text).translate(DIGIT_LOOKALIKES))
    return date_of("-".join(part for part in match.groups() if part)) if match else None


def days(text: str) -> tuple[date, ...] | None:
    """Admission and discharge printed together: 2025-03-01至2025-03-04. One date alone is the admission."""
    plain = squeezed(re.sub(r"(?<=\d)\s+(?=\d)", "~", text)).translate(DIGIT_LOOKALIKES)
    read = [date_of("-".join(part for part in match.groups() if part)) for match in DATE.finditer(plain)]
    return tuple(each for each in read if each)[:2] or None


def length_of_stay(text: str) -> Decimal | None:
    """Days, with or without 天 behind; 出院 and other words are none."""
    match = re.match(r"(\d{1,4}(?:\.\d)?)(?=$|天|日)", squeezed(text).translate(DIGIT_LOOKALIKES))
    return Decimal(match[1]) if match else None


def gender(text: str) -> int | None:
    """1 male, 2 female, as the service document counts."""
    match = re.match(r"[男女]", squeezed(text))
    return {"男": 1, "女": 2}[match[0]] if match else None


def leading_money(text: str) -> Any:
    """An amount; behind it may stand 元 or other words, but nothing that could be a part of it.

    A point with a stroke of a seal above it is read as a colon, an arc of its ring as a bracket.
    """
    plain = re.sub(r"(?<=\d):(?=\d\d$)", ".", text.strip().rstrip("()[]'"))
    match = re.match(r"[¥Y]?\s*(-?[\dOolI|][\dOolI|,.\s]*)(?=$|[元\s\u4e00-\u9fff])", plain)
    return amount_of(match[1].rstrip(" .,")) if match else None


CAPITAL_TWINS = str.maketrans(
    "参叄查台珠玫染渠集陌抬舍怡恰伯园圓萬憨式弍贰測测信招圈荣垒",
    "叁叁壹壹玖玖柒柒柒陆拾拾拾拾佰圆圆万整贰贰贰捌捌佰拾圆柒叁",
)
"""What the characters of amounts in words are misread as; among them nothing else can stand."""


def capitals(text: str) -> str | None:
    """An amount in words, whole or not at all."""
    plain = re.sub(r"^人民币|[:¥\s]", "", squeezed(text)).translate(CAPITAL_TWINS)
    whole = re.fullmatch(r"[零〇壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正⊗×xX]+", plain)
    return plain if whole and re.search(r"[元圆角分]", plain) else None


def check_code(text: str) -> str | None:
    """校验码: digits and letters of one case, so that a capital O among small letters is a 0."""
    match = re.match(r"[0-9A-Za-z]{4,8}", squeezed(text))
    if match is None:
        return None
    lower_case = re.search(r"[a-z]", match[0]) is not None
    return match[0].replace("O", "0") if lower_case else match[0]


CHINESE = r"[\u4e00-\u9fff·*]"
PERSON = _pattern(CHINESE + r"{2,12}|[A-Za-z][A-Za-z. ]+")
PLACE = _pattern(r"[\u4e00-\u9fff()0-9A-Za-z·\-]{2,40}")
LEGEND = re.compile(r"专用|[费务诊]章|用章")
"""Words of a seal."""
INSTITUTION = re.compile(
    r"[\u4e00-\u9fff()0-9]{2,30}?(?:医院|保健院|卫生院|服务中心|服务站|门诊部|诊所|急救中心|卫生室)[\u4e00-\u9fff()]{0,4}"
)

KIND_OF_INSTITUTION = re.compile(
    r"(?:综合|专科|中医|中西医结合)医院|妇幼保健院|社区卫生服务(?:中心|站)|乡镇卫生院|门诊部|诊所|急救中心"
)
"""What 医疗机构类型 says: a kind, not a name."""


STRAY_TAIL = re.compile(
    r"(.*(?:医院|保健院|卫生院|服务中心|服务站|门诊部|诊所|急救中心|卫生室))(?![\u4e00-\u9fff()]*[院区部站所室科司团社)]$).{1,3}"
)
"""A hospital's name and behind it characters of a seal's legend, which is no ward, branch or company of it."""


def institution(text: str) -> str | None:
    """A hospital's name, without what is left of "(章)" before it; a seal's legend is none."""
    bare = re.sub(r"^[^\u4e00-\u9fff0-9A-Za-z]*(?:盖?章)?[^\u4e00-\u9fff0-9A-Za-z]*", "", squeezed(text))
    name = PLACE(bare)
    if name and name.count("(") > name.count(")"):
        name = name[name.rfind("(") + 1 :]
    if name and (stray := STRAY_TAIL.fullmatch(name)):
        name = stray[1]
    bad = not name or len(name) < 4 or LEGEND.search(name) or KIND_OF_INSTITUTION.fullmatch(name)
    return None if bad else name


STAFF = _pattern(CHINESE + r"{2,6}|[0-9A-Za-z]{2,12}")


@dataclass(frozen=True, slots=True)
class Caption:
    """What is printed before a value. `field` is a name of `Invoice`, a payment's name, or empty: known, not wanted."""

    field: str
    pattern: str
    parse: Parser


HEADER: tuple[Caption, ...] = (
    Caption("", r"交款人统一社会信用代码|统一社会信用代码|购买方|纳税人识别号", PLACE),
    Caption("note_code", r"[票柔]据代码|发票代码", number_text(4, 12)),
    Caption("note_no", r"[票柔]据号码?|发票号码?|票号|N[oO0][.:]+|^N[oO](?=\s*\d)|^N[oO]$|№", number_text(6, 20)),
    Caption("check_code", r"[校核较][验检]码", check_code),
    Caption("patient_name", r"[交文]款人|患者姓名|病人姓名|姓名|缴款人", PERSON),
    Caption("patient_gender", r"性别", gender),
    Caption("billing_date", r"开[票具]日期|收费日期|结算日期|收款日期|发票日期", day),
    Caption("visit_date", r"就诊日期|就诊时间", day),
    Caption("service_serial_number", r"业务流水号?|流水号|交易流水号", number_text(4, 32)),
    Caption("record_no", r"门诊病历号|病[历案]号", _pattern(r"[0-9A-Za-z\-]{3,24}")),
    Caption("hospital_no", r"门诊号码?|就诊号|住院号码?", _pattern(r"[0-9A-Za-z\-]{3,24}")),
    Caption("medical_organization_type", r"医疗机构类[型别]|机构类[型别]", _pattern(r"[\u4e00-\u9fff]{2,14}")),
    Caption(
        "medical_insurance_type", r"医保类[型别]|参保类型|人员类别|医疗类别|费别", _pattern(r"[\u4e00-\u9fff()]{2,14}")
    ),
    Caption(
        "social_security_card_number",
        r"医保编号|医保[卡号]号?码?|社会保障卡?号码?|社保[卡号]号?|社会保障卡|个人编号",
        card_number,
    ),
    Caption("hospital_name", r"[收政]款单位?(?:\(?盖?章?\)?)?|医疗机构名称|医院名称|就诊医院", institution),
    Caption("payee", r"收款[人员]|收费[人员]|经办人|开票人", STAFF),
    Caption("", r"复核人?|审核人", STAFF),
    Caption("hospital_dates", r"住院起?止?[时日][间期]|入出院[时日][间期]|起止[时日][间期]", days),
    Caption("admission_date", r"入院[时日][间期]", day),
    Caption("discharge_date", r"出院[时日][间期]", day),
    Caption("hospital_days", r"(?:实际)?住院[天日]数|共住院|[共计(](?=\d{1,3}天)", length_of_stay),
    Caption("", r"科室|就诊科室|住院科[别室]|病区|床号|年龄|打印时间|打印日期", PLACE),
)
PAYMENTS: tuple[Caption, ...] = (
    Caption("", r"(?:个人)?账户余额|本次支付后个人账户余额|累计\S{2,10}金额|本次医保范围内金额", leading_money),
    Caption(
        "基金支付", r"医保(?:统[筹等])?基金支付|统[筹等]基金支付|基金支付|医保统[筹等]支付|统[筹等]支付", leading_money
    ),
    Caption("其他支付", r"其[他它](?:医保)?支付", leading_money),
    Caption("个人账户支付", r"个人[账帐]户支付|[账帐]户支付|本年[账帐]户支付", leading_money),
    Caption("现金支付", r"个人[现见]金支付|现金支付|个人现金", leading_money),
    Caption("自付二", r"[自白]付二|自付2|个人自理|自理金额|自理|乙类先?自付", leading_money),
    Caption("自付一", r"[自白]付一|自付1|个人自[付负]|自负金额|自负", leading_money),
    Caption("自费", r"个人[自白]费|自费金额|[自白]费|丙类自费", leading_money),
    Caption("大病救助", r"大病(?:救助|保险|补充)\S{0,2}支?付?", leading_money),
    Caption("民政救助", r"民政(?:救助|补助)支?付?|医疗救助(?:基金)?支?付?", leading_money),
    Caption("个人支付金额", r"个人支付金额|个人支付", leading_money),
)
BARE_SELFPAY = Caption("自付一", r"^自付(?=:|$)", leading_money)
"""自付一; or 自付二, where the other stands apart: the recogniser passes over 一, and over 二 under a seal."""
TOTAL: tuple[Caption, ...] = (
    Caption("total_cost_in_words", r"\(?大[写守]\)?|(?<=计)\(大\)", capitals),
    Caption("total_cost", r"\(?小写\)?", leading_money),
    Caption("total", r"(?:金额|费用)?[合总共]计(?:金额)?(?!\W*大写)|总金额|费用总额", leading_money),
)
ALL = (*HEADER, *PAYMENTS, BARE_SELFPAY, *TOTAL)
ANY_CAPTION = re.compile("|".join(caption.pattern for caption in ALL))
NO_VALUE = re.compile("|".join(caption.pattern for caption in (*HEADER, *TOTAL)))
"""Captions that are never values; "自费" is both."""
