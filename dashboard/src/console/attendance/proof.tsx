import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../../shared/api";
import { useAsked, useDoing } from "../../shared/asked";
import { dayAndTime } from "../../shared/format";
import { dictionary, worded } from "../../shared/i18n";
import { Alert, Field, Modal } from "../../shared/parts";
import { can } from "../../shared/signed";
import type { RollLine } from "./model";
import { kinds } from "./words";

const v = dictionary({
  title: { vi: "Chữ ký, chuỗi bằng chứng, ảnh", en: "Signatures, chains, pictures" },
  check: { vi: "Kiểm tra bây giờ", en: "Check now" },
  held: { vi: "Tất cả đều đúng.", en: "Everything holds." },
  broken: { vi: (n: number) => `${n} chỗ không đúng.`, en: (n: number) => `${n} places do not hold.` },
  sums: {
    vi: (sites: number, counts: number, signed: number, pictures: number, erased: number) =>
      `${sites} điểm cầu, ${counts} lần đếm, ${signed} chữ ký đúng, ${pictures} ảnh còn lưu, ${erased} ảnh đã xóa có biên bản.`,
    en: (sites: number, counts: number, signed: number, pictures: number, erased: number) =>
      `${sites} sites, ${counts} counts, ${signed} signatures hold, ${pictures} pictures kept, ${erased} erased with proof.`,
  },
  trail: {
    vi: (rows: number) => `Nhật ký ${rows} dòng, nguyên vẹn.`,
    en: (rows: number) => `Audit trail of ${rows} rows, whole.`,
  },
  trailBroken: {
    vi: (row: number) => `Nhật ký đứt ở dòng ${row}.`,
    en: (row: number) => `The audit trail breaks at row ${row}.`,
  },
  retention: { vi: "Hạn lưu ảnh", en: "Time of pictures" },
  kept: {
    vi: (n: number, next: string) => `Đang lưu ${n} ảnh; hạn gần nhất ${next}.`,
    en: (n: number, next: string) => `${n} pictures kept; the next is due ${next}.`,
  },
  keptNone: { vi: "Không lưu ảnh nào.", en: "No picture is kept." },
  keptDue: { vi: (n: number) => `Đang lưu ${n} ảnh.`, en: (n: number) => `${n} pictures kept.` },
  erased: {
    vi: (n: number) => `Đã xóa ${n} ảnh, mỗi ảnh một biên bản mang mã băm đã ký.`,
    en: (n: number) => `${n} erased, each with an event that carries the signed digest.`,
  },
  waits: {
    vi: (n: number, sites: number) =>
      `${n} ảnh đã đến hạn nhưng chưa xóa: đồng hồ trung tâm chưa được đồng hồ của ít nhất 3 điểm cầu xác nhận (đang có ${sites}).`,
    en: (n: number, sites: number) =>
      `${n} pictures are due but not erased: the clocks of at least 3 sites must bear the centre's out (now ${sites}).`,
  },
  sound: {
    vi: (sites: number) => `Đồng hồ trung tâm khớp với đồng hồ của ${sites} điểm cầu.`,
    en: (sites: number) => `The centre's clock agrees with those of ${sites} sites.`,
  },
  erase: { vi: "Xóa ảnh của lần điểm danh này", en: "Erase this roll call's pictures" },
  eraseMeans: {
    vi: (n: number, call: string) =>
      `Xóa ngay ${n} ảnh của lần ${call}. Không lấy lại được. Số đếm và chữ ký vẫn còn và vẫn kiểm tra được.`,
    en: (n: number, call: string) =>
      `Erase ${n} pictures of ${call} now. There is no way back. Counts and signatures stay and can be checked.`,
  },
  why: { vi: "Lý do xóa trước hạn", en: "Why before their time" },
  done: { vi: (n: number) => `Đã xóa ${n} ảnh.`, en: (n: number) => `${n} pictures erased.` },
});

const troubles = dictionary({
  signature: { vi: "chữ ký sai", en: "signature wrong" },
  other_site: { vi: "của nơi khác hoặc lần khác", en: "sworn for another site or roll call" },
  content: { vi: "số đã lưu khác số đã ký", en: "numbers differ from the signed ones" },
  picture: { vi: "ảnh khác ảnh đã ký", en: "picture differs from the signed one" },
  picture_missing: { vi: "mất ảnh, không có biên bản xóa", en: "picture gone without an erasure" },
  erasure: { vi: "biên bản xóa không khớp", en: "the erasure does not fit" },
  erased_early: { vi: "xóa trước hạn", en: "erased before its time" },
  gap: { vi: "thiếu bằng chứng liền trước", en: "the evidence before it is missing" },
  fork: { vi: "hai bằng chứng cùng một bản trước", en: "two with one predecessor" },
});

