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
