import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { Confirmed } from "../shared/ask";
import { useAsked, useDoing } from "../shared/asked";
import { dayAndTime } from "../shared/format";
import { dictionary } from "../shared/i18n";
import { Alert, Chip, Field, Modal } from "../shared/parts";
import { t } from "./words";

const w = dictionary({
  title: { vi: "Màn hình lớn", en: "Televisions" },
  about: {
    vi: "Ti-vi treo bức tường toàn cảnh, không cần người bấm. Mỗi màn hình là một người xem riêng và có thể bị thu hồi bất cứ lúc nào.",
    en: "Televisions show the wall without hands. Each is a viewer of its own and can be taken back at any time.",
  },
  name: { vi: "Tên màn hình", en: "Name of the television" },
  make: { vi: "Tạo liên kết", en: "Make a link" },
  link: { vi: "Liên kết của màn hình", en: "The television's link" },
  once: {
    vi: (time: string) =>
      `Mở liên kết này trên màn hình, một lần, trước ${time}. Ai mở trước thì máy đó được nhận. Số 20 trong liên kết là số giây mỗi cảnh.`,
    en: (time: string) =>
      `Open this link on the television, once, before ${time}. Whoever opens it first is admitted. The 20 in it are the seconds of each scene.`,
  },
  seen: { vi: "Vào lần cuối", en: "Last sign-in" },
  waiting: { vi: "Chưa mở liên kết", en: "Link not opened yet" },
  takenBack: { vi: "Đã thu hồi", en: "Taken back" },
  takeBack: { vi: "Thu hồi", en: "Take back" },
  sure: { vi: (name: string) => `Thu hồi màn hình ${name}?`, en: (name: string) => `Take ${name} back?` },
  means: {
    vi: "Màn hình này thôi hiện bức tường trong nửa phút và không vào lại được nữa.",
    en: "It stops showing the wall within half a minute and is not admitted again.",
  },
});

interface Television {
  id: string;
  name: string;
  made_by: string;
  made_ms: number;
  seen_ms: number | null;
  revoked_ms: number | null;
}

/** The televisions that show the wall: made, looked after, taken back. */
export function Televisions(): JSX.Element {
  const all = useAsked<Television[]>("/api/v1/televisions");
  const [name, rename] = useState("");
  const [link, tell] = useState<{ url: string; until: number } | null>(null);
  const { busy, fault, run } = useDoing();
  const make = async (): Promise<void> => {
    await run(async () => {
      const made = await api.post<{ token: string; until_ms: number }>("/api/v1/televisions", { name });
      tell({ url: `${location.origin}/wall?kiosk=20#enter=${made.token}`, until: made.until_ms });
      rename("");
      all.again();
    });
  };
  return (
    <section class="card stack">
      <h2>{w.title}</h2>
      <p class="muted">{w.about}</p>
      {(all.fault || fault) && <Alert tone="bad">{all.fault || fault}</Alert>}
      <form
        class="row"
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <div class="grow">
          <Field label={w.name}>
            <input
              value={name}
              maxLength={100}
              required
              onInput={(event) => rename(event.currentTarget.value)}
            />
          </Field>
        </div>
        <button class="button" disabled={busy || !name.trim()}>
          {w.make}
        </button>
      </form>
      {all.value !== null && all.value.length > 0 && (
        <div class="scroll-x" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th>{t.name}</th>
                <th>{w.seen}</th>
                <th />
              </tr>
            </thead>
            <tbody>
              {all.value.map((each) => (
                <Row key={each.id} television={each} onDone={all.again} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {link && (
        <Modal title={w.link} onClose={() => tell(null)}>
          <Field label={w.link}>
            <input readOnly value={link.url} onFocus={(event) => event.currentTarget.select()} />
          </Field>
          <p class="muted">{w.once(dayAndTime(link.until))}</p>
        </Modal>
      )}
    </section>
  );
}

function Row({ television, onDone }: { television: Television; onDone: () => void }): JSX.Element {
  const { id, name, seen_ms, revoked_ms } = television;
  return (
    <tr>
      <td>{name}</td>
      <td class="num">{seen_ms === null ? <Chip tone="idle">{w.waiting}</Chip> : dayAndTime(seen_ms)}</td>
      <td>
        {revoked_ms !== null ? (
          <Chip tone="idle">
            {w.takenBack} {dayAndTime(revoked_ms)}
          </Chip>
        ) : (
          <Confirmed
            word={w.takeBack}
            title={w.sure(name)}
            class="small"
            deed={async () => {
              await api.delete(`/api/v1/televisions/${id}`);
              onDone();
            }}
          >
            {w.means}
          </Confirmed>
        )}
      </td>
    </tr>
  );
}
