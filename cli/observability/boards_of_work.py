"""What supervisors look at: the province, its agencies, feedback, deadlines and apologies."""

from cli.observability.panels import NO_TROUBLE, QUIET, Board, Panel, alert_list, by, quantiles

BOARDS_OF_WORK = (
    Board(
        code="toan-tinh",
        title="Toàn tỉnh",
        panels=(
            Panel(
                title="Hồ sơ đang giải quyết",
                page="/theo-doi",
                number=True,
                queries=(("sum(langnghe_open_dossiers)", ""),),
                description="Hồ sơ đã tiếp nhận, đồng hồ đang chạy hoặc tạm dừng.",
            ),
            Panel(
                title="Hồ sơ quá hạn",
                page="/theo-doi?alert=overdue",
                number=True,
                queries=(('sum(langnghe_open_dossiers{alert="overdue"}) or vector(0)', ""),),
                description="Hồ sơ đang mở đã qua ngày hẹn trả.",
            ),
            Panel(
                title="Phản ánh đang mở",
                page="/theo-doi#g-feedback",
                number=True,
                queries=(("sum(langnghe_open_feedback) or vector(0)", ""),),
                description="Phản ánh, kiến nghị chưa trả lời; không tính đơn thư.",
            ),
            Panel(
                title="Khẩn chưa có đơn vị nhận",
                page="/giam-sat",
                number=True,
                queries=(('sum(langnghe_untaken_feedback{urgency="urgent"}) or vector(0)', ""),),
                description="Phản ánh khẩn cấp chưa đơn vị nào nhận.",
            ),
            alert_list("business", ("agency", "Đơn vị"), ("source", "Nguồn gửi")),
            Panel(
                title="Hồ sơ theo cấp",
                queries=by("langnghe_open_dossiers", "level"),
                description="Hồ sơ đang giải quyết theo cấp của đơn vị.",
            ),
            Panel(
                title="Hồ sơ theo cảnh báo",
                page="/theo-doi",
                queries=by("langnghe_open_dossiers", "alert"),
                description="Mỗi hồ sơ chỉ mang cảnh báo cao nhất của nó.",
            ),
            Panel(
                title="Tiếp nhận từ đầu tháng theo cấp",
                queries=by("langnghe_month_received_dossiers", "level"),
                description="Hồ sơ tiếp nhận từ ngày 01 của tháng.",
                may_be_empty=QUIET,
            ),
            Panel(
                title="Kết thúc từ đầu tháng",
                queries=by("langnghe_month_ended_dossiers", "standing"),
                description="Hồ sơ kết thúc từ ngày 01 của tháng: trước hạn, đúng hạn, quá hạn.",
                may_be_empty=QUIET,
            ),
        ),
    ),
    Board(
        code="don-vi",
        title="Theo đơn vị",
        agency=True,
        panels=(
            Panel(
                title="Hồ sơ theo cảnh báo",
                page="/theo-doi",
                queries=by("langnghe_agency_open_dossiers", "alert", '{agency=~"$agency"}'),
                description="Hồ sơ đang giải quyết ở đơn vị được chọn.",
            ),
            Panel(
                title="Phản ánh theo cảnh báo",
                page="/theo-doi#g-feedback",
                queries=by("langnghe_agency_open_feedback", "alert", '{agency=~"$agency"}'),
                description="Phản ánh đang mở ở đơn vị được chọn.",
                may_be_empty=QUIET,
            ),
            Panel(
                title="Tỷ lệ quá hạn, đơn vị có từ 30 hồ sơ",
                page="/theo-doi?alert=overdue&agency=${__field.labels.agency}",
                unit="percentunit",
                may_be_empty="Cần ít nhất 30 hồ sơ.",
                queries=(
                    (
                        'sum by (agency) (langnghe_agency_open_dossiers{alert="overdue", agency=~"$agency"})'
                        " / sum by (agency) (langnghe_agency_open_dossiers)"
                        " and sum by (agency) (langnghe_agency_open_dossiers) >= 30",
                        "{{agency}}",
                    ),
                ),
                description="Hồ sơ quá hạn trên hồ sơ đang giải quyết; dưới 30 hồ sơ thì không tính.",
            ),
        ),
    ),
    Board(
        code="phan-anh",
        title="Phản ánh, kiến nghị",
        panels=(
            Panel(
                title="Đang mở theo lĩnh vực",
                page="/theo-doi#g-feedback",
                queries=by("langnghe_open_feedback", "domain"),
                description="Phản ánh chưa trả lời theo lĩnh vực.",
            ),
            Panel(
                title="Đang mở theo kênh",
                page="/theo-doi#g-feedback",
                queries=by("langnghe_open_feedback_by_channel", "channel"),
                description="Phản ánh chưa trả lời theo kênh tiếp nhận.",
            ),
            Panel(
                title="Đang mở theo mức khẩn",
                page="/theo-doi#g-feedback",
                queries=by("langnghe_open_feedback_by_channel", "urgency"),
                description="Phản ánh chưa trả lời theo mức khẩn.",
            ),
            Panel(
                title="Nhận từ đầu tháng theo lĩnh vực",
                queries=by("langnghe_month_received_feedback", "domain"),
                description="Phản ánh nhận từ ngày 01 của tháng.",
                may_be_empty=QUIET,
            ),
            Panel(
                title="Chờ đến hành động đầu tiên",
                unit="s",
                queries=quantiles("langnghe_first_action_seconds", "urgency"),
                description="Từ lúc nhận đến lúc có người nhận, giao hoặc từ chối.",
                may_be_empty=QUIET,
            ),
            Panel(
                title="Chưa ai nhận lâu nhất",
                page="/giam-sat",
                unit="s",
                may_be_empty=NO_TROUBLE,
                queries=(("time() - min by (urgency) (langnghe_oldest_untaken_timestamp_seconds)", "{{urgency}}"),),
                description="Phản ánh chưa đơn vị nào nhận đã chờ bao lâu.",
            ),
        ),
    ),
    Board(
        code="han-xin-loi",
        title="Hạn và xin lỗi",
        panels=(
            Panel(
                title="Phải xin lỗi, hẹn lại",
                page="/theo-doi?alert=apology_due",
                number=True,
                queries=(('sum(langnghe_open_dossiers{alert="apology_due"}) or vector(0)', ""),),
                description="Hồ sơ phải có phiếu xin lỗi trước ngày hẹn (NĐ 61/2018 Điều 19.9).",
            ),
            Panel(
                title="Sắp đến hạn",
                page="/theo-doi?alert=due_soon",
                number=True,
                queries=(('sum(langnghe_open_dossiers{alert="due_soon"}) or vector(0)', ""),),
                description="Hồ sơ còn không quá ba ngày làm việc.",
            ),
            Panel(
                title="Phải xin lỗi theo đơn vị",
                page="/theo-doi?alert=apology_due&agency=${__field.labels.agency}",
                may_be_empty=NO_TROUBLE,
                queries=by("langnghe_agency_open_dossiers", "agency", '{alert="apology_due"}'),
                description="Đơn vị nào phải xin lỗi bao nhiêu hồ sơ.",
            ),
            Panel(
                title="Bước đang chậm",
                page="/theo-doi?duty=${__field.labels.duty}",
                queries=by("langnghe_dossier_duties", "duty"),
                may_be_empty=NO_TROUBLE,
                description="Hồ sơ mà ai đó còn nợ một bước.",
            ),
            Panel(
                title="Dấu hiệu sai quy trình",
                may_be_empty=NO_TROUBLE,
                queries=by("langnghe_violating_cases", "rule"),
                description="Hồ sơ, phản ánh đang mở hoặc đã xong từ ngày 01 của tháng có dấu hiệu này.",
            ),
            Panel(
                title="Cảnh báo lên muộn bao lâu",
                unit="s",
                queries=quantiles("langnghe_alert_delay_seconds", "kind"),
                description="Từ thời điểm của cảnh báo đến khi nó hiện ra.",
                may_be_empty=QUIET,
            ),
        ),
    ),
)
