import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { Confirmed } from "../shared/ask";
import { useAsked, useDoing } from "../shared/asked";
import type { Exam } from "../shared/exam";
import { day, decimal, fieldTime } from "../shared/format";
import { Alert, Field, Modal } from "../shared/parts";
import type { Session } from "../shared/session";
import { can } from "../shared/signed";
import { w } from "./coursewords";
import { EssayOf } from "./essays";
import { RecordingRuleOf } from "./recordingrule";
import { RoomRuleOf } from "./roomrule";
import { t } from "./words";
import { Period } from "./period";

interface Rule {
  exam_weight: number;
  essay_weight: number;
  attendance_weight: number;
  exam_floor: number;
  essay_floor: number;
  attendance_floor: number;
  pass_floor: number;
}

export interface Course {
  id: string;
  title: string;
  begins_ms: number;
  ends_ms: number;
  sessions: string[];
  exam: string | null;
  rule: Rule;
  people: number;
}

interface Figures {
  key: string;
  name: string;
  people: number;
  decided: number;
  passed: number;
  mean: number | null;
  bands: Record<string, number>;
}

interface SiteList {
  site: string;
  code: string;
  name: string;
  versions: number;
  figures: Figures;
}

interface Results {
  whole: Figures;
  districts: Figures[];
  lists: SiteList[];
  bands: Record<string, string>;
}

export function Courses(): JSX.Element {
  const list = useAsked<Course[]>("/api/v1/courses", 30_000);
  const [open, show] = useState<string | null>(null);
  const [planning, plan] = useState(false);
  const one = list.value?.find(({ id }) => id === open);
  if (one) return <OneCourse course={one} onBack={() => show(null)} onChanged={list.again} />;
  return (
    <div class="stack">
      <div class="row">
        <h1 class="grow">{t.courses}</h1>
        {can("courses.plan") && (
          <button class="button primary" onClick={() => plan(true)}>
            {w.fresh}
          </button>
        )}
      </div>
      {list.fault && <Alert tone="bad">{list.fault}</Alert>}
      {list.value?.length === 0 && <p class="muted">{w.none}</p>}
      {list.value?.map((course) => (
        <button key={course.id} class="card line" onClick={() => show(course.id)}>
          <span class="grow">
            <h2>{course.title}</h2>
            <span class="muted num">
              {day(course.begins_ms)} – {day(course.ends_ms)} · {w.people(course.people)}
            </span>
          </span>
        </button>
      ))}
      {planning && (
        <Planning
          course={null}
          onClose={() => plan(false)}
          onMade={(made) => {
            plan(false);
            list.again();
            show(made.id);
          }}
        />
      )}
    </div>
  );
}

function OneCourse(props: { course: Course; onBack: () => void; onChanged: () => void }): JSX.Element {
  const { course } = props;
  const [planning, plan] = useState(false);
  const path = `/api/v1/courses/${course.id}`;
  return (
    <div class="stack">
      <div class="row noprint">
        <button class="button small" onClick={props.onBack}>
          {t.back}
        </button>
        <h1 class="grow">{course.title}</h1>
        {can("courses.plan") && (
          <>
            <button class="button" onClick={() => plan(true)}>
              {w.rule}
            </button>
            <Confirmed
              word={w.roster}
              title={w.roster}
              deed={() => api.post(`${path}/roster`, {}).then(props.onChanged)}
            >
              {w.rosterMeans}
            </Confirmed>
          </>
        )}
      </div>
      <p class="muted num noprint">
        {day(course.begins_ms)} – {day(course.ends_ms)} · {w.people(course.people)}
      </p>
      <RoomRuleOf course={course.id} />
      <RecordingRuleOf course={course.id} />
      {can("essays.see") && <EssayOf course={course} />}
      <CourseResults course={course} />
      {planning && (
        <Planning
          course={course}
          onClose={() => plan(false)}
          onMade={() => {
            plan(false);
            props.onChanged();
          }}
        />
      )}
    </div>
  );
}

const RULE: Rule = {
  exam_weight: 60,
  essay_weight: 40,
  attendance_weight: 0,
  exam_floor: 0,
  essay_floor: 0,
  attendance_floor: 0,
  pass_floor: 500,
};
const WEIGHTS = ["exam_weight", "essay_weight", "attendance_weight", "attendance_floor"] as const;
const FLOORS = ["exam_floor", "essay_floor", "pass_floor"] as const;

