import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "./api";
import { useDoing } from "./asked";
import { dictionary } from "./i18n";
import { Alert, Field, Modal } from "./parts";

export interface Closing {
  how: "paper" | "telephone" | "reopened";
  present: number;
  reason: string;
  who: string;
  at_ms: number;
}

export const p = dictionary({
  byProtocol: { vi: "Kết thúc theo biên bản", en: "Close by protocol" },
  byProtocolHint: {
    vi: "Chỉ dùng khi chắc chắn không còn bài nào sẽ gửi về. Bài gửi về sau vẫn được nhận và chấm lại.",
    en: "Only when surely nothing more will come. What still comes later is taken in and marked again.",
  },
  reopen: { vi: "Huỷ biên bản, lại chờ nơi này", en: "Take the closing back" },
  sitting: {
    vi: "Chỉ khi trường xác nhận không còn ai ngồi thi: sau đó kết quả không chờ nơi này nữa và đáp án được dùng. Bài gửi về sau vẫn được nhận và chấm lại.",
    en: "Only when the school says that nobody sits there any more: then results wait for it no longer and the key is used. What still comes later is taken in and marked again.",
  },
  how: { vi: "Căn cứ", en: "Based on" },
  paper: { vi: "Biên bản giấy", en: "Paper record" },
  telephone: { vi: "Xác nhận qua điện thoại", en: "Telephone record" },
  presentThere: { vi: "Số người có mặt theo biên bản", en: "People present by that record" },
  reason: { vi: "Lý do, số biên bản, người xác nhận", en: "Reason, record number, who confirmed" },
});

/** A site as it is closed by protocol, or as that is taken back. */
interface Closed {
  site: string;
  code: string;
  name: string;
  registered: number;
  closing: Closing | null;
}

/** `sitting`: people may still be sitting there, results wait for the site. */
export function Protocol(props: {
  site: Closed;
  path: string;
  sitting?: boolean;
  onClose: () => void;
  onDone: () => void;
}): JSX.Element {
  const { site, sitting } = props;
  const again = site.closing !== null;
  const [how, choose] = useState<Closing["how"]>(again ? "reopened" : sitting ? "telephone" : "paper");
  const [present, count] = useState(0);
  const [reason, tell] = useState("");
  const { busy, fault, run } = useDoing();
  const title = again ? p.reopen : p.byProtocol;
  const go = async (): Promise<void> => {
    const path = `${props.path}/sites/${encodeURIComponent(site.site)}/closing`;
    if (await run(() => api.post(path, { how, present, reason }))) props.onDone();
  };
  return (
    <Modal title={`${title}: ${site.code} ${site.name}`} onClose={props.onClose}>
      {!again && (
        <>
          <p>{sitting ? p.sitting : p.byProtocolHint}</p>
          <Field label={p.how}>
            <select value={how} onChange={(event) => choose(event.currentTarget.value as Closing["how"])}>
              <option value="paper">{p.paper}</option>
              <option value="telephone">{p.telephone}</option>
            </select>
          </Field>
          <Field label={p.presentThere}>
            <input
              type="number"
              min={0}
              max={site.registered}
              value={present}
              onInput={(event) => count(event.currentTarget.valueAsNumber || 0)}
            />
          </Field>
        </>
      )}
      <Field label={p.reason}>
        <textarea rows={3} maxLength={400} onInput={(event) => tell(event.currentTarget.value)} />
      </Field>
      {fault && <Alert tone="bad">{fault}</Alert>}
      <div class="row">
        <button class="button primary" disabled={busy || !reason.trim()} onClick={go}>
          {title}
        </button>
      </div>
    </Modal>
  );
}
