import "./officers.css";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api } from "../shared/api";
import { useAsked, useDoing } from "../shared/asked";
import { countdown, dayAndTime, timeOfDay } from "../shared/format";
import { dictionary } from "../shared/i18n";
import { mount } from "../shared/mount";
import type { Entered, Officers } from "../shared/officers";
import { Alert, Chip, Field, LanguageSwitch, ThemeSwitch } from "../shared/parts";
import { can, me, Signed, SignOut } from "../shared/signed";

const t = dictionary({
  hello: { vi: "Đăng nhập một lần", en: "Sign in once" },
  helloHow: {
    vi: "Liên kết này chỉ dùng được một lần. Chỉ bấm khi bạn chính là người giữ mã và đang dùng máy sẽ nhập mã.",
    en: "This link works once. Press only if you are the officer, on the device that you will use.",
  },
  signIn: { vi: "Đăng nhập", en: "Sign in" },
  title: { vi: "Mở đề thi", en: "Release of an exam" },
  none: {
    vi: "Không có kỳ thi nào chờ cán bộ mở đề.",
    en: "No exam waits for officers.",
  },
  notYours: {
    vi: "Tài khoản này không được nhập mã mở đề.",
    en: "This account may not enter shares.",
  },
  starts: { vi: (time: string) => `Bắt đầu ${time}`, en: (time: string) => `Starts ${time}` },
  opensIn: { vi: (time: string) => `Nhập mã sau ${time}`, en: (time: string) => `Entry opens in ${time}` },
  toStart: { vi: (time: string) => `Còn ${time} đến giờ thi`, en: (time: string) => `${time} to the start` },
  share: { vi: "Mã trên phiếu của tôi", en: "The share on my slip" },
  shareHint: {
    vi: "7 nhóm, mỗi nhóm 4 ký tự. Chữ hoa chữ thường đều được; dấu cách và gạch nối không quan trọng.",
    en: "7 groups of 4. Case, spaces and hyphens do not matter.",
  },
  enter: { vi: "Nhập mã", en: "Enter the share" },
  right: {
    vi: (name: string, of: string) => `Đúng mã ${of} của ${name}. Cần thêm một người nữa.`,
    en: (name: string, of: string) => `Right: ${name}'s share of ${of}. One more officer is needed.`,
  },
  complete: {
    vi: (of: string) => `Đã đủ mã ${of}. Đề sẽ được phát đúng giờ, không cần làm gì thêm.`,
    en: (of: string) => `The shares of ${of} are complete. Everything follows at its time.`,
  },
  completeReserve: {
    vi: "Đã đủ mã đề dự bị. Người điều hành có thể ra lệnh dùng đề dự bị.",
    en: "The reserve shares are complete. The conductor can now order the reserve paper.",
  },
  release: { vi: "đề chính", en: "the paper" },
  reserve: { vi: "đề dự bị", en: "the reserve paper" },
  releaseHere: { vi: "Đủ mã đề chính", en: "Paper: complete" },
  reserveHere: { vi: "Đủ mã đề dự bị", en: "Reserve: complete" },
  officer: { vi: "Người giữ mã", en: "Officer" },
  phone: { vi: "Điện thoại", en: "Telephone" },
  main: { vi: "Đề chính", en: "Paper" },
  spare: { vi: "Đề dự bị", en: "Reserve" },
  offline: { vi: "Tải trang ngoại tuyến", en: "Download the offline page" },
  offlineHint: {
    vi: "Tải về máy trước ngày thi. Nếu trung tâm mất liên lạc, hai người mở tệp này, ghép hai mã và đọc mã mở đề cho các điểm cầu.",
    en: "Keep it before the day. If the centre is gone, two officers open the file, combine two shares and read the code to the sites.",
  },
});

const EVERY_MS = 3000;

function Desk(): JSX.Element {
  const asked = useAsked<Officers[]>("/api/v1/officers", EVERY_MS);
  if (!can("exams.release")) return <Alert tone="warn">{t.notYours}</Alert>;
  return (
    <div class="stack">
      <h1>{t.title}</h1>
      {asked.fault && <Alert tone="bad">{asked.fault}</Alert>}
      {asked.value?.length === 0 && <p>{t.none}</p>}
      {asked.value?.map((exam) => (
        <OneRelease key={exam.exam} exam={exam} onDone={asked.again} />
      ))}
    </div>
  );
}