function Planning(props: {
  course: Course | null;
  onClose: () => void;
  onMade: (course: Course) => void;
}): JSX.Element {
  const known = props.course;
  const sessions = useAsked<Session[]>("/api/v1/sessions");
  const exams = useAsked<Exam[]>(can("exams.plan") ? "/api/v1/exams" : null);
  const [title, name] = useState(known?.title ?? "");
  const [begins, setBegins] = useState(fieldTime(known?.begins_ms ?? Date.now()));
  const [ends, setEnds] = useState(fieldTime(known?.ends_ms ?? Date.now() + 7 * 86_400_000));
  const [chosen, choose] = useState<readonly string[]>(known?.sessions ?? []);
  const [exam, sit] = useState(known?.exam ?? "");
  const [rule, setRule] = useState<Rule>(known?.rule ?? RULE);
  const { busy, fault, run } = useDoing();
  const words = {
    exam_weight: w.examWeight,
    essay_weight: w.essayWeight,
    attendance_weight: w.attendanceWeight,
    attendance_floor: w.attendanceFloor,
    exam_floor: w.examFloor,
    essay_floor: w.essayFloor,
    pass_floor: w.passFloor,
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    const wish = {
      title,
      begins_ms: new Date(begins).getTime(),
      ends_ms: new Date(ends).getTime(),
      sessions: chosen,
      exam: exam || null,
      rule,
    };
    void run(async () =>
      props.onMade(
        known
          ? await api.put<Course>(`/api/v1/courses/${known.id}`, wish)
          : await api.post<Course>("/api/v1/courses", wish),
      ),
    );
  };
  const number = (key: keyof Rule, per: number): JSX.Element => (
    <Field key={key} label={words[key]}>
      <input
        type="number"
        min={0}
        max={per === 1 ? 100 : 10}
        step={per === 1 ? 1 : 0.25}
        value={rule[key] / per}
        onInput={(e) => setRule({ ...rule, [key]: Math.round(e.currentTarget.valueAsNumber * per) || 0 })}
      />
    </Field>
  );
  return (
    <Modal title={known ? known.title : w.fresh} wide onClose={props.onClose}>
      <form class="stack" onSubmit={submit}>
        <Field label={w.titleOf}>
          <input required maxLength={200} value={title} onInput={(e) => name(e.currentTarget.value)} />
        </Field>
        <div class="columns">
          <Period begins={begins} ends={ends} onBegins={setBegins} onEnds={setEnds} />
          <Field label={w.exam}>
            <select value={exam} onChange={(e) => sit(e.currentTarget.value)}>
              <option value="">{w.noExam}</option>
              {exams.value?.map((each) => (
                <option key={each.id} value={each.id}>
                  {each.title}
                </option>
              ))}
            </select>
          </Field>
        </div>
        {sessions.value && sessions.value.length > 0 && (
          <fieldset class="picker">
            <legend>{w.sessions}</legend>
            {sessions.value.map((session) => (
              <label key={session.id} class="row">
                <input
                  type="checkbox"
                  checked={chosen.includes(session.id)}
                  onChange={(e) =>
                    choose(
                      e.currentTarget.checked
                        ? [...chosen, session.id]
                        : chosen.filter((each) => each !== session.id),
                    )
                  }
                />
                {session.topic} <span class="muted num">{day(session.starts_ms)}</span>
              </label>
            ))}
          </fieldset>
        )}
        <h3>{w.rule}</h3>
        <div class="columns">
          {WEIGHTS.map((key) => number(key, 1))}
          {FLOORS.map((key) => number(key, 100))}
        </div>
        {fault && <Alert tone="bad">{fault}</Alert>}
        <button class="button primary" disabled={busy}>
          {known ? w.save : t.create}
        </button>
      </form>
    </Modal>
  );
}

function CourseResults({ course }: { course: Course }): JSX.Element {
  const path = `/api/v1/courses/${course.id}`;
  const asked = useAsked<Results>(`${path}/results`);
  const told = asked.value;
  return (
    <section class="card stack noprint">
      <div class="row">
        <h2 class="grow">{w.results}</h2>
        <a class="button" href={`${path}/results.xlsx`} download>
          XLSX
        </a>
        {can("courses.publish") && (
          <Confirmed
            word={w.publish}
            title={w.publish}
            class="primary"
            deed={() => api.post(`${path}/lists`, {}).then(asked.again)}
          >
            {w.publishMeans}
          </Confirmed>
        )}
      </div>
      {asked.fault && <Alert tone="bad">{asked.fault}</Alert>}
      {told && (
        <>
          <div class="row num">
            <b>
              {w.decided} {told.whole.decided}/{told.whole.people}
            </b>
            <b class="tone-good">
              {w.passed} {told.whole.passed}
            </b>
            <span>
              {w.mean} {decimal(told.whole.mean, 2)}
            </span>
            {Object.entries(told.bands).map(([key, name]) => (
              <span key={key} class="muted">
                {name} <b>{told.whole.bands[key]}</b>
              </span>
            ))}
          </div>
          <div class="scroll-x tall" tabIndex={0}>
            <table>
              <thead>
                <tr>
                  <th>{t.site}</th>
                  <th class="num">{w.decided}</th>
                  <th class="num">{w.passed}</th>
                  <th class="num">{w.mean}</th>
                  <th>{w.list}</th>
                  <th />
                </tr>
              </thead>
              <tbody>
                {told.lists.map((list) => (
                  <tr key={list.site}>
                    <td>
                      {list.code} · {list.name}
                    </td>
                    <td class="num">
                      {list.figures.decided}/{list.figures.people}
                    </td>
                    <td class="num">{list.figures.passed}</td>
                    <td class="num">{decimal(list.figures.mean, 2)}</td>
                    <td>
                      {list.versions > 0 && (
                        <div class="row tight">
                          <a class="button small" href={`${path}/sites/${list.site}/list.pdf`}>
                            PDF {w.version(list.versions)}
                          </a>
                          <a class="button small" href={`${path}/sites/${list.site}/list.json`}>
                            {w.signed}
                          </a>
                        </div>
                      )}
                    </td>
                    <td>
                      <a class="button small" href={`${path}/sites/${list.site}/report.pdf`}>
                        {w.report}
                      </a>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  );
}
