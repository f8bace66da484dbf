import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { recall, remember } from "../shared/keep";
import { Alert, Bar } from "../shared/parts";
import type { Essay, Version } from "./centre";
import { megabytes } from "./receipt";
import { Sending, type Stage } from "./sending";
import { t } from "./words";

const KEY = "diemcau.essay.unfinished";
const ACCEPT = { docx: ".docx", pdf: ".pdf", text: "" } as Record<string, string>;

interface Way {
  stage: Stage;
  share: number;
}

/** Choosing a file and watching it go, through broken lines and reloads. */
export function FileCard(props: {
  token: string;
  owner: string;
  essay: Essay;
  onReceived: (version: Version) => void;
}): JSX.Element {
  const { essay, owner } = props;
  const [way, told] = useState<Way | null>(null);
  const [fault, tell] = useState("");
  const [unfinished, leave] = useState(recall(`${KEY}.${owner}`) ?? "");
  const sending = useRef<Sending | null>(null);
  useEffect(() => {
    const stay = (event: BeforeUnloadEvent): void => {
      if (sending.current) event.preventDefault();
    };
    addEventListener("beforeunload", stay);
    return () => removeEventListener("beforeunload", stay);
  }, []);
  const note = (name: string): void => {
    remember(`${KEY}.${owner}`, name);
    leave(name);
  };
  const end = (): void => {
    sending.current = null;
    told(null);
    note("");
  };
  const take = (input: HTMLInputElement): void => {
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    if (file.size > essay.size_limit) {
      tell(t.tooLarge);
      return;
    }
    tell("");
    note(file.name);
    sending.current = new Sending(file, props.token, owner, {
      told: (stage, share) => told({ stage, share }),
      done: (version) => {
        end();
        props.onReceived(version);
      },
      failed: (sentence) => {
        end();
        tell(sentence);
      },
    });
    void sending.current.start();
  };
  const percent = Math.floor((way?.share ?? 0) * 100);
  return (
    <section class="card stack noprint">
      <h2>{t.file}</h2>
      {unfinished && !way && <Alert tone="warn">{t.unfinished(unfinished)}</Alert>}
      {!way && (
        <div class="row">
          <label class="button primary tall-button">
            {t.choose}
            <input
              class="visually-hidden"
              type="file"
              accept={essay.forms.map((form) => ACCEPT[form] ?? "").join(",")}
              onChange={(e) => take(e.currentTarget)}
            />
          </label>
          <span class="muted">{t.most(megabytes(essay.size_limit).replace(" MB", ""))}</span>
        </div>
      )}
      {way && (
        <div class="stack" role="status">
          <b>{unfinished}</b>
          <Bar share={way.share} tone={way.stage === "waiting" ? "warn" : "good"} label={`${percent} %`} />
          <p class="num">
            {way.stage === "reading" && t.reading}
            {way.stage === "sending" && t.sending(percent)}
            {way.stage === "waiting" && t.waiting(percent)}
          </p>
          {way.stage === "waiting" && (
            <button class="button" onClick={() => sending.current?.again()}>
              {t.goOn}
            </button>
          )}
        </div>
      )}
      {fault && <Alert tone="bad">{fault}</Alert>}
    </section>
  );
}
