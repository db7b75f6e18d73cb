"""Characters as printed to characters as compared: one width, one colon, one point; and amounts out of text."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

PUNCTUATION = str.maketrans(
    {"。": ".", "﹒": ".", "·": ".", "、": ",", "∶": ":", "︰": ":", "；": ":", ";": ":", "’": "'"}
)
DIGIT_LOOKALIKES = str.maketrans({"O": "0", "o": "0", "〇": "0", "l": "1", "I": "1", "|": "1", "Z": "2", "z": "2"})
"""Letters that stand for digits where only digits can stand."""

TRADITIONAL = (
    "黃費藥檢驗療醫號單價額數劑膠顆靜脈針鹽鈉鈣鉀鎂鋅鐵氫銀護診術線電圖聲內鏡測淨蟲貝參當歸薑連葉蘇龍魚劉"
    "陳張吳趙孫鄭馮許鄧蕭羅謝韓楊賈鐘麗偉國華東雲風飛靈蘭鳳慶寧紹興溫嶺維類計預專業務構機職鄉會統籌個帳賬"
    "戶現歲週複覆員據繳總無條備註規項稱幣圓萬億貳陸園縣鎮區濱橋濟學屬級聯紅膽腸腎腦顱頸齒節創傷縫換輸輔營"
    "養錠塊銅鋁鉛鉻鹼羥頭黴環諾緩釋腫瘡濃縮噴霧滅凍乾純優樂賴補陰陽氣熱濕飲淩劃體積紗導軟質狀態"
)
SIMPLIFIED = (
    "黄费药检验疗医号单价额数剂胶颗静脉针盐钠钙钾镁锌铁氢银护诊术线电图声内镜测净虫贝参当归姜连叶苏龙鱼刘"
    "陈张吴赵孙郑冯许邓萧罗谢韩杨贾钟丽伟国华东云风飞灵兰凤庆宁绍兴温岭维类计预专业务构机职乡会统筹个帐账"
    "户现岁周复复员据缴总无条备注规项称币圆万亿贰陆园县镇区滨桥济学属级联红胆肠肾脑颅颈齿节创伤缝换输辅营"
    "养锭块铜铝铅铬碱羟头霉环诺缓释肿疮浓缩喷雾灭冻干纯优乐赖补阴阳气热湿饮凌划体积纱导软质状态"
)
"""Mainland forms are printed in simplified characters; the recogniser now and then gives the traditional twin."""
TWINS = str.maketrans(TRADITIONAL, SIMPLIFIED)

AMOUNT = re.compile(r"(?<![\d.])-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\d.])")
"""A number with or without thousands commas and decimals."""
MAX_INTEGER_DIGITS = 12


def normal_character(character: str) -> str:
    """Half width, our punctuation, simplified. What would become several characters stays itself: positions hold."""
    half = unicodedata.normalize("NFKC", character)
    return (half if len(half) == 1 else character).translate(PUNCTUATION).translate(TWINS)


def normal(text: str) -> str:
    """Character by character: the length does not change."""
    return "".join(normal_character(character) for character in text)


def squeezed(text: str) -> str:
    """Without blanks: Chinese text has none that mean anything."""
    return re.sub(r"\s+", "", normal(text))


def digits(text: str) -> str:
    """Only digits, letters that look like digits included."""
    return re.sub(r"\D", "", normal(text).translate(DIGIT_LOOKALIKES))


def amount_of(text: str) -> Decimal | None:
    """The one number in `text`; `None` when there is none, or more than one.

    Mended, because no other reading is possible: blanks inside ("176. 00"), letters that look like digits, a comma
    before two last digits ("128,00").
    """
    plain = normal(text).translate(DIGIT_LOOKALIKES)
    plain = re.sub(r"(?<=[\d.,])\s+(?=[\d.,])", "", plain)
    plain = re.sub(r"(?<=\d),(?=\d{2}(?!\d))", ".", plain)
    found = AMOUNT.findall(plain)
    if len(found) != 1 or len(found[0].split(".")[0].lstrip("-").replace(",", "")) > MAX_INTEGER_DIGITS:
        return None
    return Decimal(found[0].replace(",", ""))


def money_of(text: str) -> Decimal | None:
    """An amount with nothing beside it but a currency sign or 元; what holds other words is no amount."""
    bare = re.sub(r"[¥Y元$\s()]", "", normal(text))
    return amount_of(bare) if re.fullmatch(r"-?[\dOolI|,.〇]+", bare) else None
