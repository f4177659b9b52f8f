"""What administrators look at: the running system and the classifier."""

from cli.observability.panels import NO_TROUBLE, QUIET, Board, Panel, alert_list, by, grown, quantiles

BOARDS_OF_RUNNING = (
    Board(
        code="he-thong",
        title="Hệ thống",
        panels=(
            alert_list(
                "operations", ("process", "Tiến trình"), ("group", "Nhóm đọc"), ("way", "Đường"), ("kind", "Phần việc")
            ),
            Panel(
                title="Tuổi của nhịp kiểm tra",
                unit="s",
                queries=(("max by (way) (time() - langnghe_heartbeat_timestamp_seconds)", "{{way}}"),),
                description="Nhịp mỗi phút đi qua toàn hệ thống; quá 3 phút là có chỗ tắc.",
            ),
            Panel(
                title="Độ trễ xử lý tin",
                unit="s",
                queries=quantiles("langnghe_processing_seconds", "kind"),
                description="Từ lúc Kafka nhận tin đến lúc trạng thái được ghi.",
                may_be_empty=QUIET,
            ),
            Panel(
                title="Bản ghi chưa đọc",
                queries=by("langnghe_lag_records", "group"),
                description="Theo nhóm đọc; không gồm đơn thư.",
            ),
            Panel(
                title="Bản ghi chưa đọc lâu nhất",
                unit="s",
                queries=(
                    (
                        "max by (group) ((time() - langnghe_oldest_unread_timestamp_seconds)"
                        " * (langnghe_oldest_unread_timestamp_seconds > bool 0))",
                        "{{group}}",
                    ),
                ),
                description="Bản ghi chưa đọc đã chờ bao lâu, theo nhóm đọc; 0 là đã đọc hết; không gồm đơn thư.",
            ),
            Panel(
                title="Tiến trình trả lời",
                queries=(('up{job="langnghe"}', "{{process}}"),),
                values=((0, "không trả lời"), (1, "đang chạy")),
                description="Prometheus có đọc được số liệu của tiến trình không.",
            ),
            Panel(
                title="Tuổi vòng xét hạn",
                unit="s",
                queries=(("time() - min by (process) (langnghe_watch_timestamp_seconds > 0)", "{{process}}"),),
                description="Vòng xét hạn chạy bốn lần mỗi giây; quá một phút là không còn cảnh báo hạn mới.",
            ),
            Panel(
                title="Đang đọc lại trạng thái",
                queries=(("max by (process) (langnghe_recovering)", "{{process}}"),),
                values=((0, "đã đọc xong"), (1, "đang đọc lại")),
                description="Tiến trình đang đọc lại trạng thái thì phần của nó chưa có cảnh báo hạn mới.",
            ),
            Panel(
                title="Trạng thái còn phải đọc lại",
                queries=(("max by (process) (langnghe_recovery_records)", "{{process}}"),),
                description="Số bản ghi trạng thái còn phải đọc lại, không gồm đơn thư; phải giảm dần về 0.",
            ),
            Panel(
                title="Phần dữ liệu đang giữ",
                queries=by("langnghe_partition_owned", "process"),
                description="Mỗi phần của hồ sơ và phản ánh phải có đúng một tiến trình giữ.",
            ),
            Panel(
                title="Dữ liệu hiển thị cũ bao lâu",
                unit="s",
                queries=(("time() - max(langnghe_projector_asof_timestamp_seconds)", "trang theo dõi"),),
                description="Lần cuối các trang có đủ mọi điều Kafka có.",
            ),
            Panel(
                title="Bản ghi lỗi mỗi giờ",
                may_be_empty=NO_TROUBLE,
                queries=((f"sum by (agent, reason) ({grown('langnghe_dead_letters_total')})", "{{agent}} {{reason}}"),),
                description="Bản ghi không đọc được, theo bước và lý do.",
            ),
            Panel(
                title="Lần cuối nghe từ nguồn",
                unit="s",
                may_be_empty="Chỉ các nguồn đã gửi từ lần khởi động.",
                queries=(("time() - max by (source) (langnghe_last_event_timestamp_seconds)", "{{source}}"),),
                description="Nguồn im lặng lâu trong ngày làm việc có thể bị đứt đường nối.",
            ),
            Panel(
                title="Lệch giữa hai nơi đếm",
                queries=(
                    (
                        "abs(sum by (kind) (max by (kind, alert, partition) (langnghe_open_cases))"
                        " - sum by (kind) (langnghe_read_model_cases))",
                        "{{kind}}",
                    ),
                ),
                description="Số việc mở ở tiến trình theo dõi hạn trừ số ở nơi hiển thị; lúc vắng phải bằng 0.",
            ),
            Panel(
                title="Lịch làm việc còn lại",
                unit="d",
                queries=(("min by (process) (langnghe_calendar_days_left)", "{{process}}"),),
                description="Số ngày đến hết lịch làm việc; sau đó ngày nghỉ lễ không được trừ khi tính hạn.",
            ),
        ),
    ),
    Board(
        code="phan-loai",
        title="Chất lượng phân loại",
        panels=(
            Panel(
                title="Cần người phân loại",
                page="/chat-luong-phan-loai",
                unit="percentunit",
                may_be_empty="Cần có phản ánh trong 30 ngày.",
                queries=(
                    (
                        'sum by (domain) (langnghe_proposals{fate="abstained"})'
                        ' / sum by (domain) (langnghe_proposals{fate="made"})',
                        "{{domain}}",
                    ),
                ),
                description="Phần phản ánh trong 30 ngày mà bộ phân loại bỏ ngỏ.",
            ),
            Panel(
                title="Cán bộ đã đổi lĩnh vực",
                page="/chat-luong-phan-loai",
                unit="percentunit",
                may_be_empty="Cần có đề xuất được xem lại.",
                queries=(
                    (
                        'sum by (domain) (langnghe_proposals{fate="changed"})'
                        ' / (sum by (domain) (langnghe_proposals{fate="checked"}) > 0)',
                        "{{domain}}",
                    ),
                ),
                description="Trong các đề xuất được cán bộ xem lại; họ chủ yếu xem lại chỗ nghi ngờ.",
            ),
            Panel(
                title="Phản ánh được phân loại mỗi giờ",
                may_be_empty=QUIET,
                queries=(("sum by (domain) (increase(langnghe_classified_total[1h]))", "{{domain}}"),),
                description="Theo lĩnh vực được đề xuất.",
            ),
            Panel(
                title="Mô hình đang dùng",
                queries=(("count by (version) (langnghe_model_info == 1)", "{{version}}"),),
                description="Mọi tiến trình phải dùng cùng một mô hình.",
            ),
        ),
    ),
)
