import type { JSX } from "preact";
import { dayAndTime } from "../shared/format";
import { dictionary } from "../shared/i18n";
import { Alert, Modal } from "../shared/parts";

const w = dictionary({
  linkFor: {
    vi: (name: string) => `Đăng nhập một lần: ${name}`,
    en: (name: string) => `Sign in once: ${name}`,
  },
  linkHow: {
    vi: (from: string, until: string) =>
      `Quét mã hoặc gõ địa chỉ. Dùng được một lần, từ ${from} đến ${until}. Lập lại thì bản trước mất hiệu lực. Không hiện lại lần nữa.`,
    en: (from: string, until: string) =>
      `Scan or type it. It works once, from ${from} to ${until}. A new one replaces it. It is not shown again.`,
  },
  print: { vi: "In", en: "Print" },
});

/** A link that signs an officer in once; times in milliseconds. */
export interface OfficerLink {
  place: number;
  name: string;
  address: string;
  qr: string;
  from_ms: number;
  until_ms: number;
}

/** Shows a link and its QR code, once. */
export function Link({ link, onClose }: { link: OfficerLink; onClose: () => void }): JSX.Element {
  return (
    <Modal title={w.linkFor(link.name)} onClose={onClose}>
      <div class="stack">
        <img class="qr" alt="QR" width={220} src={`data:image/svg+xml,${encodeURIComponent(link.qr)}`} />
        <p class="num breakable">{link.address}</p>
        <Alert tone="warn">{w.linkHow(dayAndTime(link.from_ms), dayAndTime(link.until_ms))}</Alert>
        <button class="button noprint" onClick={() => print()}>
          {w.print}
        </button>
      </div>
    </Modal>
  );
}
