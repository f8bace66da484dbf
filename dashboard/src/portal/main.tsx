import "./portal.css";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAsked } from "../shared/asked";
import { day } from "../shared/format";
import { mount } from "../shared/mount";
import { Alert, LanguageSwitch, ThemeSwitch } from "../shared/parts";
import { Ask } from "./ask";
import { examOf, type PortalExam } from "./model";
import { t } from "./words";

function Choose(): JSX.Element {
  const { value, fault } = useAsked<PortalExam[]>("/api/v1/portal");
  const only = value?.length === 1 ? value[0] : undefined;
  const [picked, pick] = useState<PortalExam | null>(null);
  const exam = picked ?? only;
  if (exam) {
    return <Ask exam={exam} {...(value && value.length > 1 && { onOther: () => pick(null) })} />;
  }
  return (
    <div class="stack">
      <h1>{t.title}</h1>
      {fault && <Alert tone="bad">{fault}</Alert>}
      {value && <h2>{value.length ? t.choose : t.none}</h2>}
      {value?.map((one) => (
        <button key={one.exam} class="button choice" onClick={() => pick(one)}>
          <b>{one.title}</b>
          <span class="num">{day(one.starts_ms)}</span>
        </button>
      ))}
    </div>
  );
}

function Known({ id }: { id: string }): JSX.Element {
  const { value, fault } = useAsked<PortalExam>(`/api/v1/portal/${encodeURIComponent(id)}`);
  if (value) return <Ask exam={value} />;
  return fault ? <Alert tone="bad">{fault}</Alert> : <p>…</p>;
}

function Page(): JSX.Element {
  const id = examOf(location.pathname);
  return (
    <>
      <header class="topbar">
        <span class="brand grow">Điểm cầu</span>
        <LanguageSwitch />
        <ThemeSwitch />
      </header>
      <main class="portal">{id ? <Known id={id} /> : <Choose />}</main>
    </>
  );
}

mount(<Page />);
