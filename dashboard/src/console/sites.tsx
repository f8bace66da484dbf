import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, Refusal } from "../shared/api";
import { Confirmed } from "../shared/ask";
import { useAsked, useDoing } from "../shared/asked";
import { dayAndTime } from "../shared/format";
import { dictionary, worded } from "../shared/i18n";
import { Icon } from "../shared/icons";
import { Alert, Chip, Field, Modal } from "../shared/parts";
import { can } from "../shared/signed";
import { type Branch, matches, type Site, treeOf } from "../shared/site";
import { levels } from "../wall/words";
import { Provider } from "./provider";
import { t } from "./words";

const w = dictionary({
  import: { vi: "Nhập từ Excel / CSV", en: "Import Excel / CSV" },
  template: { vi: "Tải tệp mẫu", en: "Template" },
  imported: {
    vi: (places: number, sites: number, people: number) =>
      `Đã nhập: ${places} địa bàn, ${sites} điểm cầu, ${people} học viên.`,
    en: (places: number, sites: number, people: number) =>
      `Imported: ${places} places, ${sites} sites, ${people} participants.`,
  },
  reason: { vi: "Lý do (vào nhật ký)", en: "Reason (kept in the trail)" },
  allTheSame: { vi: "Vẫn nhập tệp này", en: "Import it all the same" },
  row: { vi: "Dòng", en: "Row" },
  sheet: { vi: "Trang tính", en: "Sheet" },
  column: { vi: "Cột", en: "Column" },
  fault: { vi: "Lỗi", en: "Fault" },
  asTree: { vi: "Theo địa bàn", en: "By place" },
  asList: { vi: "Danh sách", en: "List" },
  level: { vi: "Cấp học", en: "Level" },
  roster: { vi: "Học viên", en: "Participants" },
  contact: { vi: "Liên hệ", en: "Contact" },
  paired: { vi: "Đã ghép máy", en: "Paired" },
  unpaired: { vi: "Chưa ghép máy", en: "Not paired" },
  revoked: { vi: "Đã thu hồi", en: "Revoked" },
  seen: { vi: "Tin gần nhất", en: "Last heard" },
  pair: { vi: "Mã ghép máy", en: "Pairing code" },
  pairHow: {
    vi: "Trên máy của điểm cầu, nhập mã này khi được hỏi. Mã chỉ dùng một lần.",
    en: "Type this code on the site's computer when it asks. It works once.",
  },
  expires: { vi: (time: string) => `Hết hạn ${time}`, en: (time: string) => `Expires ${time}` },
  newPin: { vi: "Đặt lại PIN giám thị", en: "Reset invigilator PIN" },
  newPinSure: {
    vi: (name: string) => `Đặt lại PIN giám thị của ${name}?`,
    en: (name: string) => `Reset the PIN of ${name}?`,
  },
  newPinMeans: {
    vi: "Mọi điện thoại giám thị ở đó phải vào lại. Mã mới được đặt trên chính máy của điểm cầu (Ctrl+Alt+G).",
    en: "All invigilators there are signed out. The new PIN is chosen on the site's own computer (Ctrl+Alt+G).",
  },
  revoke: { vi: "Thu hồi", en: "Revoke" },
  revokeSure: { vi: (name: string) => `Thu hồi máy của ${name}?`, en: (name: string) => `Revoke ${name}?` },
  revokeMeans: {
    vi: "Máy này bị ngắt ngay và không kết nối lại được cho tới khi ghép lại bằng mã mới.",
    en: "The computer is cut off at once and stays out until it is paired again with a new code.",
  },
});

interface RowFault {
  sheet?: string;
  row: number;
  column: string;
  message: string;
}

