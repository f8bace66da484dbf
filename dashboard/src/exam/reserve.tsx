import type { JSX } from "preact";
import { dictionary } from "../shared/i18n";
import { Alert } from "../shared/parts";

const t = dictionary({
  calm: {
    vi: "Hội đồng thi thay đề bằng đề dự bị cho tất cả các điểm cầu. Thầy cô làm đề mới với đủ thời gian; bài đã làm được trường giữ lại, không ai bị thiệt. Xin giữ nguyên chỗ và chờ giây lát.",
    en: "The examination board replaces the paper with the reserve paper at every site. You get the new paper with its full length; what you wrote is kept by the school and nobody loses by it. Please stay seated and wait a moment.",
  },
});

/** Said calmly where the reserve paper is about to open. */
export function ReserveNote(): JSX.Element {
  return <Alert tone="minor">{t.calm}</Alert>;
}
