"""The words of a certificate: what is looked at and what was found, Vietnamese, then English.

They are those of the pages (dashboard/src/shared/checks.ts); a test holds the two alike. What to do: `check_advice`.
"""

from wire.check_advice import ADVICE, Words

NAMES: dict[str, Words] = {
    "paired": ("Ghép máy", "Pairing"),
    "camera": ("Máy ảnh", "Camera"),
    "room_in_view": ("Nhìn thấy phòng", "Room in view"),
    "counting": ("Đếm người", "Counting"),
    "speaker": ("Loa", "Loudspeaker"),
    "microphone": ("Micrô", "Microphone"),
    "screen": ("Màn hình lớn", "Big screen"),
    "path": ("Đường truyền hình", "Path of the pictures"),
    "bandwidth": ("Tốc độ mạng", "Line speed"),
    "clock": ("Đồng hồ", "Clock"),
    "disk": ("Ổ đĩa", "Disk"),
    "flush": ("Ghi chắc xuống đĩa", "Writes reach the disk"),
    "paper": ("Mở đề thử", "Rehearsal paper"),
    "phone": ("Điện thoại vào bàn thi", "Phone reaches the exam desk"),
    "address": ("Địa chỉ máy", "Address"),
    "power": ("Nguồn điện", "Power"),
    "restart": ("Chờ khởi động lại", "Pending restart"),
    "versions": ("Phiên bản", "Versions"),
    "rehearsal": ("Tổng duyệt", "Rehearsal"),
}
"""What is looked at."""

FOUND: dict[str, Words] = {
    "not_looked": ("Chưa kiểm tra", "Not looked at yet"),
    "not_now": ("Hoãn vì đang học hoặc đang thi", "Put off while a lecture or exam runs"),
    "probe_failed": ("Kiểm tra bị lỗi", "The check itself failed"),
    "took_too_long": ("Kiểm tra không xong kịp", "The check did not end in time"),
    "paired.not_paired": ("Chưa ghép máy nào", "No computer is paired"),
    "paired.line_down": ("Chưa nối được với trung tâm", "The centre is not reached"),
    "paired.refused": ("Trung tâm không nhận máy này", "The centre refuses this computer"),
    "camera.no_camera": ("Không có máy ảnh", "No camera"),
    "camera.camera_lost": ("Máy ảnh không còn trả hình", "The camera gives no pictures any more"),
    "camera.dark": ("Hình đen", "The picture is black"),
    "camera.covered": ("Ống kính bị che", "The lens is covered"),
    "camera.partly_covered": ("Một phần ống kính bị che", "The lens is partly covered"),
    "camera.blurred": ("Hình mờ", "The picture is blurred"),
    "camera.frozen": ("Hình đứng yên", "The picture is frozen"),
    "room_in_view.camera_first": ("Chờ máy ảnh tốt", "Waits for the camera"),
    "room_in_view.nobody_seen": ("Không thấy ai trong hình", "Nobody is in the picture"),
    "room_in_view.partly_covered": ("Bị che một phần phòng", "Part of the room is hidden"),
    "room_in_view.turned_away": ("Máy ảnh quay đi chỗ khác", "The camera is turned away"),
    "room_in_view.moved": ("Máy ảnh bị xê dịch, vùng ghế không còn đúng", "The camera was moved off the drawn seats"),
    "room_in_view.no_reference": ("Chưa có ảnh chuẩn để so", "No reference picture to compare with"),
    "counting.camera_first": ("Chờ máy ảnh tốt", "Waits for the camera"),
    "counting.no_model": ("Thiếu tệp của bộ đếm", "The counter's file is missing"),
    "counting.cannot_count": ("Đếm thử không ra số", "A trial count gave no number"),
    "speaker.no_sound_system": ("Máy không có âm thanh", "The computer has no sound"),
    "speaker.no_speaker": ("Không có loa", "No loudspeaker"),
    "speaker.not_tried": ("Chưa thử loa", "Not tried yet"),
    "speaker.not_heard": ("Micrô không nghe thấy loa", "The microphone does not hear the loudspeaker"),
    "speaker.faint": ("Loa quá nhỏ", "The loudspeaker is faint"),
    "speaker.microphone_first": ("Chờ micrô tốt", "Waits for the microphone"),
    "microphone.no_sound_system": ("Máy không có âm thanh", "The computer has no sound"),
    "microphone.no_microphone": ("Không có micrô", "No microphone"),
    "microphone.silent": ("Micrô bị tắt tiếng", "The microphone is muted"),
    "microphone.quiet": ("Micrô quá nhỏ", "The microphone is too quiet"),
    "microphone.clipping": ("Micrô quá to, vỡ tiếng", "The microphone clips"),
    "microphone.noisy": ("Micrô nhiều tiếng ồn", "The microphone is noisy"),
    "screen.no_browser": ("Không có trình duyệt", "No browser"),
    "screen.page_silent": ("Trang màn hình lớn không trả lời", "The screen's page does not answer"),
    "screen.no_lecture": ("Chưa có buổi học để thử", "No lecture to try with"),
    "screen.stalled": ("Hình bị đứng", "The picture stalls"),
    "screen.dark": ("Màn hình không có hình", "No picture on the screen"),
    "screen.few_frames": ("Hình bị giật", "Too few frames"),
    "screen.no_sound": ("Có hình, không có tiếng", "Pictures without sound"),
    "path.line_down": ("Mất đường mạng", "The line is down"),
    "path.no_relay": ("Không tới được máy chủ hình", "The media server is not reached"),
    "path.udp_blocked": ("Mạng chặn UDP", "The network blocks UDP"),
    "path.tcp_only": ("Chỉ đi được đường vòng TCP", "Only the detour over TCP works"),
    "path.tls_only": ("Chỉ đi được đường vòng TLS", "Only the detour over TLS works"),
    "path.udp_lossy": ("Mất nhiều gói UDP", "Many UDP packets are lost"),
    "bandwidth.line_down": ("Mất đường mạng", "The line is down"),
    "bandwidth.centre_busy": ("Trung tâm bận, sẽ đo sau", "The centre is busy, measured later"),
    "bandwidth.not_measured": ("Chưa đo", "Not measured"),
    "bandwidth.slow_down": ("Tải xuống quá chậm", "Download is too slow"),
    "bandwidth.slow_up": ("Tải lên quá chậm", "Upload is too slow"),
    "clock.clock_unknown": ("Chưa biết giờ trung tâm", "Centre time is not known"),
    "clock.clock_loose": ("Giờ chưa đủ chính xác", "The time is not exact enough"),
    "clock.wall_clock_off": ("Đồng hồ máy chạy sai", "The computer's clock is wrong"),
    "disk.disk_full": ("Ổ đĩa đầy", "The disk is full"),
    "disk.disk_low": ("Ổ đĩa sắp đầy", "The disk is nearly full"),
    "disk.cannot_write": ("Không ghi được vào ổ đĩa", "The disk takes no writes"),
    "flush.cannot_write": ("Không ghi được vào ổ đĩa", "The disk takes no writes"),
    "flush.flush_too_fast": ("Ổ đĩa báo ghi xong khi chưa ghi", "The disk says written before it has"),
    "flush.flush_slow": ("Ổ đĩa ghi quá chậm", "The disk writes too slowly"),
    "paper.no_paper": ("Chưa có đề thử", "No rehearsal paper"),
    "paper.paper_missing": ("Chưa tải được đề", "The paper has not come"),
    "paper.paper_damaged": ("Tệp đề bị hỏng", "The paper's file is damaged"),
    "paper.not_opened": ("Không mở được đề thử", "The rehearsal paper does not open"),
    "phone.no_network": ("Máy không ở trong mạng nào", "The computer is in no network"),
    "phone.not_tried": ("Chưa thử bằng điện thoại", "Not tried with a phone"),
    "phone.not_arrived": ("Điện thoại không vào được bàn thi", "No phone reached the exam desk"),
    "address.no_network": ("Máy không ở trong mạng nào", "The computer is in no network"),
    "address.address_changed": ("Địa chỉ máy vừa đổi", "The address has changed"),
    "address.address_dynamic": ("Địa chỉ máy chưa cố định", "The address is not fixed"),
    "power.on_battery": ("Đang chạy bằng pin", "Running on battery"),
    "power.battery_low": ("Pin sắp hết", "The battery is low"),
    "power.sleeps": ("Máy sẽ tự ngủ", "The computer will go to sleep"),
    "restart.restart_pending": ("Bản cập nhật chờ khởi động lại", "An update waits for a restart"),
    "restart.up_too_long": ("Đã lâu chưa khởi động lại", "Not restarted for long"),
    "versions.no_browser": ("Không có trình duyệt", "No browser"),
    "versions.old_browser": ("Trình duyệt quá cũ", "The browser is too old"),
    "versions.old_system": ("Hệ điều hành quá cũ", "The system is too old"),
    "rehearsal.not_yet": ("Chưa tới giờ tổng duyệt", "Its moment has not come"),
    "rehearsal.clock_unknown": ("Không biết giờ để mở", "No time to open by"),
    "rehearsal.opened_loose": ("Đã mở nhưng giờ chưa chắc", "Opened, but the moment is uncertain"),
    "rehearsal.missed": ("Lỡ giờ mở thử", "The simulated start was missed"),
}
"""What was found: `check.reason`, or the reason alone for the common ones."""