export function Sites(): JSX.Element {
  const asked = useAsked<Site[]>("/api/v1/sites", 15_000);
  const [wanted, want] = useState("");
  const [asTree, setTree] = useState(true);
  const shown = (asked.value ?? []).filter((site) =>
    matches(wanted, site.code, site.name, site.contact, site.phone, ...site.path),
  );
  return (
    <div class="stack">
      <div class="row">
        <h1 class="grow">
          {t.sites} <small class="muted num">{asked.value?.length ?? ""}</small>
        </h1>
        <input
          class="short"
          placeholder={t.search}
          value={wanted}
          onInput={(e) => want(e.currentTarget.value)}
        />
        <button class="button" onClick={() => setTree(!asTree)}>
          {asTree ? w.asList : w.asTree}
        </button>
      </div>
      {can("sites.edit") && <Import onDone={asked.again} />}
      {asked.fault && <Alert tone="bad">{asked.fault}</Alert>}
      {asTree ? (
        treeOf(shown).branches.map((branch) => (
          <BranchView
            key={branch.key}
            branch={branch}
            open={wanted !== "" || branch.total <= 40}
            onDone={asked.again}
          />
        ))
      ) : (
        <div class="card">
          <SiteTable sites={shown} onDone={asked.again} />
        </div>
      )}
    </div>
  );
}

function Import({ onDone }: { onDone: () => void }): JSX.Element {
  const [told, tell] = useState("");
  const [rows, show] = useState<RowFault[]>([]);
  const [frozen, freeze] = useState<File | null>(null);
  const [reason, why] = useState("");
  const { busy, fault, run } = useDoing();
  const take = (input: HTMLInputElement): void => {
    const file = input.files?.[0];
    input.value = "";
    if (file) send(file, "");
  };
  const send = (file: File, because: string): void => {
    tell("");
    show([]);
    freeze(null);
    void run(async () => {
      try {
        const named = new URLSearchParams({ filename: file.name, reason: because });
        const path = `/api/v1/sites/import?${named.toString()}`;
        const done = await api.upload<{ places: number; sites: number; participants: number }>(path, file);
        tell(w.imported(done.places, done.sites, done.participants));
        onDone();
      } catch (caught) {
        if (caught instanceof Refusal && Array.isArray(caught.fields["rows"])) {
          show(caught.fields["rows"] as RowFault[]);
        }
        if (caught instanceof Refusal && caught.code === "frozen") freeze(file);
        throw caught;
      }
    });
  };
  return (
    <section class="card stack">
      <div class="row">
        <label class={`button primary ${busy ? "busy" : ""}`}>
          {w.import}
          <input
            class="visually-hidden"
            type="file"
            accept=".xlsx,.csv"
            disabled={busy}
            onChange={(e) => take(e.currentTarget)}
          />
        </label>
        <a class="button" href="/api/v1/sites/template.csv" download>
          {w.template} CSV
        </a>
        <a class="button" href="/api/v1/sites/template.xlsx" download>
          {w.template} XLSX
        </a>
      </div>
      {told && <Alert tone="good">{told}</Alert>}
      {fault && <Alert tone="bad">{fault}</Alert>}
      {frozen && (
        <form
          class="row"
          onSubmit={(event) => {
            event.preventDefault();
            send(frozen, reason);
          }}
        >
          <Field label={w.reason}>
            <input required minLength={5} value={reason} onInput={(e) => why(e.currentTarget.value)} />
          </Field>
          <button class="button danger" disabled={busy}>
            {w.allTheSame}
          </button>
        </form>
      )}
      {rows.length > 0 && <Lint rows={rows} />}
    </section>
  );
}

