/**
 * The words of readiness: what is looked at, what was found, what to do about it. The keys of `found` and of `advice` are
 * `check.reason` as in `wire.readiness.REASONS`; `tests/unit/wire/test_words_of_checks.py` holds the three complete.
 */

import { advice } from "./advice";
import { dictionary, type Phrase, worded } from "./i18n";

export type CheckState = "good" | "weak" | "bad" | "waiting";

export interface Check {
  name: string;
  state: CheckState;
  reason: string;
  note: string;
  at_ns: number;
  figures: Record<string, number>;
}

export const checks = dictionary({
  paired: { vi: "Ghép máy", en: "Pairing" },
  camera: { vi: "Máy ảnh", en: "Camera" },
  room_in_view: { vi: "Nhìn thấy phòng", en: "Room in view" },
  counting: { vi: "Đếm người", en: "Counting" },
  speaker: { vi: "Loa", en: "Loudspeaker" },
  microphone: { vi: "Micrô", en: "Microphone" },
  screen: { vi: "Màn hình lớn", en: "Big screen" },
  path: { vi: "Đường truyền hình", en: "Path of the pictures" },
  bandwidth: { vi: "Tốc độ mạng", en: "Line speed" },
  clock: { vi: "Đồng hồ", en: "Clock" },
  disk: { vi: "Ổ đĩa", en: "Disk" },
  flush: { vi: "Ghi chắc xuống đĩa", en: "Writes reach the disk" },
  paper: { vi: "Mở đề thử", en: "Rehearsal paper" },
  phone: { vi: "Điện thoại vào bàn thi", en: "Phone reaches the exam desk" },
  address: { vi: "Địa chỉ máy", en: "Address" },
  power: { vi: "Nguồn điện", en: "Power" },
  restart: { vi: "Chờ khởi động lại", en: "Pending restart" },
  versions: { vi: "Phiên bản", en: "Versions" },
  rehearsal: { vi: "Tổng duyệt", en: "Rehearsal" },
  presence: { vi: "Có mặt", en: "Presence" },
  certificate: { vi: "Giấy kiểm tra", en: "Certificate" },
});

