"""Which kind of document the words are from: an invoice, a health-check report, or neither.

Words of the two forms are counted, each once; the recogniser knows no Thai, so a Thai report shows itself by its
abbreviations and units, which are Latin; where it has none, `pipeline` asks the Thai reading.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ocr_providers.engine.text import squeezed
from ocr_providers.engine.words import PageWords
from ocr_providers.results import Kind

MEDICAL_WORDS = (
    r"医疗", r"医院|卫生院|卫生服务|诊所|门诊部", r"门诊", r"住院", r"医保|统筹|社会保障", r"自[付费负理]",
    r"处方|药品|药费", r"[西草成]药", r"检查费|化验费|检验费|治疗费|手术费|材料费|床位费|护理费", r"诊[查察疗]费|挂号",
    r"财政[票柔]据|收费[票柔]据",
)  # fmt: skip
"""Of invoices: words that no other receipt has many of."""
RECEIPT_WORDS = (
    r"[票柔]据", r"发票", r"收费|缴费", r"大写|小写|合计|总计", r"金额", r"数量", r"单价", r"收款", r"清单|明细",
)  # fmt: skip
"""Of invoices: words of every receipt."""
HEALTH_WORDS = (
    r"\bbmi\b", r"\bbp\b|blood\s*pressure|mm\s*hg", r"mg\s*/?\s*d[lt1]|mmol", r"cholesterol|\bchol\b",
    r"\bhdl", r"\bldl", r"\bfbs\b|\bfpg\b|glucose", r"\bweight\b|\bkg\b", r"\bheight\b|\bcm\b",
    r"health\s*check|check-?\s*up|hospital", r"\bage\b|\bhn\b|\bdob\b", r"triglyceride",
)  # fmt: skip
ENOUGH = 3
"""Different words of a form that make a document one of its kind."""
MEDICAL = 2
"""So many of them are medical: a supermarket's receipt, a menu, a waybill are no medical invoice."""


def kind_by_words(pages: Sequence[PageWords]) -> Kind | None:
    """`None` when there are not enough words of either form."""
    texts = [word.text for page in pages for word in page.words]
    chinese = "\n".join(squeezed(text) for text in texts)
    medical = _count(MEDICAL_WORDS, chinese)
    invoice = medical + _count(RECEIPT_WORDS, chinese) if medical >= MEDICAL else 0
    health = _count(HEALTH_WORDS, "\n".join(texts).casefold())
    if max(invoice, health) < ENOUGH:
        return None
    return Kind.INVOICE if invoice >= health else Kind.HEALTH_CHECK


def _count(patterns: Sequence[str], text: str) -> int:
    return sum(bool(re.search(pattern, text)) for pattern in patterns)
