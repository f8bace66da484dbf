import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { useAsked, useDoing } from "../shared/asked";
import type { Exam } from "../shared/exam";
import { dayAndTime, fieldTime, timeOfDay } from "../shared/format";
import { dictionary, worded } from "../shared/i18n";
import type { Officers } from "../shared/officers";
import { Alert, Chip, Field, Modal } from "../shared/parts";
import { Phone } from "../shared/phone";
import { can } from "../shared/signed";
import { examStates } from "../wall/words";
import { Link, type OfficerLink } from "./officerlink";
import { Single } from "./single";

const w = dictionary({
  title: { vi: "Mở đề", en: "Release" },
  byItself: {
    vi: "Mã mở đề tự phát đúng giờ; không cần bấm gì.",
    en: "The code goes out by itself on time; nothing has to be pressed.",
  },
  byOfficers: {
    vi: "Hai trong ba cán bộ giữ mã phải nhập phần mã của mình trước giờ mở đề.",
    en: "Two of the three officers must enter their shares before the start.",
  },
  codesFor: {
    vi: "Điểm cầu mất mạng: đọc mã cho giám thị qua điện thoại.",
    en: "A site without a line: read the code to its invigilator by telephone.",
  },
  codesLater: { vi: "Mã chỉ xem được trong giờ thi.", en: "The code can be seen on the exam day only." },
  reserveFor: {
    vi: "Đề bị lộ: mọi điểm cầu bỏ đề đang thi và làm đề dự bị.",
    en: "The paper has leaked: every site leaves it and sits the reserve paper.",
  },
  openingsFor: { vi: "Giờ mở đề thật của từng điểm cầu.", en: "When each site really opened." },
  move: { vi: "Dời giờ thi", en: "Move the start" },
  newStart: { vi: "Giờ mở đề mới", en: "New start" },
  reason: { vi: "Lý do (vào nhật ký)", en: "Reason (kept in the trail)" },
  reserve: { vi: "Chuyển sang đề dự bị", en: "Switch to the reserve paper" },
  reserveSays: {
    vi: "Mọi điểm cầu bỏ đề đang thi và làm đề dự bị với đủ thời gian. Bài đã làm được giữ riêng, không tính. Không quay lại được.",
    en: "Every site leaves the running paper and sits the reserve with its full length. What was answered is kept aside and does not count. This cannot be undone.",
  },
  typeTitle: { vi: "Gõ lại đúng tên kỳ thi", en: "Type the exam's title" },
  codes: { vi: "Mã để đọc qua điện thoại", en: "Code to read out" },
  codeOf: { vi: "Mã mở đề", en: "Release code" },
  reserveCode: { vi: "Mã mở ĐỀ DỰ BỊ", en: "Code of the RESERVE paper" },
  tooLate: {
    vi: "Đã quá giờ mở muộn nhất: máy có đồng hồ đúng không mở đề bằng mã này nữa. Hãy dùng đề dự phòng.",
    en: "The latest opening has passed: a computer with a right clock opens nothing by this code. Use the reserve paper.",
  },
  notBefore: {
    vi: (time: string) => `Chỉ đọc từ đúng ${time}. Từng nhóm 4 ký tự; bên nghe đọc lại.`,
    en: (time: string) =>
      `Read it out from ${time} on, not earlier. Group by group; let the listener repeat.`,
  },
  notYet: { vi: "Mã chưa được phát.", en: "The code is not out yet." },
  officersHold: {
    vi: "Trung tâm chưa có mã: cần hai cán bộ nhập, hoặc ghép mã bằng trang ngoại tuyến.",
    en: "The centre does not have the code: two officers enter theirs, or combine them on the offline page.",
  },
  toCall: { vi: (n: number) => `${n} điểm cầu chưa mở đề`, en: (n: number) => `${n} sites have not opened` },
  line: { vi: "Đường truyền", en: "Line" },
  up: { vi: "Có", en: "Up" },
  down: { vi: "Mất", en: "Down" },
  phone: { vi: "Điện thoại", en: "Telephone" },
  candidates: { vi: "Thí sinh", en: "Candidates" },
  site: { vi: "Điểm cầu", en: "Site" },
  state: { vi: "Trạng thái", en: "State" },
  officers: { vi: "Cán bộ giữ mã", en: "Officers" },
  slip: { vi: "In phiếu (một lần)", en: "Make the slip (once)" },
  made: { vi: (time: string) => `Đã in ${time}`, en: (time: string) => `Made ${time}` },
  gone: { vi: "Không còn phiếu", en: "Slip is gone" },
  page: { vi: "Trang nhập mã", en: "Entry page" },
  slipsHow: {
    vi: "In cả ba phiếu ngay sau khi niêm phong. Cho đến khi in, mã nằm trong máy này, khóa bằng chìa riêng; in xong chìa bị hủy và máy không còn mã. Bản sao cả ổ đĩa chụp trong lúc chờ vẫn mở được.",
    en: "Make all three slips right after sealing. Until then the shares wait on this computer under a key of their own, which is destroyed with each slip. A copy of the whole disk taken in between would still open.",
  },
  link: { vi: "Liên kết đăng nhập", en: "Sign-in link" },
  single: { vi: "Mã đề dự bị cho một điểm", en: "Reserve code for one site" },
  singleFor: {
    vi: "Một điểm cầu đến quá muộn hoặc hỏng đề: đọc mã cho riêng điểm ấy",
    en: "One site came too late or its paper is spoilt: read the code out to it alone",
  },
  openings: { vi: "Giờ mở đề các điểm (CSV)", en: "Openings (CSV)" },
});

