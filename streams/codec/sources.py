"""The sources of our own messages: what a case's `source` tells about it."""

from streams.codec.errors import invalid

DEMO = "/langnghe/demo"  # invented data; pages show a ribbon
HEARTBEAT = "/langnghe/heartbeat"  # the heartbeat's cases; in no figure
BEAT = "HB-"  # what their codes begin with
REPLAY = "/langnghe/replay"  # replayed files


def check_code(field: str, code: str, source: str) -> None:
    """Raises InvalidInput for a code of the heartbeat's from anybody else: its case would be shown nowhere."""
    if code.startswith(BEAT) and source != HEARTBEAT:
        raise invalid(field, "bad_value", f"mã bắt đầu bằng “{BEAT}” dành riêng cho hệ thống; chọn mã khác")
