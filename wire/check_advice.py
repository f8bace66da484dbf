"""What to do about each finding, of a certificate: Vietnamese, then English; keys as in `check_words.FOUND`."""

Words = tuple[str, str]

ADVICE: dict[str, Words] = {
    "not_looked": (
        "Mở trang điểm cầu trên máy và làm bước này.",
        "Open the site desk on the computer and take this step.",
    ),
    "not_now": ("Sẽ tự kiểm tra lại sau buổi học hoặc giờ thi.", "Checked again by itself afterwards."),
    "probe_failed": ("Khởi động lại chương trình điểm cầu rồi kiểm tra lại.", "Restart the agent, then check again."),
    "took_too_long": (
        "Đóng các chương trình khác đang chạy rồi kiểm tra lại.",
        "Close other programs, then check again.",
    ),
    "paired.not_paired": (
        "Gọi cho trường, đọc mã ghép và ghép máy.",
        "Call the school, read the pairing code to them.",
    ),
    "paired.line_down": (
        "Kiểm tra dây mạng hoặc Wi-Fi, thử mở một trang web trên máy.",
        "Check cable or Wi-Fi, try to open any web page.",
    ),
    "paired.refused": ("Ghép lại máy bằng mã mới.", "Pair the computer again with a new code."),
    "camera.no_camera": (
        "Cắm máy ảnh vào cổng USB khác, đợi 10 giây.",
        "Plug the camera into another USB port, wait 10 seconds.",
    ),
    "camera.camera_lost": (
        "Rút máy ảnh ra, cắm lại; đóng chương trình khác đang dùng máy ảnh.",
        "Unplug and plug the camera; close other programs that use it.",
    ),
    "camera.dark": (
        "Mở nắp ống kính, bật đèn phòng; kiểm tra nút tắt máy ảnh.",
        "Open the lens cover, light the room; look for a camera switch.",
    ),
    "camera.covered": ("Bỏ vật che trước ống kính.", "Take away what covers the lens."),
    "camera.partly_covered": ("Bỏ vật che, lau ống kính.", "Take it away, wipe the lens."),
    "camera.blurred": ("Lau ống kính, xoay vòng lấy nét.", "Wipe the lens, turn its focus ring."),
    "camera.frozen": ("Rút máy ảnh ra, cắm lại.", "Unplug the camera and plug it in again."),
    "room_in_view.camera_first": ("Sửa máy ảnh trước.", "Mend the camera first."),
    "room_in_view.nobody_seen": (
        "Quay máy ảnh về phía chỗ ngồi; nhờ vài người ngồi thử.",
        "Turn the camera to the seats; let some people sit there.",
    ),
    "room_in_view.partly_covered": (
        "Đặt máy ảnh cao hơn, không để vật chắn trước mặt.",
        "Put the camera higher, with nothing before it.",
    ),
    "room_in_view.turned_away": (
        "Quay máy ảnh về phòng như trong ảnh chuẩn; nếu đặt chỗ mới thì chụp lại ảnh chuẩn.",
        "Turn the camera back to the reference view; at a new place take the reference again.",
    ),
    "room_in_view.moved": (
        "Đặt máy ảnh lại như cũ, hoặc vẽ lại vùng ghế và chụp lại ảnh chuẩn.",
        "Put the camera back, or draw the seats and take the reference again.",
    ),
    "room_in_view.no_reference": (
        "Trên bàn điểm cầu, mục «Camera và vùng ghế ngồi»: vẽ vùng ghế, chụp ảnh chuẩn.",
        "On the site desk, under “Camera and seats”: draw the seats, take the reference.",
    ),
    "counting.camera_first": ("Sửa máy ảnh trước.", "Mend the camera first."),
    "counting.no_model": ("Cài lại chương trình điểm cầu.", "Install the agent again."),
    "counting.cannot_count": (
        "Bật thêm đèn, quay máy ảnh về phía mọi người rồi thử lại.",
        "Give more light, turn the camera to the people, try again.",
    ),
    "speaker.no_sound_system": (
        "Bật âm thanh trong hệ điều hành; cắm loa vào máy.",
        "Switch sound on in the system; plug in a loudspeaker.",
    ),
    "speaker.no_speaker": ("Cắm loa và bật nguồn loa.", "Plug the loudspeaker in and switch it on."),
    "speaker.not_tried": ("Trên trang điểm cầu bấm «Thử loa».", "Press “Try the loudspeaker” on the site desk."),
    "speaker.not_heard": (
        "Bật loa, vặn to, bỏ tắt tiếng; đặt micrô trong cùng phòng với loa.",
        "Switch it on, turn it up, unmute; keep the microphone in the same room.",
    ),
    "speaker.faint": ("Vặn to loa và âm lượng của máy.", "Turn up the loudspeaker and the computer."),
    "speaker.microphone_first": ("Sửa micrô trước.", "Mend the microphone first."),
    "microphone.no_sound_system": (
        "Bật âm thanh trong hệ điều hành; cắm micrô vào máy.",
        "Switch sound on in the system; plug in a microphone.",
    ),
    "microphone.no_microphone": (
        "Cắm micrô, chọn đúng micrô trong phần âm thanh.",
        "Plug a microphone in and choose it in the sound settings.",
    ),
    "microphone.silent": (
        "Bật công tắc trên micrô; bỏ tắt tiếng trong phần âm thanh của máy.",
        "Switch the microphone on; unmute it in the sound settings.",
    ),
    "microphone.quiet": (
        "Tăng mức micrô trong phần âm thanh, đặt micrô gần người nói.",
        "Raise its level, put it nearer to who speaks.",
    ),
    "microphone.clipping": ("Giảm mức micrô trong phần âm thanh.", "Lower its level in the settings."),
    "microphone.noisy": (
        "Đặt micrô xa quạt và loa; thử dây hoặc cổng khác.",
        "Move it from fans and loudspeakers; try another cable or port.",
    ),
    "screen.no_browser": ("Cài Chrome hoặc Edge.", "Install Chrome or Edge."),
    "screen.page_silent": (
        "Bấm «Mở lại màn hình lớn»; nếu không được, khởi động lại máy.",
        "Reopen the big screen; if that fails restart the computer.",
    ),
    "screen.no_lecture": (
        "Chưa phải làm gì: màn hình được thử khi có sóng.",
        "Nothing to do: it is tried once something is on air.",
    ),
    "screen.stalled": (
        "Dùng dây mạng thay Wi-Fi; tắt tải xuống khác trong trường.",
        "Use a cable instead of Wi-Fi; stop other downloads.",
    ),
    "screen.dark": (
        "Bấm «Mở lại màn hình lớn»; xem mục đường truyền hình.",
        "Reopen the big screen; look at the path of the pictures.",
    ),
    "screen.few_frames": (
        "Đóng các chương trình khác; cắm sạc; dùng dây mạng.",
        "Close other programs; plug in power; use a cable.",
    ),
    "screen.no_sound": (
        "Vặn to âm lượng, chọn đúng loa, bỏ tắt tiếng.",
        "Turn the volume up, choose the right output, unmute.",
    ),
    "path.line_down": (
        "Kiểm tra dây mạng hoặc Wi-Fi; gọi nhà mạng nếu cả trường mất mạng.",
        "Check cable or Wi-Fi; call the provider if the whole school is cut off.",
    ),
    "path.no_relay": (
        "Tường lửa chặn máy chủ hình: nhờ người quản mạng mở cho địa chỉ của trung tâm.",
        "A firewall keeps the media server away: have the centre's address allowed.",
    ),
    "path.udp_blocked": (
        "Nhờ người quản mạng mở UDP tới trung tâm, hoặc đổi sang mạng khác (4G).",
        "Have UDP to the centre opened, or use another network (4G).",
    ),
    "path.tcp_only": (
        "Vẫn học được, hình có thể trễ; nhờ người quản mạng mở UDP.",
        "It works with delay; have UDP to the centre opened.",
    ),
    "path.tls_only": (
        "Vẫn học được, hình có thể trễ; nhờ người quản mạng mở UDP.",
        "It works with delay; have UDP to the centre opened.",
    ),
    "path.udp_lossy": (
        "Dùng dây mạng thay Wi-Fi; tắt tải xuống khác.",
        "Use a cable instead of Wi-Fi; stop other downloads.",
    ),
    "bandwidth.line_down": ("Kiểm tra dây mạng hoặc Wi-Fi.", "Check cable or Wi-Fi."),
    "bandwidth.centre_busy": ("Chưa phải làm gì: sẽ tự đo lại.", "Nothing to do: measured again."),
    "bandwidth.not_measured": ("Chưa phải làm gì: sẽ tự đo.", "Nothing to do: measured by itself."),
    "bandwidth.slow_down": (
        "Tắt tải xuống khác, dùng dây mạng; hỏi nhà mạng về gói cước.",
        "Stop other downloads, use a cable; ask the provider.",
    ),
    "bandwidth.slow_up": (
        "Tắt tải lên và sao lưu tự động; hỏi nhà mạng về gói cước.",
        "Stop uploads and backups; ask the provider.",
    ),
    "clock.clock_unknown": (
        "Đợi vài phút khi có mạng; nếu vẫn vậy, kiểm tra đường mạng.",
        "Wait some minutes with a line; else check the line.",
    ),
    "clock.clock_loose": (
        "Tắt tải xuống khác, dùng dây mạng, đợi vài phút.",
        "Stop other downloads, use a cable, wait some minutes.",
    ),
    "clock.wall_clock_off": (
        "Vào Ngày và giờ, bật «Tự đặt giờ», chọn múi giờ Hà Nội (UTC+7).",
        "In Date and time switch on automatic time, zone Hanoi (UTC+7).",
    ),
    "disk.disk_full": (
        "Xoá bớt tệp không cần, dọn Thùng rác, chừa ít nhất 2 GB.",
        "Delete files, empty the recycle bin, leave 2 GB at least.",
    ),
    "disk.disk_low": ("Xoá bớt tệp, dọn Thùng rác.", "Delete files, empty the recycle bin."),
    "disk.cannot_write": (
        "Kiểm tra quyền ghi và phần mềm diệt vi-rút; có thể ổ đĩa hỏng: đổi máy.",
        "Check rights and antivirus; the disk may be broken: change the computer.",
    ),
    "flush.cannot_write": (
        "Kiểm tra quyền ghi và phần mềm diệt vi-rút; có thể ổ đĩa hỏng: đổi máy.",
        "Check rights and antivirus; the disk may be broken: change the computer.",
    ),
    "flush.flush_too_fast": (
        "Cắm thêm USB làm bản sao thứ hai; dùng bộ lưu điện khi thi.",
        "Plug in a stick as second copy; use a UPS during exams.",
    ),
    "flush.flush_slow": (
        "Đóng chương trình khác; nếu vẫn chậm, đổi máy.",
        "Close other programs; if it stays slow change the computer.",
    ),
    "paper.no_paper": (
        "Chưa phải làm gì: đề tới khi kỳ thi được niêm phong.",
        "Nothing to do: it comes once an exam is sealed.",
    ),
    "paper.paper_missing": (
        "Để máy bật và có mạng; đề sẽ tự tải.",
        "Keep the computer on with a line; it comes by itself.",
    ),
    "paper.paper_damaged": (
        "Để máy có mạng để tải lại; kiểm tra ổ đĩa.",
        "Keep the line so that it comes again; check the disk.",
    ),
    "paper.not_opened": (
        "Khởi động lại chương trình; nếu vẫn vậy, báo người trực của tỉnh.",
        "Restart the agent; if it stays tell the province.",
    ),
    "phone.no_network": ("Nối máy vào mạng của trường.", "Join the school's network."),
    "phone.not_tried": (
        "Trên trang điểm cầu mở bước «Điện thoại», quét mã QR bằng điện thoại cùng Wi-Fi.",
        "Open the phone step on the site desk, scan the QR code with a phone on the same Wi-Fi.",
    ),
    "phone.not_arrived": (
        "Tắt «cách ly thiết bị» (AP isolation) của Wi-Fi; cho phép chương trình qua tường lửa.",
        "Switch off client isolation of the Wi-Fi; let the program through the firewall.",
    ),
    "address.no_network": ("Nối máy vào mạng của trường.", "Join the school's network."),
    "address.address_changed": (
        "In lại mã QR; nhờ người quản mạng giữ cố định địa chỉ máy.",
        "Print the QR codes again; have the address reserved.",
    ),
    "address.address_dynamic": (
        "Nhờ người quản mạng giữ cố định địa chỉ cho máy này.",
        "Have the network keep this address for the computer.",
    ),
    "power.on_battery": ("Cắm sạc.", "Plug in the charger."),
    "power.battery_low": ("Cắm sạc ngay.", "Plug in the charger now."),
    "power.sleeps": (
        "Trong phần nguồn điện chọn «Không bao giờ» ngủ khi cắm sạc.",
        "Set the power plan to never sleep while plugged in.",
    ),
    "restart.restart_pending": (
        "Khởi động lại máy hôm nay, không để sang ngày học.",
        "Restart today, not on the day itself.",
    ),
    "restart.up_too_long": ("Khởi động lại máy một lần.", "Restart the computer once."),
    "versions.no_browser": ("Cài Chrome hoặc Edge.", "Install Chrome or Edge."),
    "versions.old_browser": ("Cập nhật Chrome hoặc Edge.", "Update Chrome or Edge."),
    "versions.old_system": (
        "Vẫn dùng được; nên đổi máy trước đợt sau.",
        "Still usable; change it before the next course.",
    ),
    "rehearsal.not_yet": ("Giữ máy bật tới giờ mở thử.", "Keep the computer on until then."),
    "rehearsal.clock_unknown": ("Giữ máy có mạng vài phút trước giờ.", "Keep the line up some minutes before."),
    "rehearsal.opened_loose": (
        "Giữ máy bật, dùng dây mạng để giờ chính xác hơn.",
        "Keep it on, use a cable: the time becomes exact.",
    ),
    "rehearsal.missed": (
        "Bật máy trước giờ; tắt chế độ ngủ; tổng duyệt lại.",
        "Switch it on before; no sleep; rehearse again.",
    ),
}
"""What to do about it, under the same keys."""