BESIDE: dict[str, Words] = {
    "presence": ("Có mặt", "Presence"),
    "certificate": ("Giấy kiểm tra", "Certificate"),
}
"""What the centre looks at itself."""

BESIDE_FOUND: dict[str, Words] = {
    "presence.away": ("Máy đang tắt hoặc mất mạng", "The computer is off or has no line"),
    "certificate.none": ("Chưa kiểm tra lần nào", "Never checked"),
    "certificate.old": ("Lần kiểm tra đã quá cũ", "The last check is too old"),
}

BESIDE_ADVICE: dict[str, Words] = {
    "presence.away": (
        "Gọi cho trường: bật máy, kiểm tra dây mạng hoặc Wi-Fi.",
        "Call the school: switch the computer on, check cable or Wi-Fi.",
    ),
    "certificate.none": (
        "Mở trang điểm cầu trên máy, bấm «Kiểm tra lại tất cả».",
        "Open the site desk on the computer and check everything.",
    ),
    "certificate.old": (
        "Bật máy và để chương trình điểm cầu chạy vài phút.",
        "Switch the computer on and let the agent run some minutes.",
    ),
}


def found(check: str, reason: str) -> str:
    """What was found, in Vietnamese, without saying the check twice."""
    named = {**NAMES, **BESIDE}.get(check)
    name = named[0] if named else check
    words = keyed({**FOUND, **BESIDE_FOUND}, check, reason)[0]
    return words if words.lower().startswith(name.lower()) else f"{name}: {words}"


def advice(check: str, reason: str) -> str:
    """What to do about it, in Vietnamese; empty when nobody wrote it."""
    known = {**ADVICE, **BESIDE_ADVICE}
    return known.get(f"{check}.{reason}", known.get(reason, ("", "")))[0]


def keyed(words: dict[str, Words], check: str, reason: str) -> Words:
    """The words for `check.reason`, or for the reason alone; the bare reason when this table is older than it."""
    bare = reason.replace("_", " ")
    return words.get(f"{check}.{reason}", words.get(reason, (bare, bare)))
