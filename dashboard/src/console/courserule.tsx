import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { useAsked, useDoing } from "../shared/asked";
import { dayAndTime } from "../shared/format";
import { dictionary } from "../shared/i18n";
import { Alert, Modal } from "../shared/parts";
import { can } from "../shared/signed";

const w = dictionary({
  change: { vi: "Sửa quy định", en: "Change the rule" },
  province: { vi: "theo mặc định của tỉnh", en: "the province's default" },
  set: {
    vi: (who: string, at: string) => `${who} đặt lúc ${at}`,
    en: (who: string, at: string) => `set by ${who}, ${at}`,
  },
  save: { vi: "Lưu", en: "Save" },
});

interface Made<R> {
  rule: R;
  version: number;
  at_ms: number;
  who: string;
}

interface Kind<R> {
  title: string;
  /** Where the rule of this course is asked for and put. */
  path: string;
  /** From when on a change holds. */
  later: string;
  says: (rule: R) => ComponentChildren;
  fields: (rule: R, set: (rule: R) => void) => ComponentChildren;
}

/** A rule that a course may have of its own, over what holds in the province: what it says, and a way to change it. */
export function CourseRule<R>(kind: Kind<R>): JSX.Element {
  const asked = useAsked<Made<R>>(kind.path);
  const [changing, change] = useState(false);
  const made = asked.value;
  return (
    <section class="card stack noprint">
      <div class="row">
        <h2 class="grow">{kind.title}</h2>
        {can("courses.plan") && (
          <button class="button" disabled={made === null} onClick={() => change(true)}>
            {w.change}
          </button>
        )}
      </div>
      {asked.fault && <Alert tone="bad">{asked.fault}</Alert>}
      {made && (
        <p class="row">
          {kind.says(made.rule)}
          <span class="muted num">{made.version ? w.set(made.who, dayAndTime(made.at_ms)) : w.province}</span>
        </p>
      )}
      {changing && made && (
        <Change
          kind={kind}
          rule={made.rule}
          onClose={() => change(false)}
          onDone={() => {
            change(false);
            asked.again();
          }}
        />
      )}
    </section>
  );
}

function Change<R>(props: { kind: Kind<R>; rule: R; onClose: () => void; onDone: () => void }): JSX.Element {
  const [rule, set] = useState(props.rule);
  const { busy, fault, run } = useDoing();
  const submit = (event: Event): void => {
    event.preventDefault();
    void run(() => api.put(props.kind.path, rule).then(props.onDone));
  };
  return (
    <Modal title={props.kind.title} onClose={props.onClose}>
      <form class="stack" onSubmit={submit}>
        {props.kind.fields(rule, (next) => set(next))}
        <p class="muted">{props.kind.later}</p>
        {fault && <Alert tone="bad">{fault}</Alert>}
        <button class="button primary" disabled={busy}>
          {w.save}
        </button>
      </form>
    </Modal>
  );
}