export const found = dictionary({
  "presence.away": { vi: "Máy đang tắt hoặc mất mạng", en: "The computer is off or has no line" },
  "certificate.none": { vi: "Chưa kiểm tra lần nào", en: "Never checked" },
  "certificate.old": { vi: "Lần kiểm tra đã quá cũ", en: "The last check is too old" },

  not_looked: { vi: "Chưa kiểm tra", en: "Not looked at yet" },
  not_now: { vi: "Hoãn vì đang học hoặc đang thi", en: "Put off while a lecture or exam runs" },
  probe_failed: { vi: "Kiểm tra bị lỗi", en: "The check itself failed" },
  took_too_long: { vi: "Kiểm tra không xong kịp", en: "The check did not end in time" },

  "paired.not_paired": { vi: "Chưa ghép máy nào", en: "No computer is paired" },
  "paired.line_down": { vi: "Chưa nối được với trung tâm", en: "The centre is not reached" },
  "paired.refused": { vi: "Trung tâm không nhận máy này", en: "The centre refuses this computer" },

  "camera.no_camera": { vi: "Không có máy ảnh", en: "No camera" },
  "camera.camera_lost": { vi: "Máy ảnh không còn trả hình", en: "The camera gives no pictures any more" },
  "camera.dark": { vi: "Hình đen", en: "The picture is black" },
  "camera.covered": { vi: "Ống kính bị che", en: "The lens is covered" },
  "camera.partly_covered": { vi: "Một phần ống kính bị che", en: "The lens is partly covered" },
  "camera.blurred": { vi: "Hình mờ", en: "The picture is blurred" },
  "camera.frozen": { vi: "Hình đứng yên", en: "The picture is frozen" },

  "room_in_view.camera_first": { vi: "Chờ máy ảnh tốt", en: "Waits for the camera" },
  "room_in_view.nobody_seen": { vi: "Không thấy ai trong hình", en: "Nobody is in the picture" },
  "room_in_view.partly_covered": { vi: "Bị che một phần phòng", en: "Part of the room is hidden" },
  "room_in_view.turned_away": { vi: "Máy ảnh quay đi chỗ khác", en: "The camera is turned away" },
  "room_in_view.moved": {
    vi: "Máy ảnh bị xê dịch, vùng ghế không còn đúng",
    en: "The camera was moved off the drawn seats",
  },

  "room_in_view.no_reference": {
    vi: "Chưa có ảnh chuẩn để so",
    en: "No reference picture to compare with",
  },
  "counting.camera_first": { vi: "Chờ máy ảnh tốt", en: "Waits for the camera" },
  "counting.no_model": { vi: "Thiếu tệp của bộ đếm", en: "The counter's file is missing" },
  "counting.cannot_count": { vi: "Đếm thử không ra số", en: "A trial count gave no number" },

  "speaker.no_sound_system": { vi: "Máy không có âm thanh", en: "The computer has no sound" },
  "speaker.no_speaker": { vi: "Không có loa", en: "No loudspeaker" },
  "speaker.not_tried": { vi: "Chưa thử loa", en: "Not tried yet" },
  "speaker.not_heard": {
    vi: "Micrô không nghe thấy loa",
    en: "The microphone does not hear the loudspeaker",
  },
  "speaker.faint": { vi: "Loa quá nhỏ", en: "The loudspeaker is faint" },
  "speaker.microphone_first": { vi: "Chờ micrô tốt", en: "Waits for the microphone" },

  "microphone.no_sound_system": { vi: "Máy không có âm thanh", en: "The computer has no sound" },
  "microphone.no_microphone": { vi: "Không có micrô", en: "No microphone" },
  "microphone.silent": { vi: "Micrô bị tắt tiếng", en: "The microphone is muted" },
  "microphone.quiet": { vi: "Micrô quá nhỏ", en: "The microphone is too quiet" },
  "microphone.clipping": { vi: "Micrô quá to, vỡ tiếng", en: "The microphone clips" },
  "microphone.noisy": { vi: "Micrô nhiều tiếng ồn", en: "The microphone is noisy" },

  "screen.no_browser": { vi: "Không có trình duyệt", en: "No browser" },
  "screen.page_silent": { vi: "Trang màn hình lớn không trả lời", en: "The screen's page does not answer" },
  "screen.no_lecture": { vi: "Chưa có buổi học để thử", en: "No lecture to try with" },
  "screen.stalled": { vi: "Hình bị đứng", en: "The picture stalls" },
  "screen.dark": { vi: "Màn hình không có hình", en: "No picture on the screen" },
  "screen.few_frames": { vi: "Hình bị giật", en: "Too few frames" },
  "screen.no_sound": { vi: "Có hình, không có tiếng", en: "Pictures without sound" },

  "path.line_down": { vi: "Mất đường mạng", en: "The line is down" },
  "path.no_relay": { vi: "Không tới được máy chủ hình", en: "The media server is not reached" },
  "path.udp_blocked": { vi: "Mạng chặn UDP", en: "The network blocks UDP" },
  "path.tcp_only": { vi: "Chỉ đi được đường vòng TCP", en: "Only the detour over TCP works" },
  "path.tls_only": { vi: "Chỉ đi được đường vòng TLS", en: "Only the detour over TLS works" },
  "path.udp_lossy": { vi: "Mất nhiều gói UDP", en: "Many UDP packets are lost" },

  "bandwidth.line_down": { vi: "Mất đường mạng", en: "The line is down" },
  "bandwidth.centre_busy": { vi: "Trung tâm bận, sẽ đo sau", en: "The centre is busy, measured later" },
  "bandwidth.not_measured": { vi: "Chưa đo", en: "Not measured" },
  "bandwidth.slow_down": { vi: "Tải xuống quá chậm", en: "Download is too slow" },
  "bandwidth.slow_up": { vi: "Tải lên quá chậm", en: "Upload is too slow" },

  "clock.clock_unknown": { vi: "Chưa biết giờ trung tâm", en: "Centre time is not known" },
  "clock.clock_loose": { vi: "Giờ chưa đủ chính xác", en: "The time is not exact enough" },
  "clock.wall_clock_off": { vi: "Đồng hồ máy chạy sai", en: "The computer's clock is wrong" },

  "disk.disk_full": { vi: "Ổ đĩa đầy", en: "The disk is full" },
  "disk.disk_low": { vi: "Ổ đĩa sắp đầy", en: "The disk is nearly full" },
  "disk.cannot_write": { vi: "Không ghi được vào ổ đĩa", en: "The disk takes no writes" },

  "flush.cannot_write": { vi: "Không ghi được vào ổ đĩa", en: "The disk takes no writes" },
  "flush.flush_too_fast": {
    vi: "Ổ đĩa báo ghi xong khi chưa ghi",
    en: "The disk says written before it has",
  },
  "flush.flush_slow": { vi: "Ổ đĩa ghi quá chậm", en: "The disk writes too slowly" },

  "paper.no_paper": { vi: "Chưa có đề thử", en: "No rehearsal paper" },
  "paper.paper_missing": { vi: "Chưa tải được đề", en: "The paper has not come" },
  "paper.paper_damaged": { vi: "Tệp đề bị hỏng", en: "The paper's file is damaged" },
  "paper.not_opened": { vi: "Không mở được đề thử", en: "The rehearsal paper does not open" },

  "phone.no_network": { vi: "Máy không ở trong mạng nào", en: "The computer is in no network" },
  "phone.not_tried": { vi: "Chưa thử bằng điện thoại", en: "Not tried with a phone" },
  "phone.not_arrived": { vi: "Điện thoại không vào được bàn thi", en: "No phone reached the exam desk" },

  "address.no_network": { vi: "Máy không ở trong mạng nào", en: "The computer is in no network" },
  "address.address_changed": { vi: "Địa chỉ máy vừa đổi", en: "The address has changed" },
  "address.address_dynamic": { vi: "Địa chỉ máy chưa cố định", en: "The address is not fixed" },

  "power.on_battery": { vi: "Đang chạy bằng pin", en: "Running on battery" },
  "power.battery_low": { vi: "Pin sắp hết", en: "The battery is low" },
  "power.sleeps": { vi: "Máy sẽ tự ngủ", en: "The computer will go to sleep" },

  "restart.restart_pending": { vi: "Bản cập nhật chờ khởi động lại", en: "An update waits for a restart" },
  "restart.up_too_long": { vi: "Đã lâu chưa khởi động lại", en: "Not restarted for long" },

  "versions.no_browser": { vi: "Không có trình duyệt", en: "No browser" },
  "versions.old_browser": { vi: "Trình duyệt quá cũ", en: "The browser is too old" },
  "versions.old_system": { vi: "Hệ điều hành quá cũ", en: "The system is too old" },

  "rehearsal.not_yet": { vi: "Chưa tới giờ tổng duyệt", en: "Its moment has not come" },
  "rehearsal.clock_unknown": { vi: "Không biết giờ để mở", en: "No time to open by" },
  "rehearsal.opened_loose": { vi: "Đã mở nhưng giờ chưa chắc", en: "Opened, but the moment is uncertain" },
  "rehearsal.missed": { vi: "Lỡ giờ mở thử", en: "The simulated start was missed" },
});

