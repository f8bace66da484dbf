import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { Confirmed } from "../shared/ask";
import { useAsked, useDoing } from "../shared/asked";
import { dayAndTime, timeOfDay } from "../shared/format";
import { dictionary, worded } from "../shared/i18n";
import { Alert, Chip, Modal, type Tone } from "../shared/parts";
import { can } from "../shared/signed";

const w = dictionary({
  title: { vi: "Liên kết vào trang giảng viên", en: "Links to the lecturer's page" },
  about: {
    vi: "Giảng viên mở liên kết hoặc quét mã là vào thẳng buổi học, không cần mật khẩu. Máy nào mở đầu tiên thì chỉ máy đó dùng được; tải lại trang vẫn vào được.",
    en: "Whoever opens the link or scans the code is in this session, without a password. The first browser that opens it has it, and may reload.",
  },
  forLecturer: { vi: "Tạo liên kết cho giảng viên", en: "Link for the lecturer" },
  forStandby: { vi: "Tạo liên kết cho nguồn dự phòng", en: "Link for a standby" },
  forAssistant: { vi: "Tạo liên kết cho trợ giảng", en: "Link for an assistant" },
  fresh: { vi: "Liên kết mới", en: "New link" },
  how: {
    vi: (until: string) =>
      `Gửi liên kết hoặc đưa mã cho người nhận quét, trước ${until}. Không hiện lại lần nữa; mất thì tạo liên kết mới.`,
    en: (until: string) =>
      `Send it or let it be scanned, before ${until}. It is not shown again; make a new one if it is lost.`,
  },
  address: { vi: "Liên kết", en: "Link" },
  copy: { vi: "Sao chép", en: "Copy" },
  copied: { vi: "Đã sao chép", en: "Copied" },
  print: { vi: "In", en: "Print" },
  takeBack: { vi: "Thu hồi", en: "Take back" },
  sure: {
    vi: (name: string) => `Thu hồi liên kết của ${name}?`,
    en: (name: string) => `Take ${name}'s link back?`,
  },
  means: {
    vi: "Ai đang dùng liên kết này phải rời trang ngay, và không vào lại được bằng nó.",
    en: "Whoever uses it is out at once and does not get in by it again.",
  },
  opened: { vi: (time: string) => `Đã mở lúc ${time}`, en: (time: string) => `Opened at ${time}` },
});

const states = dictionary({
  unopened: { vi: "Chưa mở", en: "Not opened yet" },
  opened: { vi: "Đang dùng", en: "In use" },
  taken_back: { vi: "Đã thu hồi", en: "Taken back" },
  expired: { vi: "Hết hạn", en: "Expired" },
});

export const kinds = dictionary({
  lecturer: { vi: "Giảng viên", en: "Lecturer" },
  standby: { vi: "Dự phòng: lên sóng thay khi cần", en: "Standby: takes over when needed" },
  assistant: { vi: "Trợ giảng: chỉ chuyển trang trình chiếu", en: "Assistant: turns slides only" },
});

const TONES: Record<string, Tone> = { unopened: "warn", opened: "good", taken_back: "idle", expired: "idle" };

interface LinkRow {
  id: string;
  kind: "lecturer" | "assistant" | "standby";
  name: string;
  until_ms: number;
  entered_ms: number | null;
  state: string;
}

interface Made {
  link: LinkRow;
  address: string;
  qr: string;
}

interface LinksProps {
  session: string;
  /** Only these, for a page that has a heading of its own. */
  kind?: LinkRow["kind"];
}

/** The links into one session: made, shown once, taken back. */
export function LectureLinks({ session, kind }: LinksProps): JSX.Element {
  const path = `/api/v1/sessions/${session}/links`;
  const all = useAsked<LinkRow[]>(path, 5000);
  const [made, tell] = useState<Made | null>(null);
  const { busy, fault, run } = useDoing();
  const make = (kind: LinkRow["kind"]): void =>
    void run(async () => {
      tell(await api.post<Made>(path, { kind }));
      all.again();
    });
  const of = (all.value ?? []).filter((link) => !kind || link.kind === kind);
  return (
    <section class={kind ? "stack" : "card stack"}>
      {!kind && <h2>{w.title}</h2>}
      {!kind && <p class="muted">{w.about}</p>}
      {(all.fault || fault) && <Alert tone="bad">{all.fault || fault}</Alert>}
      <div class="row">
        {can("lecture.links") && kind !== "assistant" && (
          <>
            <button class="button primary" disabled={busy} onClick={() => make("lecturer")}>
              {w.forLecturer}
            </button>
            <button class="button" disabled={busy} onClick={() => make("standby")}>
              {w.forStandby}
            </button>
          </>
        )}
        <button class="button" disabled={busy} onClick={() => make("assistant")}>
          {w.forAssistant}
        </button>
      </div>
      {of.map((link) => (
        <div key={link.id} class="row">
          <span class="grow">
            <b>{link.name}</b> <span class="muted">{worded(kinds, link.kind)}</span>
          </span>
          {link.entered_ms !== null && <span class="muted num">{w.opened(timeOfDay(link.entered_ms))}</span>}
          <Chip tone={TONES[link.state] ?? "idle"}>{worded(states, link.state)}</Chip>
          {(link.state === "unopened" || link.state === "opened") && (
            <Confirmed
              word={w.takeBack}
              title={w.sure(link.name)}
              class="small"
              deed={async () => {
                await api.delete(`${path}/${link.id}`);
                all.again();
              }}
            >
              {w.means}
            </Confirmed>
          )}
        </div>
      ))}
      {made && <Shown made={made} onClose={() => tell(null)} />}
    </section>
  );
}

function Shown({ made, onClose }: { made: Made; onClose: () => void }): JSX.Element {
  const [copied, tell] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(made.address).then(
      () => tell(true),
      () => undefined,
    );
  };
  return (
    <Modal title={`${w.fresh}: ${made.link.name}`} onClose={onClose}>
      <div class="stack">
        <img class="qr" alt="QR" width={260} src={`data:image/svg+xml,${encodeURIComponent(made.qr)}`} />
        <label class="field">
          <span>{w.address}</span>
          <input readOnly value={made.address} onFocus={(event) => event.currentTarget.select()} />
        </label>
        <Alert tone="warn">{w.how(dayAndTime(made.link.until_ms))}</Alert>
        <div class="row noprint">
          <button class="button primary" onClick={() => void copy()}>
            {copied ? w.copied : w.copy}
          </button>
          <button class="button" onClick={() => print()}>
            {w.print}
          </button>
        </div>
      </div>
    </Modal>
  );
}
