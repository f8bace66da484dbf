import { dictionary } from "../shared/i18n";

export const t = dictionary({
  title: { vi: "Nguồn hình khác", en: "Other sources of the picture" },
  about: {
    vi: "Phát bài giảng từ OBS, từ camera mạng hoặc từ phim có sẵn, thay cho trình duyệt của giảng viên.",
    en: "The lecture from OBS, from a network camera or from a film, instead of the lecturer's browser.",
  },
  none: { vi: "Chưa có nguồn nào.", en: "No source yet." },
  add: { vi: "Thêm nguồn hình", en: "Add a source" },
  name: { vi: "Tên để nhận ra", en: "A name for it" },
  way: { vi: "Loại nguồn", en: "Kind of source" },
  seat: { vi: "Dùng làm", en: "To be used as" },
  rtspAddress: { vi: "Địa chỉ camera (rtsp:// hoặc rtsps://)", en: "Address (rtsp:// or rtsps://)" },
  srtAddress: { vi: "Địa chỉ máy mã hoá (srt://máy:cổng)", en: "Address of the encoder (srt://host:port)" },
  addressHint: {
    vi: "Tên đăng nhập và mật khẩu viết ngay trong địa chỉ: rtsp://ten:matkhau@192.168.1.20/live. Chúng được cất kín và không hiện lại.",
    en: "User and password stand in the address: rtsp://name:password@192.168.1.20/live. They are kept sealed and never shown again.",
  },
  srtHint: {
    vi: "Máy mã hoá mở cổng chờ (listener). Viết thêm được streamid, passphrase, latency: srt://192.168.1.30:9000?passphrase=…",
    en: "The encoder listens. streamid, passphrase and latency may follow: srt://192.168.1.30:9000?passphrase=…",
  },
  film: { vi: "Phim trong thư mục của trung tâm", en: "Film in the centre's folder" },
  noFilms: {
    vi: "Thư mục phim đang trống. Người quản trị chép tệp vào thư mục “films” của trung tâm.",
    en: "The folder is empty. The administrator copies files into the centre's “films” folder.",
  },
  repeat: { vi: "Hết phim thì phát lại từ đầu", en: "Begin again at the end" },
  start: { vi: "Bắt đầu", en: "Start" },
  stop: { vi: "Dừng", en: "Stop" },
  hold: { vi: "Tạm dừng", en: "Pause" },
  goOn: { vi: "Phát tiếp", en: "Resume" },
  remove: { vi: "Xoá", en: "Remove" },
  revoke: { vi: "Thu hồi khoá", en: "Revoke the key" },
  removeAsk: { vi: (name: string) => `Xoá nguồn “${name}”?`, en: (name: string) => `Remove “${name}”?` },
  removeMeans: {
    vi: "Nguồn này dừng ngay. Khoá hoặc địa chỉ của nó không dùng được nữa.",
    en: "It stops at once. Its key or address is good no more.",
  },
  keyTitle: { vi: "Nhập vào OBS", en: "Enter this in OBS" },
  keyOnce: {
    vi: "Khoá chỉ hiện một lần này. Mất khoá thì thu hồi và tạo khoá mới.",
    en: "The key is shown this once. If it is lost, revoke it and make a new one.",
  },
  server: { vi: "Máy chủ (Server)", en: "Server" },
  key: { vi: "Khoá luồng (Stream Key)", en: "Stream Key" },
  copy: { vi: "Sao chép", en: "Copy" },
  copied: { vi: "Đã sao chép", en: "Copied" },
  obsHint: {
    vi: "Trong OBS: Cài đặt → Luồng phát → Dịch vụ: Tuỳ chỉnh. Ở mục Đầu ra chọn x264, Keyframe Interval 2 s, Profile baseline, Tune zerolatency: khi đó hình đi thẳng tới các phòng, không phải chuyển mã.",
    en: "In OBS: Settings → Stream → Service: Custom. Under Output choose x264, keyframe interval 2 s, profile baseline, tune zerolatency: the picture then goes to the rooms untouched.",
  },
  encrypt: { vi: "Mã hoá đường truyền (có passphrase)", en: "Encrypt the line (with a passphrase)" },
  srtTitle: { vi: "Nhập vào máy mã hoá", en: "Enter this in the encoder" },
  srtServer: { vi: "Địa chỉ (SRT, caller)", en: "Address (SRT, caller)" },
  streamId: { vi: "Stream ID", en: "Stream ID" },
  passphrase: { vi: "Passphrase", en: "Passphrase" },
  oneLine: { vi: "Hoặc cả địa chỉ trong một dòng (OBS)", en: "Or all of it in one line (OBS)" },
  srtPushHint: {
    vi: "Chế độ của máy mã hoá là Caller. Trong OBS: Cài đặt → Luồng phát → Dịch vụ: Tuỳ chỉnh, dán cả dòng vào ô Máy chủ, để trống khoá luồng. Chọn H.264 baseline, B-frames = 0, Keyframe Interval 2 s thì hình đi thẳng, không phải chuyển mã.",
    en: "The encoder's mode is Caller. In OBS: Settings → Stream → Service: Custom, the whole line as Server, no stream key. With H.264 baseline, B-frames = 0 and a keyframe interval of 2 s the picture passes untouched.",
  },
  srtShut: {
    vi: "Cổng nhận SRT không mở được: cổng mạng đang bị chương trình khác chiếm. Báo người quản trị.",
    en: "The port for SRT could not be opened: another program has it. Tell the administrator.",
  },
  srtMissing: {
    vi: "Máy chủ chưa có thư viện SRT (libsrt). Báo người quản trị.",
    en: "The SRT library (libsrt) is not installed. Tell the administrator.",
  },
  done: { vi: "Xong", en: "Done" },
  sendFilm: { vi: "Tải phim lên", en: "Send a film" },
  sendHint: {
    vi: (most: string) =>
      `Phim quay sẵn: MP4, MOV, MKV, WebM, tối đa ${most}. Đứt mạng thì phim tự gửi tiếp, không gửi lại từ đầu.`,
    en: (most: string) =>
      `A film made beforehand: MP4, MOV, MKV, WebM, at most ${most}. If the line breaks it goes on from where it was.`,
  },
  tooLarge: {
    vi: (most: string) => `Phim lớn hơn ${most}. Hãy xuất lại nhẹ hơn hoặc chia làm hai phần.`,
    en: (most: string) => `The film is larger than ${most}. Export it smaller or cut it in two.`,
  },
  sent: {
    vi: (share: string, all: string) => `Đã gửi ${share} % của ${all}`,
    en: (share: string, all: string) => `${share} % of ${all} sent`,
  },
  minutesLeft: {
    vi: (n: number) => `còn khoảng ${n} phút`,
    en: (n: number) => `about ${n} min left`,
  },
  giveUp: { vi: "Thôi, không gửi nữa", en: "Do not send it" },
  keepOpen: {
    vi: "Cứ để trang này mở cho đến khi gửi xong.",
    en: "Leave this page open until it is sent.",
  },
  lineDown: {
    vi: "Mất mạng. Có mạng lại thì phim tự gửi tiếp.",
    en: "The line is down. The film goes on when it comes back.",
  },
  sendingBroke: {
    vi: "Không gửi được phim. Chọn lại đúng tệp đó để gửi tiếp.",
    en: "The film could not be sent. Choose the same file again to go on.",
  },
  unfinished: {
    vi: (share: string) => `Mới nhận được ${share} %. Chọn lại đúng tệp này để gửi tiếp.`,
    en: (share: string) => `Only ${share} % is here. Choose this file again to go on.`,
  },
  checking: {
    vi: "Đã nhận đủ. Trung tâm đang xem thử phim có phát được không…",
    en: "It is here. The centre is looking whether it can be played…",
  },
  atPlace: { vi: (at: string) => `Tại ${at}:`, en: (at: string) => `At ${at}:` },
  removeFilm: { vi: (name: string) => `Xoá phim “${name}”?`, en: (name: string) => `Delete “${name}”?` },
  filmGone: {
    vi: "Phim bị xoá khỏi trung tâm. Muốn dùng lại thì phải gửi lại từ đầu.",
    en: "The film is deleted at the centre. To use it again it must be sent again.",
  },
  noSound: { vi: "PHIM KHÔNG CÓ TIẾNG", en: "NO SOUND" },
  willConvert: { vi: "Hình sẽ phải chuyển mã: ", en: "The picture will be converted: " },
  turned: {
    vi: "Phim quay dọc: các phòng sẽ thấy hình nằm nghiêng. Xoay lại phim rồi gửi lại.",
    en: "Filmed upright: the rooms would see it lying on its side. Turn the film and send it again.",
  },
  sentFilm: { vi: "Phim quay sẵn", en: "A film made beforehand" },
  play: { vi: "Phát", en: "Play" },
  playMeans: {
    vi: "Bấm Phát thì mọi phòng thấy phim này. Hết phim thì trả sóng cho giảng viên.",
    en: "Play shows it in every room. When it ends the air goes back to the lecturer.",
  },
  remaining: { vi: (time: string) => `còn ${time}`, en: (time: string) => `${time} left` },
  passes: { vi: "Hình đi thẳng, không chuyển mã.", en: "The picture passes untouched." },
  converts: { vi: "Hình phải chuyển mã: ", en: "The picture is converted: " },
  figures: {
    vi: (kbps: number) => `${(kbps / 1000).toFixed(1).replace(".", ",")} Mbit/s`,
    en: (kbps: number) => `${(kbps / 1000).toFixed(1)} Mbit/s`,
  },
  skipped: { vi: (n: number) => `bỏ ${n} khung hình`, en: (n: number) => `${n} pictures left out` },
  at: { vi: "Vị trí trong phim", en: "Place in the film" },
  doorShut: {
    vi: "Cổng nhận OBS không mở được: cổng mạng đang bị chương trình khác chiếm. Báo người quản trị.",
    en: "The port for encoders could not be opened: another program has it. Tell the administrator.",
  },
});

