"""The figures that a model is judged by: what people read of each, and the target that it has in the exam."""

from collections.abc import Mapping
from typing import NamedTuple


class Figure(NamedTuple):
    """`target` is a share between 0 and 1 that is to be reached, or not passed where `less` is better."""

    words: str
    target: float | None = None
    less: bool = False

    def met(self, share: float) -> bool | None:
        """None where there is no target."""
        if self.target is None:
            return None
        return share <= self.target if self.less else share >= self.target


FIGURES: Mapping[str, Figure] = {
    "domain": Figure("Lĩnh vực, đúng ngay", 0.93),
    "domain_in_three": Figure("Lĩnh vực, đúng trong ba gợi ý", 0.96),
    "macro_f1": Figure("Lĩnh vực, F1 bình quân", 0.92),
    "domain_unaccented": Figure("Lĩnh vực, khi viết không dấu"),
    "answered": Figure("Máy tự đề xuất, không cần người phân loại"),
    "domain_when_answered": Figure("Lĩnh vực, đúng khi máy tự đề xuất"),
    "kind": Figure("Tính chất"),
    "lane": Figure("Loại nội dung"),
    "to_cao_found": Figure("Tố cáo được tách riêng", 0.98),
    "restricted_wrongly": Figure("Tách nhầm là tố cáo", 0.03, less=True),
    "urgency": Figure("Mức độ"),
    "urgent_found": Figure("Việc khẩn được nhận ra", 0.95),
    "alarms_right": Figure("Báo khẩn đúng", 0.70),
}