function OneRelease({ exam, onDone }: { exam: Officers; onDone: () => void }): JSX.Element {
  const [share, type] = useState("");
  const [entered, note] = useState<Entered | null>(null);
  const { busy, fault, run } = useDoing();
  const now = useSecond();
  const submit = (event: Event): void => {
    event.preventDefault();
    note(null);
    void run(async () => {
      note(await api.post<Entered>("/api/v1/officers/shares", { exam: exam.exam, share }));
      type("");
      onDone();
    });
  };
  const open = now >= exam.from_ms;
  return (
    <section class="card stack">
      <div class="row">
        <div class="grow">
          <h2>{exam.title}</h2>
          <p class="num">{t.starts(dayAndTime(exam.starts_ms, true))}</p>
        </div>
        <b class="num">
          {!open
            ? t.opensIn(countdown(exam.from_ms, now))
            : now < exam.starts_ms
              ? t.toStart(countdown(exam.starts_ms, now))
              : ""}
        </b>
        {exam.release_here && <Chip tone="good">{t.releaseHere}</Chip>}
        {exam.reserve_here && <Chip tone="good">{t.reserveHere}</Chip>}
      </div>
      <form class="stack" onSubmit={submit} autocomplete="off">
        <Field label={t.share} hint={t.shareHint}>
          <input
            class="share"
            required
            spellcheck={false}
            autocapitalize="characters"
            value={share}
            onInput={(event) => type(event.currentTarget.value)}
          />
        </Field>
        <div>
          <button class="button primary" disabled={busy || !open || !share}>
            {t.enter}
          </button>
        </div>
      </form>
      {fault && <Alert tone="bad">{fault}</Alert>}
      {entered && <Alert tone="good">{sentence(entered)}</Alert>}
      <div class="scroll-x" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th>{t.officer}</th>
              <th>{t.phone}</th>
              <th>{t.main}</th>
              {exam.has_reserve && <th>{t.spare}</th>}
            </tr>
          </thead>
          <tbody>
            {exam.officers.map((one) => (
              <tr key={one.place}>
                <td>
                  {one.place}. {one.name}
                </td>
                <td>{one.phone}</td>
                <td>{one.release_ms === null ? "–" : timeOfDay(one.release_ms, true)}</td>
                {exam.has_reserve && (
                  <td>{one.reserve_ms === null ? "–" : timeOfDay(one.reserve_ms, true)}</td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="hint">
        <a class="button" href={`/api/v1/exams/${exam.exam}/officers/offline.html`} download>
          {t.offline}
        </a>{" "}
        {t.offlineHint}
      </p>
    </section>
  );
}

function sentence(entered: Entered): string {
  if (!entered.complete) return t.right(entered.officer, t[entered.kind]);
  return entered.kind === "reserve" ? t.completeReserve : t.complete(t.release);
}

function useSecond(): number {
  const [now, tick] = useState(Date.now());
  useEffect(() => {
    const second = setInterval(() => tick(Date.now()), 1000);
    return () => clearInterval(second);
  }, []);
  return now;
}

/** Trades the link's secret for a session; by a press, never by the mere opening of an address. */
function Invited({ token, onDone }: { token: string; onDone: () => void }): JSX.Element {
  const { busy, fault, run } = useDoing();
  const enter = (): void => {
    void run(async () => {
      await api.post("/api/v1/login/link", { token });
      history.replaceState(null, "", location.pathname);
      onDone();
    });
  };
  return (
    <main class="content officers stack">
      <h1>{t.hello}</h1>
      <p>{t.helloHow}</p>
      {fault && <Alert tone="bad">{fault}</Alert>}
      <div>
        <button class="button primary" disabled={busy} onClick={enter}>
          {t.signIn}
        </button>
      </div>
    </main>
  );
}

function Page(): JSX.Element {
  const [token, use] = useState(location.hash.slice(1));
  if (token) return <Invited token={token} onDone={() => use("")} />;
  return (
    <Signed>
      <header class="topbar noprint">
        <span class="brand grow">Điểm cầu</span>
        <span class="muted">{me.value?.person.name}</span>
        <LanguageSwitch />
        <ThemeSwitch />
        <SignOut />
      </header>
      <main class="content officers">
        <Desk />
      </main>
    </Signed>
  );
}

mount(<Page />);
