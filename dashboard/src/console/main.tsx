import "./console.css";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Chats } from "../orders/chat";
import { Orders } from "../orders/page";
import { useFragment } from "../shared/fragment";
import { mount } from "../shared/mount";
import { LanguageSwitch, ThemeSwitch } from "../shared/parts";
import { can, me, Signed, SignOut } from "../shared/signed";
import { Alarms } from "./alarms/page";
import { Attendance } from "./attendance/page";
import { AuditTrail } from "./audit";
import { Courses } from "./courses";
import { Exams } from "./exams";
import { Pile } from "./marking";
import { People } from "./people";
import { Questions } from "./questions/list";
import { Sessions } from "./sessions";
import { Sites } from "./sites";
import { t } from "./words";

interface Tab {
  key:
    | "sessions"
    | "attendance"
    | "exams"
    | "courses"
    | "marking"
    | "questions"
    | "alarms"
    | "orders"
    | "chats"
    | "sites"
    | "people"
    | "audit";
  page: () => JSX.Element;
  /** Any of these actions opens the tab. */
  actions: string[];
}

const TABS: readonly Tab[] = [
  { key: "sessions", page: Sessions, actions: ["sessions.plan", "sessions.conduct", "sessions.see"] },
  { key: "attendance", page: Attendance, actions: ["rollcall.order", "rollcall.correct", "rollcall.erase"] },
  { key: "exams", page: Exams, actions: ["exams.plan", "exams.conduct", "exams.vouchers", "sheets.enter"] },
  { key: "questions", page: Questions, actions: ["bank.edit"] },
  { key: "courses", page: Courses, actions: ["courses.see", "courses.plan"] },
  { key: "marking", page: Pile, actions: ["essays.mark"] },
  { key: "alarms", page: Alarms, actions: ["wall.see"] },
  { key: "sites", page: Sites, actions: ["sites.see", "sites.edit", "sites.pair"] },
  { key: "orders", page: Orders, actions: ["orders.see"] },
  { key: "chats", page: Chats, actions: ["chat.talk"] },
  { key: "people", page: People, actions: ["people.edit"] },
  { key: "audit", page: AuditTrail, actions: ["audit.see"] },
];

function Console(): JSX.Element {
  const fragment = useFragment();
  const tabs = TABS.filter(({ actions }) => actions.some(can));
  const tab = tabs.find(({ key }) => key === fragment.split("/")[0]) ?? tabs[0];
  const Page = tab?.page;
  // On a telephone the tabs are wider than the page.
  useEffect(() => {
    document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [tab?.key]);
  return (
    <>
      <header class="topbar noprint">
        <span class="brand">Điểm cầu</span>
        <nav class="tabs grow">
          {tabs.map(({ key }) => (
            <a key={key} href={`#${key}`} aria-current={key === tab?.key ? "page" : undefined}>
              {t[key]}
            </a>
          ))}
        </nav>
        {can("sites.see") && (
          <a class="button small" href="/readiness">
            {t.readiness}
          </a>
        )}
        {can("recordings.see") && (
          <a class="button small" href="/recordings">
            {t.recordings}
          </a>
        )}
        {can("wall.see") && (
          <a class="button small" href="/wall">
            {t.wall}
          </a>
        )}
        <span class="muted">{me.value?.person.name}</span>
        <LanguageSwitch />
        <ThemeSwitch />
        <SignOut />
      </header>
      <main class="content">{Page ? <Page key={tab.key} /> : <p>{t.nothing}</p>}</main>
    </>
  );
}

mount(
  <Signed>
    <Console />
  </Signed>,
);
