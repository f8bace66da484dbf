import type { JSX } from "preact";
import { useAsked } from "../../shared/asked";
import { decimal, timeOfDay } from "../../shared/format";
import { dictionary } from "../../shared/i18n";
import { Alert } from "../../shared/parts";
import { t } from "../words";
import { w } from "./words";

const v = dictionary({
  title: { vi: "Hiện diện suốt buổi học", en: "Presence over the session" },
  formula: {
    vi: "Mỗi số chốt đại diện cho khoảng thời gian gần nó nhất, tối đa 30 phút trước và sau. Hiện diện = tổng (số người × thời gian) ÷ thời gian có số. Giải lao không tính. Chỗ gạch chéo là khoảng không ai biết.",
    en: "Each number stands for the time nearest to it, 30 minutes before and after at most. Presence = sum (people × time) ÷ time with a number. Breaks do not count. Hatched: nobody knows.",
  },
  mean: { vi: "Trung bình", en: "Mean" },
  share: { vi: "Tỉ lệ", en: "Share" },
  counts: { vi: "Số lần", en: "Counts" },
  covered: { vi: "Có số", en: "Covered" },
  course: { vi: "Suốt buổi", en: "Over time" },
  notBegun: { vi: "Buổi học chưa bắt đầu.", en: "The session has not begun." },
  gap: {
    vi: (from: string, to: string) => `không rõ ${from}–${to}`,
    en: (from: string, to: string) => `unknown ${from}–${to}`,
  },
});

interface Line {
  code: string;
  name: string;
  district: string;
  expected: number;
  mean: number | null;
  coverage: number;
  counts: number;
  gaps: [number, number][];
}

interface Told {
  live: [number, number | null][];
  districts: Line[];
  sites: Line[];
}

/** Time-weighted presence of every room, with what nobody knows. */
export function Presence({ session }: { session: string }): JSX.Element {
  const asked = useAsked<Told>(`/api/v1/sessions/${session}/presence`, 30_000);
  const told = asked.value;
  if (!told) return asked.fault ? <Alert tone="bad">{asked.fault}</Alert> : <p class="muted">{t.loading}</p>;
  if (told.live.length === 0) return <p class="muted">{v.notBegun}</p>;
  return (
    <section class="card stack">
      <h2>{v.title}</h2>
      <p class="muted">{v.formula}</p>
      <div class="scroll-x" tabIndex={0}>
        <table class="numbers">
          <thead>
            <tr>
              <th>{t.site}</th>
              <th class="num">{w.expected}</th>
              <th class="num">{v.mean}</th>
              <th class="num">{v.share}</th>
              <th class="num">{v.counts}</th>
              <th class="num">{v.covered}</th>
              <th class="wide">{v.course}</th>
            </tr>
          </thead>
          <tbody>
            {told.districts.map((line) => (
              <Row key={line.name} line={line} live={told.live} />
            ))}
            {told.sites.map((line) => (
              <Row key={line.code} line={line} live={told.live} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Row({ line, live }: { line: Line; live: Told["live"] }): JSX.Element {
  const share = line.mean !== null && line.expected > 0 ? (100 * line.mean) / line.expected : null;
  return (
    <tr class={line.code ? "" : "total"}>
      <td>
        {line.code && <b class="num">{line.code} </b>}
        {line.name}
        {line.code && <small class="muted block">{line.district}</small>}
      </td>
      <td class="num">{line.expected}</td>
      <td class="num">
        <b class="big">{decimal(line.mean)}</b>
      </td>
      <td class="num">{share === null ? "–" : `${Math.round(share)} %`}</td>
      <td class="num">{line.counts}</td>
      <td class="num">{Math.round(100 * line.coverage)} %</td>
      <td>{line.code && <Course line={line} live={live} />}</td>
    </tr>
  );
}

/** The session as a bar: filled where a number stands, hatched where nobody knows, empty in breaks. */
function Course({ line, live }: { line: Line; live: Told["live"] }): JSX.Element {
  const begin = live[0]?.[0] ?? 0;
  const known = live.map(([, end]) => end ?? Date.now());
  const end = Math.max(...known);
  const place = (from: number, to: number): JSX.CSSProperties => ({
    left: `${(100 * (from - begin)) / (end - begin)}%`,
    width: `${(100 * (to - from)) / (end - begin)}%`,
  });
  const gaps = line.gaps.map(([from, to]) => v.gap(timeOfDay(from), timeOfDay(to)));
  return (
    <span class="course" role="img" aria-label={gaps.join(", ") || v.covered} title={gaps.join("\n")}>
      {live.map(([from, to]) => (
        <span key={from} class="known" style={place(from, to ?? end)} />
      ))}
      {line.gaps.map(([from, to]) => (
        <span key={from} class="gap" style={place(from, to)} />
      ))}
    </span>
  );
}