function Lint({ rows }: { rows: RowFault[] }): JSX.Element {
  const sheets = rows.some(({ sheet }) => sheet);
  return (
    <div class="scroll-x tall" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {sheets && <th>{w.sheet}</th>}
            <th class="num">{w.row}</th>
            <th>{w.column}</th>
            <th>{w.fault}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((fault, at) => (
            <tr key={at}>
              {sheets && <td>{fault.sheet}</td>}
              <td class="num">{fault.row || ""}</td>
              <td>{fault.column}</td>
              <td>{fault.message}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function BranchView(props: { branch: Branch; open: boolean; onDone: () => void }): JSX.Element {
  const { branch, open, onDone } = props;
  const paired = (at: Branch): number =>
    at.sites.filter((site) => site.paired && !site.revoked).length +
    at.branches.reduce((sum, inner) => sum + paired(inner), 0);
  return (
    <details class="branch" open={open}>
      <summary>
        <b>{branch.name}</b>{" "}
        <span class="muted num">
          {t.rows(branch.total)} · {w.paired.toLowerCase()} {paired(branch)}
        </span>
      </summary>
      {branch.branches.map((inner) => (
        <BranchView key={inner.key} branch={inner} open={open} onDone={onDone} />
      ))}
      {branch.sites.length > 0 && <SiteTable sites={branch.sites} onDone={onDone} />}
    </details>
  );
}

function SiteTable({ sites, onDone }: { sites: Site[]; onDone: () => void }): JSX.Element {
  return (
    <div class="scroll-x" tabIndex={0}>
      <table class="sites-table">
        <thead>
          <tr>
            <th>{t.code}</th>
            <th>{t.name}</th>
            <th>{w.level}</th>
            <th class="num">{w.roster}</th>
            <th>{w.contact}</th>
            <th>{t.state}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {sites.map((site) => (
            <tr key={site.id}>
              <td class="num nowrap">{site.code}</td>
              <td>
                {site.name}
                <div class="muted small">{[...site.path].reverse().slice(0, 2).join(", ")}</div>
              </td>
              <td>{worded(levels, site.level)}</td>
              <td class="num">
                {site.participants}/{site.expected}
              </td>
              <td>
                {site.contact}
                <div class="num nowrap">{site.phone}</div>
                <Provider site={site} onDone={onDone} />
              </td>
              <td>
                <Standing site={site} />
              </td>
              <td>{can("sites.pair") && <Computer site={site} onDone={onDone} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Standing({ site }: { site: Site }): JSX.Element {
  if (site.revoked) {
    return (
      <Chip tone="bad">
        <Icon name="ban" /> {w.revoked}
      </Chip>
    );
  }
  return (
    <>
      <Chip tone={site.paired ? "good" : "idle"}>
        <Icon name={site.paired ? "check" : "plug"} /> {site.paired ? w.paired : w.unpaired}
      </Chip>
      {site.last_seen_ms !== null && (
        <div class="muted small num">
          {w.seen}: {dayAndTime(site.last_seen_ms)}
        </div>
      )}
    </>
  );
}

function Computer({ site, onDone }: { site: Site; onDone: () => void }): JSX.Element {
  const [code, show] = useState<{ code: string; expires_ms: number } | null>(null);
  const { busy, fault, run } = useDoing();
  const path = `/api/v1/sites/${site.id}`;
  const pair = (): Promise<boolean> => run(async () => show(await api.post(`${path}/pairing-code`)));
  return (
    <div class="row tight">
      <button class="button small" disabled={busy} onClick={pair}>
        {w.pair}
      </button>
      {site.paired && !site.revoked && (
        <Confirmed
          word={w.newPin}
          title={w.newPinSure(site.name)}
          class="small"
          deed={() => api.post(`${path}/invigilator-pin/reset`)}
        >
          {w.newPinMeans}
        </Confirmed>
      )}
      {site.paired && !site.revoked && (
        <Confirmed
          word={w.revoke}
          title={w.revokeSure(site.name)}
          class="small danger"
          deed={() => api.post(`${path}/revoke`).then(onDone)}
        >
          {w.revokeMeans}
        </Confirmed>
      )}
      {fault && <small class="tone-bad">{fault}</small>}
      {code && (
        <Modal title={`${w.pair} · ${site.code}`} wide onClose={() => show(null)}>
          <p>{site.name}</p>
          <p class="huge num">{code.code}</p>
          <p class="tone-warn num">{w.expires(dayAndTime(code.expires_ms))}</p>
          <p class="muted">{w.pairHow}</p>
        </Modal>
      )}
    </div>
  );
}
