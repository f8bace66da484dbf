import type { JSX } from "preact";
import { dictionary } from "../shared/i18n";

const t = dictionary({
  title: { vi: "Bài của thầy cô đã được lưu", en: "Your answers are saved" },
  text: {
    vi: "Giám thị đã tạm dừng bài thi. Đồng hồ đang dừng; khi thi tiếp, thầy cô được trả lại đủ thời gian. Hãy làm theo hướng dẫn của giám thị.",
    en: "The invigilator has stopped the exam. The clock stands; all of the time is given back. Please follow the invigilator.",
  },
});

/** Instead of the paper while the clock of the whole site stands: nothing of it can be read. */
export function Stopped(): JSX.Element {
  return (
    <section class="card narrow stack" role="alert">
      <h1>{t.title}</h1>
      <p>{t.text}</p>
    </section>
  );
}
