import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAsked } from "../shared/asked";
import { timeOfDay, whole } from "../shared/format";
import { worded } from "../shared/i18n";
import { Alert, Chip, type Tone } from "../shared/parts";
import { Phone } from "../shared/phone";
import { Protocol, p } from "../shared/protocol";
import { can } from "../shared/signed";
import type { Reconciliation, SiteReach, SiteState } from "./outcome";
import { o, reasons, siteStates } from "./outcomewords";
import { t } from "./words";

const TONES: Record<SiteState, Tone> = {
  conflict: "bad",
  silent: "lost",
  partial: "warn",
  never_opened: "warn",
  protocol: "minor",
  complete: "good",
};

const STATES = Object.keys(TONES) as SiteState[];
const SETTLED: readonly SiteState[] = ["protocol", "complete"];

/** What each site should have sent and what has come: a list to work through, the worst first. */
export function Reach({ exam }: { exam: string }): JSX.Element {
  const path = `/api/v1/exams/${exam}`;
  const { value, fault, again } = useAsked<Reconciliation>(`${path}/reconciliation`, 5000);
  const [only, show] = useState<SiteState | null>(null);
  if (!value) return fault ? <Alert tone="warn">{fault}</Alert> : <p>…</p>;
  const open = value.sites.filter(({ state }) => !SETTLED.includes(state)).length;
  const shown = value.sites.filter(({ state }) => only === null || state === only);
  return (
    <section class="card stack">
      <Alert tone={value.settled ? "good" : "warn"}>
        {value.settled ? o.settledAll : o.toDo(open)}{" "}
        <b class="num">
          {o.received}: {whole(value.received)}/{whole(value.expected)}
        </b>
      </Alert>
      <div class="filters">
        <button class="button" aria-pressed={only === null} onClick={() => show(null)}>
          {o.all} <span class="num">{value.sites.length}</span>
        </button>
        {STATES.map((state) => (
          <button key={state} class="button" aria-pressed={only === state} onClick={() => show(state)}>
            {worded(siteStates, state)} <span class="num">{value.counts[state]}</span>
          </button>
        ))}
      </div>
      <ReachTable sites={shown} path={path} onDone={again} />
    </section>
  );
}

export function ReachTable(props: {
  sites: readonly SiteReach[];
  path: string;
  onDone: () => void;
}): JSX.Element {
  const [closing, close] = useState<SiteReach | null>(null);
  return (
    <div class="scroll-x" role="region" aria-label={o.reach} tabIndex={0}>
      <table class="reach">
        <thead>
          <tr>
            <th>{t.site}</th>
            <th>{t.state}</th>
            <th class="num">{o.received}</th>
            <th class="num">{o.signedIn}</th>
            <th class="num">{o.handedIn}</th>
            <th class="num">{o.opened}</th>
            <th class="num">{o.closed}</th>
            <th>{o.contact}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {props.sites.map((site) => (
            <Row key={site.site} site={site} onClose={() => close(site)} />
          ))}
        </tbody>
      </table>
      {closing && (
        <Protocol
          site={closing}
          path={props.path}
          onClose={() => close(null)}
          onDone={() => {
            close(null);
            props.onDone();
          }}
        />
      )}
    </div>
  );
}

function Row({ site, onClose }: { site: SiteReach; onClose: () => void }): JSX.Element {
  const said = (own: number | null, here: number): JSX.Element => (
    <td class="num">
      {here}
      {own !== null && own > here && <div class="tone-warn">{`${o.itsWord}: ${own}`}</div>}
    </td>
  );
  return (
    <tr>
      <td>
        <b class="num">{site.code}</b> {site.name}
        <div class="muted">{site.path.slice(1).join(" · ")}</div>
      </td>
      <td>
        <Chip tone={TONES[site.state]}>{worded(siteStates, site.state)}</Chip>
        <div class="muted">{site.why.map((why) => worded(reasons, why)).join("; ")}</div>
        {site.closing && site.state === "protocol" && (
          <div>
            {site.closing.how === "paper" ? p.paper : p.telephone}: {site.closing.reason}{" "}
            <span class="muted">({site.closing.who})</span>
          </div>
        )}
      </td>
      <td class={`num ${site.received < site.registered ? "tone-warn" : ""}`}>
        {`${site.received}/${site.registered}`}
      </td>
      {said(site.told_signed_in, site.signed_in)}
      {said(site.told_handed_in, site.handed_in)}
      <td class="num">{site.opened_ms === null ? "–" : timeOfDay(site.opened_ms)}</td>
      <td class="num">{site.closed_ms === null ? "–" : timeOfDay(site.closed_ms)}</td>
      <td>
        {site.contact} <Phone site={site.site} phone={site.phone} class="num nowrap" />
      </td>
      <td>
        {can("exams.conduct") && site.state !== "complete" && (
          <button class="button small" onClick={onClose}>
            {site.closing ? p.reopen : p.byProtocol}
          </button>
        )}
      </td>
    </tr>
  );
}
