import type { JSX } from "preact";
import { dictionary } from "../shared/i18n";
import { Icon } from "../shared/icons";

export const weak = dictionary({
  soundOnly: { vi: "Hiện chỉ có tiếng", en: "Sound only for now" },
  soundOnlyHint: {
    vi: "Đường truyền yếu, hoặc giảng viên chưa phát hình. Hình tự trở lại, không cần bấm gì.",
    en: "A weak line, or the lecturer sends no picture. It returns by itself, nothing to press.",
  },
  telephone: {
    vi: (number: string) => `Gọi ${number} để nghe giảng qua điện thoại`,
    en: (number: string) => `Call ${number} to hear the lecture by telephone`,
  },
  telephoneHint: {
    vi: "Không có hình và tiếng từ lâu. Máy vẫn tự thử kết nối lại.",
    en: "No picture and no sound for long. This computer goes on trying.",
  },
  byPhone: { vi: "Nghe giảng qua điện thoại", en: "Hear the lecture by telephone" },
  byPhoneCall: { vi: "Hãy gọi số", en: "Call" },
  byPhoneSpeaker: {
    vi: "Bật loa ngoài của điện thoại và để máy gần người nghe.",
    en: "Turn the telephone's loudspeaker on and put it where everybody hears.",
  },
  byPhoneWait: { vi: "Trung tâm sẽ gọi đến phòng", en: "The centre will call this room" },
  byPhoneHint: {
    vi: "Trung tâm tạm dừng hình và tiếng ở phòng này. Hình và tiếng tự trở lại, không cần bấm gì.",
    en: "The centre has paused picture and sound here. Both return by themselves, nothing to press.",
  },
});

/** In the place of the picture, while the line carries the sound alone. */
export function SoundOnly(): JSX.Element {
  return (
    <section class="waiting sound-only" data-middle="sound" role="status">
      <h1>
        <Icon name="sound" /> {weak.soundOnly}
      </h1>
      <p class="hint">{weak.soundOnlyHint}</p>
    </section>
  );
}

/** The last rung: the lecture by telephone. */
export function Telephone(props: { number: string }): JSX.Element {
  return (
    <div class="strip bad" role="alert" data-banner="telephone">
      <Icon name="phone" />
      <div class="grow">
        <strong>{weak.telephone(props.number)}</strong>
        <span class="hint">{weak.telephoneHint}</span>
      </div>
    </div>
  );
}

/** In the place of the picture, by an operator's order: the lecture by telephone, read from the last row. */
export function ByPhone(props: { number: string }): JSX.Element {
  return (
    <section class="waiting by-phone" data-middle="phone" role="status">
      <h1>
        <Icon name="phone" /> {weak.byPhone}
      </h1>
      {props.number ? (
        <>
          <h2>{weak.byPhoneCall}</h2>
          <p class="number num" style={{ "--letters": props.number.length }}>
            {props.number}
          </p>
          <p class="hint">{weak.byPhoneSpeaker}</p>
        </>
      ) : (
        <p class="number none">{weak.byPhoneWait}</p>
      )}
      <p class="hint">{weak.byPhoneHint}</p>
    </section>
  );
}