export const ways = dictionary({
  rtmp: { vi: "OBS và máy mã hoá (RTMP)", en: "OBS and encoders (RTMP)" },
  rtsp: { vi: "Camera mạng (RTSP)", en: "Network camera (RTSP)" },
  srt_in: { vi: "Máy mã hoá gửi tới bằng SRT", en: "An encoder that sends by SRT" },
  srt: { vi: "Máy mã hoá SRT mà trung tâm gọi tới", en: "An SRT encoder that the centre calls" },
  file: { vi: "Phim có sẵn", en: "Film" },
});

export const seats = dictionary({
  lecturer: { vi: "Hình giảng viên", en: "The lecturer's picture" },
  standby: { vi: "Nguồn dự phòng", en: "Standby" },
});

export const states = dictionary({
  awaited: { vi: "Chờ OBS kết nối", en: "Waiting for the encoder" },
  off: { vi: "Đang tắt", en: "Switched off" },
  stopped: { vi: "Đã dừng", en: "Stopped" },
  connecting: { vi: "Đang kết nối…", en: "Connecting…" },
  running: { vi: "Đang phát", en: "Playing" },
  paused: { vi: "Tạm dừng", en: "Paused" },
  ended: { vi: "Đã hết", en: "Ended" },
  failed: { vi: "Có lỗi", en: "Failed" },
});