const MOVABLE = ["sealed", "armed"];
/** States in which the reserve can be ordered for everybody. */
export const SWITCHABLE = ["armed", "released", "open"];
const RUNNING = ["released", "open", "closing"];
const CALLABLE = ["armed", "released", "open", "closing"];

/** A start at another time, as long as nobody has opened. */
export function MoveStart({ exam, onDone }: { exam: Exam; onDone: () => void }): JSX.Element | null {
  const [open, show] = useState(false);
  if (!MOVABLE.includes(exam.state)) return null;
  const done = (): void => {
    show(false);
    onDone();
  };
  return (
    <div class="row">
      <button class="button" onClick={() => show(true)}>
        {w.move}
      </button>
      {open && <Move exam={exam} onDone={done} onClose={() => show(false)} />}
    </div>
  );
}

/** The officers who hold the code, when the exam is released by them. */
export function OfficersOf({ exam }: { exam: Exam }): JSX.Element | null {
  const officers = useAsked<Officers>(`/api/v1/exams/${exam.id}/officers`, 5000);
  if (!officers.value?.officers.length) return null;
  return <Slips of={officers.value} onDone={officers.again} />;
}

/** What conductors do with the release of one sealed exam. */
export function ReleaseDesk({ exam, onDone }: { exam: Exam; onDone: () => void }): JSX.Element {
  const [open, show] = useState<"" | "reserve" | "codes" | "single">("");
  const officers = useAsked<Officers>(`/api/v1/exams/${exam.id}/officers`, 5000);
  const held = officers.value?.officers ?? [];
  const done = (): void => {
    show("");
    onDone();
  };
  return (
    <section class="card stack">
      <h2>{w.title}</h2>
      <p class="muted">{officers.value && (held.length > 0 ? w.byOfficers : w.byItself)}</p>
      {can("exams.release") && (
        <div class="row">
          <span class="grow">{CALLABLE.includes(exam.state) ? w.codesFor : w.codesLater}</span>
          <button class="button" disabled={!CALLABLE.includes(exam.state)} onClick={() => show("codes")}>
            {w.codes}
          </button>
        </div>
      )}
      {officers.value?.has_reserve && (
        <div class="row">
          <span class="grow">{w.reserveFor}</span>
          <button
            class="button danger"
            disabled={!SWITCHABLE.includes(exam.state)}
            onClick={() => show("reserve")}
          >
            {w.reserve}
          </button>
        </div>
      )}
      {officers.value?.has_reserve && (
        <div class="row">
          <span class="grow">{w.singleFor}</span>
          <button class="button" disabled={!RUNNING.includes(exam.state)} onClick={() => show("single")}>
            {w.single}
          </button>
        </div>
      )}
      <div class="row">
        <span class="grow">{w.openingsFor}</span>
        <a class="button" href={`/api/v1/exams/${exam.id}/openings.csv`} download>
          {w.openings}
        </a>
      </div>
      {open === "reserve" && <Reserve exam={exam} onDone={done} onClose={() => show("")} />}
      {open === "single" && <Single exam={exam} onClose={() => show("")} />}
      {open === "codes" && <ReadOut exam={exam} onClose={() => show("")} />}
    </section>
  );
}

function Slips({ of, onDone }: { of: Officers; onDone: () => void }): JSX.Element {
  const { busy, fault, run } = useDoing();
  const [link, tell] = useState<OfficerLink | null>(null);
  const invite = (place: number): void => {
    void run(async () =>
      tell(await api.post<OfficerLink>(`/api/v1/exams/${of.exam}/officers/${place}/link`)),
    );
  };
  const make = (place: number): void => {
    void run(async () => {
      const address = URL.createObjectURL(await api.made(`/api/v1/exams/${of.exam}/officers/${place}/slip`));
      window.open(address, "_blank");
      onDone();
    });
  };
  return (
    <section class="card stack">
      <div class="row">
        <h2 class="grow">{w.officers}</h2>
        <a class="button small" href="/officers">
          {w.page}
        </a>
      </div>
      {fault && <Alert tone="bad">{fault}</Alert>}
      {of.officers.some((one) => one.slip_waits) && <Alert tone="minor">{w.slipsHow}</Alert>}
      {link && <Link link={link} onClose={() => tell(null)} />}
      {of.officers.map((one) => (
        <div key={one.place} class="row">
          <span class="grow">
            {one.place}. {one.name} <span class="muted num">{one.phone}</span>
          </span>
          {one.printed_ms !== null ? (
            <Chip tone="good">{w.made(timeOfDay(one.printed_ms))}</Chip>
          ) : one.slip_waits && can("exams.plan") ? (
            <button class="button" disabled={busy} onClick={() => make(one.place)}>
              {w.slip}
            </button>
          ) : (
            <Chip tone="bad">{w.gone}</Chip>
          )}
          {can("exams.plan") && (
            <button class="button" disabled={busy} onClick={() => invite(one.place)}>
              {w.link}
            </button>
          )}
        </div>
      ))}
    </section>
  );
}