/** The reason of what is put off while something more important runs: the same for each check, so it is said once. */
const POSTPONED = "not_now";

export const marks = dictionary({
  postponed: { vi: "hoãn", en: "put off" },
});

export function isPostponed(finding: { reason: string }): boolean {
  return finding.reason === POSTPONED;
}

export type Gathered<T> = { single: T } | { postponed: T[] };

/** Findings in their order, those that are put off as one where the first of them stands. */
export function gathered<T extends { reason: string }>(all: readonly T[]): Gathered<T>[] {
  const postponed = all.filter(isPostponed);
  return all.flatMap((each): Gathered<T>[] => {
    if (!isPostponed(each)) return [{ single: each }];
    return each === postponed[0] ? [{ postponed }] : [];
  });
}

/** "Put off while a lecture or exam runs: Counting, Loudspeaker". */
export function postponedWords(names: readonly string[]): string {
  return `${foundWords("", POSTPONED)}: ${names.map((name) => worded(checks, name)).join(", ")}`;
}

function keyed(words: Record<string, Phrase>, check: string, reason: string): string {
  const key = `${check}.${reason}`;
  return worded(words, Object.keys(words).includes(key) ? key : reason);
}

/** What was found, in a few words. */
export function foundWords(check: string, reason: string): string {
  return keyed(found, check, reason);
}

/** What to do about it; empty when nobody wrote it. */
export function adviceWords(check: string, reason: string): string {
  const key = `${check}.${reason}`;
  const known = Object.keys(advice);
  return known.includes(key) || known.includes(reason) ? keyed(advice, check, reason) : "";
}

/** The check and what was found, without saying the check twice. */
export function findingWords(check: string, reason: string): string {
  const name = worded(checks, check);
  const words = foundWords(check, reason);
  return words.toLowerCase().startsWith(name.toLowerCase()) ? words : `${name}: ${words}`;
}