interface Found {
  held: boolean;
  counts: number;
  signed: number;
  pictures: number;
  erased: number;
  faults: number;
  audit_rows: number;
  audit_broken_at: number | null;
  sites: { code: string; name: string; verdict: { faults: { roll_call: string; trouble: string }[] } }[];
}

interface Retention {
  kept: number;
  due: number;
  next_due_ms: number | null;
  erased: number;
  witnesses: number;
  clock_agrees: boolean;
}

interface Props {
  session: string;
  call: RollLine | undefined;
  onErased: () => void;
}

/** Whether what is kept is what was sworn, and when pictures go. */
export function Proof(props: Props): JSX.Element {
  return (
    <div class="columns top">
      {can("rollcall.correct") && <Verification session={props.session} />}
      <Clock {...props} />
    </div>
  );
}

function Verification({ session }: { session: string }): JSX.Element {
  const [found, tell] = useState<Found | null>(null);
  const { busy, fault, run } = useDoing();
  const check = (): Promise<boolean> =>
    run(async () => tell(await api.get<Found>(`/api/v1/attendance/verification?session=${session}`)));
  const bad = found?.sites.filter(({ verdict }) => verdict.faults.length > 0) ?? [];
  return (
    <section class="card stack">
      <h2>{v.title}</h2>
      <div>
        <button class="button primary" disabled={busy} onClick={check}>
          {v.check}
        </button>
      </div>
      {fault && <Alert tone="bad">{fault}</Alert>}
      {found && (
        <>
          <Alert tone={found.held ? "good" : "bad"}>{found.held ? v.held : v.broken(found.faults)}</Alert>
          <p class="num">
            {v.sums(found.sites.length, found.counts, found.signed, found.pictures, found.erased)}
          </p>
          <p class={found.audit_broken_at === null ? "muted num" : "tone-bad num"}>
            {found.audit_broken_at === null
              ? v.trail(found.audit_rows)
              : v.trailBroken(found.audit_broken_at)}
          </p>
          {bad.map((site) => (
            <p key={site.code}>
              <b class="num">{site.code}</b> {site.name}:{" "}
              <span class="tone-bad">
                {[...new Set(site.verdict.faults.map(({ trouble }) => worded(troubles, trouble)))].join(", ")}
              </span>
            </p>
          ))}
        </>
      )}
    </section>
  );
}

function Clock({ call, onErased }: Props): JSX.Element {
  const asked = useAsked<Retention>("/api/v1/attendance/retention", 15_000);
  const [erasing, erase] = useState(false);
  const told = asked.value;
  return (
    <section class="card stack">
      <h2>{v.retention}</h2>
      {asked.fault && <Alert tone="bad">{asked.fault}</Alert>}
      {told && (
        <>
          <p class="num">
            {told.kept === 0
              ? v.keptNone
              : told.next_due_ms === null
                ? v.keptDue(told.kept)
                : v.kept(told.kept, dayAndTime(told.next_due_ms))}{" "}
            {v.erased(told.erased)}
          </p>
          {told.clock_agrees && <p class="muted num">{v.sound(told.witnesses)}</p>}
          {told.due > 0 && !told.clock_agrees && (
            <Alert tone="warn">{v.waits(told.due, told.witnesses)}</Alert>
          )}
        </>
      )}
      {call && call.pictures > 0 && can("rollcall.erase") && (
        <div>
          <button class="button danger" onClick={() => erase(true)}>
            {v.erase}
          </button>
        </div>
      )}
      {erasing && call && (
        <Erase
          call={call}
          onClose={() => erase(false)}
          onDone={() => {
            asked.again();
            onErased();
          }}
        />
      )}
    </section>
  );
}

function Erase(props: { call: RollLine; onClose: () => void; onDone: () => void }): JSX.Element {
  const { call } = props;
  const [why, say] = useState("");
  const [done, tell] = useState<number | null>(null);
  const { busy, fault, run } = useDoing();
  const submit = (event: Event): void => {
    event.preventDefault();
    void run(async () => {
      const { number } = await api.post<{ number: number }>(`/api/v1/roll-calls/${call.id}/erase`, { why });
      tell(number);
      props.onDone();
    });
  };
  return (
    <Modal title={v.erase} onClose={props.onClose}>
      {done === null ? (
        <form class="stack" onSubmit={submit}>
          <p>
            {v.eraseMeans(call.pictures, `${dayAndTime(call.at_ms, true)} (${worded(kinds, call.kind)})`)}
          </p>
          <Field label={v.why}>
            <input required maxLength={500} value={why} onInput={(e) => say(e.currentTarget.value)} />
          </Field>
          {fault && <Alert tone="bad">{fault}</Alert>}
          <button class="button danger" disabled={busy}>
            {v.erase}
          </button>
        </form>
      ) : (
        <Alert tone="good">{v.done(done)}</Alert>
      )}
    </Modal>
  );
}