function Move(props: { exam: Exam; onDone: () => void; onClose: () => void }): JSX.Element {
  const [at, choose] = useState(fieldTime(props.exam.starts_ms));
  const [reason, why] = useState("");
  const { busy, fault, run } = useDoing();
  const submit = (event: Event): void => {
    event.preventDefault();
    const starts_ms = new Date(at).getTime();
    void run(async () => {
      await api.post(`/api/v1/exams/${props.exam.id}/start`, { starts_ms, reason });
      props.onDone();
    });
  };
  return (
    <Modal title={w.move} onClose={props.onClose}>
      <form class="stack" onSubmit={submit}>
        <Field label={w.newStart}>
          <input
            type="datetime-local"
            step={1}
            required
            value={at}
            onInput={(e) => choose(e.currentTarget.value)}
          />
        </Field>
        <Field label={w.reason}>
          <input value={reason} onInput={(e) => why(e.currentTarget.value)} />
        </Field>
        {fault && <Alert tone="bad">{fault}</Alert>}
        <button class="button primary" disabled={busy}>
          {w.move}
        </button>
      </form>
    </Modal>
  );
}

/** The order to sit the reserve paper everywhere. */
export function Reserve(props: { exam: Exam; onDone: () => void; onClose: () => void }): JSX.Element {
  const [title, type] = useState("");
  const [reason, why] = useState("");
  const { busy, fault, run } = useDoing();
  const submit = (event: Event): void => {
    event.preventDefault();
    void run(async () => {
      await api.post(`/api/v1/exams/${props.exam.id}/reserve`, { title, reason });
      props.onDone();
    });
  };
  return (
    <Modal title={w.reserve} onClose={props.onClose}>
      <form class="stack" onSubmit={submit}>
        <Alert tone="warn">{w.reserveSays}</Alert>
        <Field label={w.typeTitle} hint={props.exam.title}>
          <input required value={title} onInput={(e) => type(e.currentTarget.value)} />
        </Field>
        <Field label={w.reason}>
          <input required value={reason} onInput={(e) => why(e.currentTarget.value)} />
        </Field>
        {fault && <Alert tone="bad">{fault}</Alert>}
        <button class="button danger" disabled={busy || title.trim() !== props.exam.title}>
          {w.reserve}
        </button>
      </form>
    </Modal>
  );
}

interface Codes {
  code: string | null;
  reserve: boolean;
  by_officers: boolean;
  not_before_ms: number;
  too_late: boolean;
  to_call: {
    site: string;
    code: string;
    name: string;
    phone: string;
    contact: string;
    registered: number;
    linked: boolean;
    state: string | null;
  }[];
}

function ReadOut({ exam, onClose }: { exam: Exam; onClose: () => void }): JSX.Element {
  // Each look is audited: the page asks once, and again only when somebody opens it anew.
  const asked = useAsked<Codes>(`/api/v1/exams/${exam.id}/codes`);
  const codes = asked.value;
  return (
    <Modal title={codes?.reserve ? w.reserveCode : w.codeOf} wide onClose={onClose}>
      {asked.fault && <Alert tone="bad">{asked.fault}</Alert>}
      {codes && (
        <div class="stack">
          {codes.code ? (
            <>
              <p class="readout num">{codes.code.split("-").join("  ")}</p>
              {codes.too_late ? (
                <Alert tone="bad">{w.tooLate}</Alert>
              ) : (
                <Alert tone="warn">{w.notBefore(dayAndTime(codes.not_before_ms, true))}</Alert>
              )}
            </>
          ) : (
            <Alert tone="minor">{codes.by_officers ? w.officersHold : w.notYet}</Alert>
          )}
          <h3>{w.toCall(codes.to_call.length)}</h3>
          <div class="scroll-x" tabIndex={0}>
            <table>
              <thead>
                <tr>
                  <th>{w.site}</th>
                  <th>{w.phone}</th>
                  <th class="num">{w.candidates}</th>
                  <th>{w.line}</th>
                  <th>{w.state}</th>
                </tr>
              </thead>
              <tbody>
                {codes.to_call.map((one) => (
                  <tr key={one.site}>
                    <td>
                      <span class="num">{one.code}</span> {one.name}
                    </td>
                    <td class="nowrap">
                      <Phone site={one.site} phone={one.phone} /> <span class="muted">{one.contact}</span>
                    </td>
                    <td class="num">{one.registered}</td>
                    <td class={one.linked ? "tone-good" : "tone-bad"}>{one.linked ? w.up : w.down}</td>
                    <td>{worded(examStates, one.state)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </div>
      )}
    </Modal>
  );
}
