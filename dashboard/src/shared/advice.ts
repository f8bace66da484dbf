import { dictionary } from "./i18n";

/** What to do about each finding of readiness; keys as in `found` of `checks.ts`. */
export const advice = dictionary({
  "presence.away": {
    vi: "Gọi cho trường: bật máy, kiểm tra dây mạng hoặc Wi-Fi.",
    en: "Call the school: switch the computer on, check cable or Wi-Fi.",
  },
  "certificate.none": {
    vi: "Mở trang điểm cầu trên máy, bấm «Kiểm tra lại tất cả».",
    en: "Open the site desk on the computer and check everything.",
  },
  "certificate.old": {
    vi: "Bật máy và để chương trình điểm cầu chạy vài phút.",
    en: "Switch the computer on and let the agent run some minutes.",
  },

  not_looked: {
    vi: "Mở trang điểm cầu trên máy và làm bước này.",
    en: "Open the site desk on the computer and take this step.",
  },
  not_now: { vi: "Sẽ tự kiểm tra lại sau buổi học hoặc giờ thi.", en: "Checked again by itself afterwards." },
  probe_failed: {
    vi: "Khởi động lại chương trình điểm cầu rồi kiểm tra lại.",
    en: "Restart the agent, then check again.",
  },
  took_too_long: {
    vi: "Đóng các chương trình khác đang chạy rồi kiểm tra lại.",
    en: "Close other programs, then check again.",
  },

  "paired.not_paired": {
    vi: "Gọi cho trường, đọc mã ghép và ghép máy.",
    en: "Call the school, read the pairing code to them.",
  },
  "paired.line_down": {
    vi: "Kiểm tra dây mạng hoặc Wi-Fi, thử mở một trang web trên máy.",
    en: "Check cable or Wi-Fi, try to open any web page.",
  },
  "paired.refused": { vi: "Ghép lại máy bằng mã mới.", en: "Pair the computer again with a new code." },

  "camera.no_camera": {
    vi: "Cắm máy ảnh vào cổng USB khác, đợi 10 giây.",
    en: "Plug the camera into another USB port, wait 10 seconds.",
  },
  "camera.camera_lost": {
    vi: "Rút máy ảnh ra, cắm lại; đóng chương trình khác đang dùng máy ảnh.",
    en: "Unplug and plug the camera; close other programs that use it.",
  },
  "camera.dark": {
    vi: "Mở nắp ống kính, bật đèn phòng; kiểm tra nút tắt máy ảnh.",
    en: "Open the lens cover, light the room; look for a camera switch.",
  },
  "camera.covered": { vi: "Bỏ vật che trước ống kính.", en: "Take away what covers the lens." },
  "camera.partly_covered": { vi: "Bỏ vật che, lau ống kính.", en: "Take it away, wipe the lens." },
  "camera.blurred": { vi: "Lau ống kính, xoay vòng lấy nét.", en: "Wipe the lens, turn its focus ring." },
  "camera.frozen": { vi: "Rút máy ảnh ra, cắm lại.", en: "Unplug the camera and plug it in again." },

  "room_in_view.camera_first": { vi: "Sửa máy ảnh trước.", en: "Mend the camera first." },
  "room_in_view.nobody_seen": {
    vi: "Quay máy ảnh về phía chỗ ngồi; nhờ vài người ngồi thử.",
    en: "Turn the camera to the seats; let some people sit there.",
  },
  "room_in_view.partly_covered": {
    vi: "Đặt máy ảnh cao hơn, không để vật chắn trước mặt.",
    en: "Put the camera higher, with nothing before it.",
  },
  "room_in_view.turned_away": {
    vi: "Quay máy ảnh về phòng như trong ảnh chuẩn; nếu đặt chỗ mới thì chụp lại ảnh chuẩn.",
    en: "Turn the camera back to the reference view; at a new place take the reference again.",
  },
  "room_in_view.moved": {
    vi: "Đặt máy ảnh lại như cũ, hoặc vẽ lại vùng ghế và chụp lại ảnh chuẩn.",
    en: "Put the camera back, or draw the seats and take the reference again.",
  },

  "room_in_view.no_reference": {
    vi: "Trên bàn điểm cầu, mục «Camera và vùng ghế ngồi»: vẽ vùng ghế, chụp ảnh chuẩn.",
    en: "On the site desk, under “Camera and seats”: draw the seats, take the reference.",
  },

  "counting.camera_first": { vi: "Sửa máy ảnh trước.", en: "Mend the camera first." },
  "counting.no_model": { vi: "Cài lại chương trình điểm cầu.", en: "Install the agent again." },
  "counting.cannot_count": {
    vi: "Bật thêm đèn, quay máy ảnh về phía mọi người rồi thử lại.",
    en: "Give more light, turn the camera to the people, try again.",
  },

  "speaker.no_sound_system": {
    vi: "Bật âm thanh trong hệ điều hành; cắm loa vào máy.",
    en: "Switch sound on in the system; plug in a loudspeaker.",
  },
  "speaker.no_speaker": { vi: "Cắm loa và bật nguồn loa.", en: "Plug the loudspeaker in and switch it on." },
  "speaker.not_tried": {
    vi: "Trên trang điểm cầu bấm «Thử loa».",
    en: "Press “Try the loudspeaker” on the site desk.",
  },
  "speaker.not_heard": {
    vi: "Bật loa, vặn to, bỏ tắt tiếng; đặt micrô trong cùng phòng với loa.",
    en: "Switch it on, turn it up, unmute; keep the microphone in the same room.",
  },
  "speaker.faint": { vi: "Vặn to loa và âm lượng của máy.", en: "Turn up the loudspeaker and the computer." },
  "speaker.microphone_first": { vi: "Sửa micrô trước.", en: "Mend the microphone first." },

  "microphone.no_sound_system": {
    vi: "Bật âm thanh trong hệ điều hành; cắm micrô vào máy.",
    en: "Switch sound on in the system; plug in a microphone.",
  },
  "microphone.no_microphone": {
    vi: "Cắm micrô, chọn đúng micrô trong phần âm thanh.",
    en: "Plug a microphone in and choose it in the sound settings.",
  },
  "microphone.silent": {
    vi: "Bật công tắc trên micrô; bỏ tắt tiếng trong phần âm thanh của máy.",
    en: "Switch the microphone on; unmute it in the sound settings.",
  },
  "microphone.quiet": {
    vi: "Tăng mức micrô trong phần âm thanh, đặt micrô gần người nói.",
    en: "Raise its level, put it nearer to who speaks.",
  },
  "microphone.clipping": {
    vi: "Giảm mức micrô trong phần âm thanh.",
    en: "Lower its level in the settings.",
  },
  "microphone.noisy": {
    vi: "Đặt micrô xa quạt và loa; thử dây hoặc cổng khác.",
    en: "Move it from fans and loudspeakers; try another cable or port.",
  },

  "screen.no_browser": { vi: "Cài Chrome hoặc Edge.", en: "Install Chrome or Edge." },
  "screen.page_silent": {
    vi: "Bấm «Mở lại màn hình lớn»; nếu không được, khởi động lại máy.",
    en: "Reopen the big screen; if that fails restart the computer.",
  },
  "screen.no_lecture": {
    vi: "Chưa phải làm gì: màn hình được thử khi có sóng.",
    en: "Nothing to do: it is tried once something is on air.",
  },
  "screen.stalled": {
    vi: "Dùng dây mạng thay Wi-Fi; tắt tải xuống khác trong trường.",
    en: "Use a cable instead of Wi-Fi; stop other downloads.",
  },
  "screen.dark": {
    vi: "Bấm «Mở lại màn hình lớn»; xem mục đường truyền hình.",
    en: "Reopen the big screen; look at the path of the pictures.",
  },
  "screen.few_frames": {
    vi: "Đóng các chương trình khác; cắm sạc; dùng dây mạng.",
    en: "Close other programs; plug in power; use a cable.",
  },
  "screen.no_sound": {
    vi: "Vặn to âm lượng, chọn đúng loa, bỏ tắt tiếng.",
    en: "Turn the volume up, choose the right output, unmute.",
  },

  "path.line_down": {
    vi: "Kiểm tra dây mạng hoặc Wi-Fi; gọi nhà mạng nếu cả trường mất mạng.",
    en: "Check cable or Wi-Fi; call the provider if the whole school is cut off.",
  },
  "path.no_relay": {
    vi: "Tường lửa chặn máy chủ hình: nhờ người quản mạng mở cho địa chỉ của trung tâm.",
    en: "A firewall keeps the media server away: have the centre's address allowed.",
  },
  "path.udp_blocked": {
    vi: "Nhờ người quản mạng mở UDP tới trung tâm, hoặc đổi sang mạng khác (4G).",
    en: "Have UDP to the centre opened, or use another network (4G).",
  },
  "path.tcp_only": {
    vi: "Vẫn học được, hình có thể trễ; nhờ người quản mạng mở UDP.",
    en: "It works with delay; have UDP to the centre opened.",
  },
  "path.tls_only": {
    vi: "Vẫn học được, hình có thể trễ; nhờ người quản mạng mở UDP.",
    en: "It works with delay; have UDP to the centre opened.",
  },
  "path.udp_lossy": {
    vi: "Dùng dây mạng thay Wi-Fi; tắt tải xuống khác.",
    en: "Use a cable instead of Wi-Fi; stop other downloads.",
  },

  "bandwidth.line_down": {
    vi: "Kiểm tra dây mạng hoặc Wi-Fi.",
    en: "Check cable or Wi-Fi.",
  },
  "bandwidth.centre_busy": { vi: "Chưa phải làm gì: sẽ tự đo lại.", en: "Nothing to do: measured again." },
  "bandwidth.not_measured": { vi: "Chưa phải làm gì: sẽ tự đo.", en: "Nothing to do: measured by itself." },
  "bandwidth.slow_down": {
    vi: "Tắt tải xuống khác, dùng dây mạng; hỏi nhà mạng về gói cước.",
    en: "Stop other downloads, use a cable; ask the provider.",
  },
  "bandwidth.slow_up": {
    vi: "Tắt tải lên và sao lưu tự động; hỏi nhà mạng về gói cước.",
    en: "Stop uploads and backups; ask the provider.",
  },

  "clock.clock_unknown": {
    vi: "Đợi vài phút khi có mạng; nếu vẫn vậy, kiểm tra đường mạng.",
    en: "Wait some minutes with a line; else check the line.",
  },
  "clock.clock_loose": {
    vi: "Tắt tải xuống khác, dùng dây mạng, đợi vài phút.",
    en: "Stop other downloads, use a cable, wait some minutes.",
  },
  "clock.wall_clock_off": {
    vi: "Vào Ngày và giờ, bật «Tự đặt giờ», chọn múi giờ Hà Nội (UTC+7).",
    en: "In Date and time switch on automatic time, zone Hanoi (UTC+7).",
  },

  "disk.disk_full": {
    vi: "Xoá bớt tệp không cần, dọn Thùng rác, chừa ít nhất 2 GB.",
    en: "Delete files, empty the recycle bin, leave 2 GB at least.",
  },
  "disk.disk_low": { vi: "Xoá bớt tệp, dọn Thùng rác.", en: "Delete files, empty the recycle bin." },
  "disk.cannot_write": {
    vi: "Kiểm tra quyền ghi và phần mềm diệt vi-rút; có thể ổ đĩa hỏng: đổi máy.",
    en: "Check rights and antivirus; the disk may be broken: change the computer.",
  },

  "flush.cannot_write": {
    vi: "Kiểm tra quyền ghi và phần mềm diệt vi-rút; có thể ổ đĩa hỏng: đổi máy.",
    en: "Check rights and antivirus; the disk may be broken: change the computer.",
  },
  "flush.flush_too_fast": {
    vi: "Cắm thêm USB làm bản sao thứ hai; dùng bộ lưu điện khi thi.",
    en: "Plug in a stick as second copy; use a UPS during exams.",
  },
  "flush.flush_slow": {
    vi: "Đóng chương trình khác; nếu vẫn chậm, đổi máy.",
    en: "Close other programs; if it stays slow change the computer.",
  },

  "paper.no_paper": {
    vi: "Chưa phải làm gì: đề tới khi kỳ thi được niêm phong.",
    en: "Nothing to do: it comes once an exam is sealed.",
  },
  "paper.paper_missing": {
    vi: "Để máy bật và có mạng; đề sẽ tự tải.",
    en: "Keep the computer on with a line; it comes by itself.",
  },
  "paper.paper_damaged": {
    vi: "Để máy có mạng để tải lại; kiểm tra ổ đĩa.",
    en: "Keep the line so that it comes again; check the disk.",
  },
  "paper.not_opened": {
    vi: "Khởi động lại chương trình; nếu vẫn vậy, báo người trực của tỉnh.",
    en: "Restart the agent; if it stays tell the province.",
  },

  "phone.no_network": { vi: "Nối máy vào mạng của trường.", en: "Join the school's network." },
  "phone.not_tried": {
    vi: "Trên trang điểm cầu mở bước «Điện thoại», quét mã QR bằng điện thoại cùng Wi-Fi.",
    en: "Open the phone step on the site desk, scan the QR code with a phone on the same Wi-Fi.",
  },
  "phone.not_arrived": {
    vi: "Tắt «cách ly thiết bị» (AP isolation) của Wi-Fi; cho phép chương trình qua tường lửa.",
    en: "Switch off client isolation of the Wi-Fi; let the program through the firewall.",
  },

  "address.no_network": { vi: "Nối máy vào mạng của trường.", en: "Join the school's network." },
  "address.address_changed": {
    vi: "In lại mã QR; nhờ người quản mạng giữ cố định địa chỉ máy.",
    en: "Print the QR codes again; have the address reserved.",
  },
  "address.address_dynamic": {
    vi: "Nhờ người quản mạng giữ cố định địa chỉ cho máy này.",
    en: "Have the network keep this address for the computer.",
  },

  "power.on_battery": { vi: "Cắm sạc.", en: "Plug in the charger." },
  "power.battery_low": { vi: "Cắm sạc ngay.", en: "Plug in the charger now." },
  "power.sleeps": {
    vi: "Trong phần nguồn điện chọn «Không bao giờ» ngủ khi cắm sạc.",
    en: "Set the power plan to never sleep while plugged in.",
  },

  "restart.restart_pending": {
    vi: "Khởi động lại máy hôm nay, không để sang ngày học.",
    en: "Restart today, not on the day itself.",
  },
  "restart.up_too_long": { vi: "Khởi động lại máy một lần.", en: "Restart the computer once." },

  "versions.no_browser": { vi: "Cài Chrome hoặc Edge.", en: "Install Chrome or Edge." },
  "versions.old_browser": { vi: "Cập nhật Chrome hoặc Edge.", en: "Update Chrome or Edge." },
  "versions.old_system": {
    vi: "Vẫn dùng được; nên đổi máy trước đợt sau.",
    en: "Still usable; change it before the next course.",
  },

  "rehearsal.not_yet": { vi: "Giữ máy bật tới giờ mở thử.", en: "Keep the computer on until then." },
  "rehearsal.clock_unknown": {
    vi: "Giữ máy có mạng vài phút trước giờ.",
    en: "Keep the line up some minutes before.",
  },
  "rehearsal.opened_loose": {
    vi: "Giữ máy bật, dùng dây mạng để giờ chính xác hơn.",
    en: "Keep it on, use a cable: the time becomes exact.",
  },
  "rehearsal.missed": {
    vi: "Bật máy trước giờ; tắt chế độ ngủ; tổng duyệt lại.",
    en: "Switch it on before; no sleep; rehearse again.",
  },
});
