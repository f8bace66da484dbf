import "./mark.css";
import type { JSX } from "preact";
import { dictionary } from "../shared/i18n";

const t = dictionary({ on: { vi: "Đang ghi hình", en: "Recording" } });

/** People who are recorded see that they are. */
export function RecordingMark({ on }: { on: boolean | undefined }): JSX.Element | null {
  return on ? (
    <span class="recording-mark">
      <i aria-hidden="true" /> {t.on}
    </span>
  ) : null;
}