/** Why a picture is converted, with what would spare it, and why a source failed, with what to do. */
export const whys = dictionary({
  centre_codec: {
    vi: "máy chủ đặt VP8 cho mọi phòng, nên nguồn nào cũng phải chuyển; không cần chỉnh máy mã hoá.",
    en: "the server is set to VP8 for all rooms, so that every source is converted; nothing is to be set at the encoder.",
  },
  codec: {
    vi: "các phòng cần H.264; đặt máy mã hoá sang H.264 nếu được.",
    en: "the rooms need H.264; set the encoder to H.264 if it can.",
  },
  b_frames: {
    vi: "hình có khung B; đặt B-frames = 0 (hoặc Tune zerolatency) để hình đi thẳng.",
    en: "it has B-frames; set B-frames = 0 (or tune zerolatency) to let it pass.",
  },
  profile: {
    vi: "không phải H.264 baseline; đặt Profile baseline để hình đi thẳng.",
    en: "it is not H.264 baseline; set profile baseline to let it pass.",
  },
  size: { vi: "hình lớn hơn 1920×1080.", en: "it is larger than 1920×1080." },
  keyframes: {
    vi: "khung chính cách nhau quá xa; đặt Keyframe Interval 2 giây để hình đi thẳng.",
    en: "keyframes are too far apart; set a keyframe interval of 2 s to let it pass.",
  },
  bitrate: {
    vi: "tốc độ cao hơn mức cho phép; đặt bitrate thấp hơn để hình đi thẳng.",
    en: "it has more bits than allowed; set a lower bitrate to let it pass.",
  },
  unreachable: {
    vi: "Không tới được thiết bị. Kiểm tra địa chỉ, dây mạng, thiết bị đã bật chưa. Trung tâm tự thử lại.",
    en: "The device cannot be reached. Check address, cable and power. The centre keeps trying.",
  },
  refused: {
    vi: "Thiết bị không cho vào: sai tên đăng nhập hoặc mật khẩu. Xoá và thêm lại với mật khẩu đúng.",
    en: "The device refuses: wrong user or password. Remove it and add it with the right one.",
  },
  silent: {
    vi: "Thiết bị đã ngừng gửi hình. Trung tâm tự nối lại.",
    en: "The device stopped sending. The centre connects again.",
  },
  unreadable: { vi: "Không đọc được dữ liệu hình này.", en: "This picture cannot be read." },
  no_picture: { vi: "Nguồn này không có hình.", en: "There is no picture in it." },
  no_file: { vi: "Tệp phim không còn trong thư mục.", en: "The film is no longer in the folder." },
  not_published: {
    vi: "Máy chủ hình ảnh chưa nhận được. Trung tâm tự thử lại.",
    en: "The relay does not take it yet. The centre keeps trying.",
  },
  missing_program: {
    vi: "Máy chủ chưa cài ffmpeg, cần cho SRT. Báo người quản trị.",
    en: "ffmpeg, which SRT needs, is not installed. Tell the administrator.",
  },
  broken: {
    vi: "Chương trình đọc nguồn bị dừng. Trung tâm tự chạy lại.",
    en: "The source's program died. The centre starts it again.",
  },
  bad_secret: {
    vi: "Máy mã hoá nhập sai passphrase (hoặc thiếu). Nhập lại rồi kết nối lại.",
    en: "The encoder has a wrong passphrase, or none. Enter it again and connect anew.",
  },
  too_many: {
    vi: "Đang chạy quá nhiều nguồn. Dừng bớt một nguồn khác.",
    en: "Too many sources are running. Stop another one.",
  },
});

/** The source on air, on the wall. */
export const onWall = dictionary({
  browser: { vi: "từ trình duyệt", en: "from a browser" },
  rtmp: { vi: "RTMP", en: "RTMP" },
  srt_in: { vi: "SRT", en: "SRT" },
  srt: { vi: "SRT", en: "SRT" },
  rtsp: { vi: "camera RTSP", en: "RTSP camera" },
  film: {
    vi: (name: string, left: string) => `Phim “${name}”${left && `, còn ${left}`}`,
    en: (name: string, left: string) => `Film “${name}”${left && `, ${left} left`}`,
  },
  not_sending: {
    vi: (name: string) => `${name}: KHÔNG GỬI HÌNH`,
    en: (name: string) => `${name}: NOT SENDING`,
  },
  failed: { vi: (name: string) => `${name}: CÓ LỖI`, en: (name: string) => `${name}: FAILED` },
  overloaded: {
    vi: (name: string) => `${name}: chuyển mã quá tải, hình giật`,
    en: (name: string) => `${name}: converting cannot keep up`,
  },
});
