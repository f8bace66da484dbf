import "./orders.css";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { Confirmed } from "../shared/ask";
import { useAsked } from "../shared/asked";
import { dayAndTime, timeOfDay } from "../shared/format";
import { useFragment } from "../shared/fragment";
import { worded } from "../shared/i18n";
import { Alert, Bar, Chip } from "../shared/parts";
import type { Session } from "../shared/session";
import { can } from "../shared/signed";
import type { Site } from "../shared/site";
import { levels } from "../wall/words";
import { OrderButton } from "./give";
import { Held } from "./held";
import {
  type Order,
  type OrderPage,
  openSites,
  type OrderSite,
  type Reached,
  standing,
  targetsOf,
  TONES,
} from "./model";
import { kinds, reasons, states, t } from "./words";

const EVERY_MS = 1000;
const REACHED_EVERY_MS = 5000;

/** All orders, and one of them under its own address. */
export function Orders(): JSX.Element {
  const chosen = useFragment().split("/")[1];
  return chosen ? <One key={chosen} id={chosen} /> : <List />;
}

function List(): JSX.Element {
  const orders = useAsked<Order[]>("/api/v1/orders", EVERY_MS);
  return (
    <div class="stack">
      <h1>{t.orders}</h1>
      {can("orders.give") && <Audience />}
      {orders.fault && <Alert tone="bad">{orders.fault}</Alert>}
      {orders.value?.length === 0 && <p class="muted">{t.none}</p>}
      <ul class="order-list">
        {orders.value?.map((order) => (
          <li key={order.id} class="card">
            <Row order={order} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Row({ order }: { order: Order }): JSX.Element {
  const open = openSites(order);
  return (
    <div class="stack">
      <div class="row">
        <a class="grow order-name" href={`#orders/${order.id}`}>
          {worded(kinds, order.kind)}
          {order.text_vi && `: ${order.text_vi}`}
        </a>
        <span class="muted num">{dayAndTime(order.at_ms, true)}</span>
      </div>
      <div class="row">
        <span class="muted grow">
          {[t.to(order.sites), order.scope, order.by, order.withdrawn ? t.withdrawn : ""]
            .filter(Boolean)
            .join(" · ")}
        </span>
        <Standing order={order} />
      </div>
      <Bar
        share={(order.sites - open) / Math.max(1, order.sites)}
        tone={order.counts.failed ? "warn" : "good"}
        label={`${t.answered} ${order.sites - open}/${order.sites}`}
      />
    </div>
  );
}

function Standing({ order }: { order: Order }): JSX.Element {
  return (
    <span class="row standing">
      {standing(order).map(([state, number]) => (
        <Chip key={state} tone={TONES[state]}>
          {worded(states, state)} <b class="num">{number}</b>
        </Chip>
      ))}
    </span>
  );
}

function One({ id }: { id: string }): JSX.Element {
  const page = useAsked<OrderPage>(`/api/v1/orders/${id}`, EVERY_MS);
  if (!page.value) return page.fault ? <Alert tone="bad">{page.fault}</Alert> : <p>{t.loading}</p>;
  const { order, sites } = page.value;
  const live = !order.withdrawn && openSites(order) > 0;
  return (
    <div class="stack">
      <a href="#orders">{t.back}</a>
      <h1>{worded(kinds, order.kind)}</h1>
      {order.text_vi && <p class="order-text">{order.text_vi}</p>}
      <p class="muted">
        {[t.to(order.sites), order.scope, order.by, dayAndTime(order.at_ms, true)]
          .filter(Boolean)
          .join(" · ")}
        {` · ${t.over} ${dayAndTime(order.expires_ms, true)}`}
      </p>
      {order.counts.held ? <Held order={order} /> : <Standing order={order} />}
      {live && !order.counts.held && can("orders.give") && (
        <div>
          <Confirmed
            word={t.withdraw}
            title={t.withdrawSure}
            class="small"
            deed={async () => {
              await api.post(`/api/v1/orders/${id}/withdraw`);
              page.again();
            }}
          >
            {t.withdrawMeans}
          </Confirmed>
        </div>
      )}
      <div class="card scroll-x" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th>{t.scope}</th>
              <th>{t.answered}</th>
              <th class="num">{t.received}</th>
              <th class="num">{t.ended}</th>
              <th class="num">{t.times}</th>
              {order.kind === "collect_logs" && <th>{t.log}</th>}
            </tr>
          </thead>
          <tbody>
            {sites.map((site) => (
              <SiteRow key={site.site} order={order} site={site} />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function SiteRow({ order, site }: { order: Order; site: OrderSite }): JSX.Element {
  const time = (at: number | null): string => (at === null ? "–" : timeOfDay(at, true));
  return (
    <tr>
      <td>
        <span class="num">{site.code}</span> <span class="muted">{site.name}</span>
      </td>
      <td>
        <b class={`tone-${TONES[site.state]}`}>{worded(states, site.state)}</b>
        {site.reason && <span class="muted"> · {worded(reasons, site.reason)}</span>}
      </td>
      <td class="num">{time(site.seen_ms)}</td>
      <td class="num">{time(site.ended_ms)}</td>
      <td class="num">{site.times || "–"}</td>
      {order.kind === "collect_logs" && (
        <td>
          {site.log_bytes !== null && can("orders.logs") && (
            <a href={`/api/v1/orders/${order.id}/logs/${site.site}`} download>
              {t.download(Math.ceil(site.log_bytes / 1024))}
            </a>
          )}
        </td>
      )}
    </tr>
  );
}

/** Whom a new order is for: a district, a level, a session's sites, or all. */
function Audience(): JSX.Element | null {
  const sites = useAsked<Site[]>("/api/v1/sites");
  const sessions = useAsked<Session[]>("/api/v1/sessions");
  const reached = useAsked<Reached>("/api/v1/orders/reached", REACHED_EVERY_MS);
  const [district, inDistrict] = useState("");
  const [level, ofLevel] = useState("");
  const [session, ofSession] = useState("");
  // Who is away must be told with the order: only a fault lets it be given without.
  if (!sites.value || (!reached.value && !reached.fault)) return null;
  const districtOf = (site: Site): string => site.path[1] ?? site.path[0] ?? "";
  const held = sessions.value?.find(({ id }) => id === session);
  const chosen = sites.value.filter(
    (site) =>
      site.paired &&
      (!district || districtOf(site) === district) &&
      (!level || site.level === level) &&
      (!held || held.sites.includes(site.id)),
  );
  const scope = [district, level && worded(levels, level), held?.topic].filter(Boolean).join(", ");
  const known = (of: (site: Site) => string): string[] =>
    [...new Set(sites.value?.map(of))]
      .filter(Boolean)
      .sort((a, b) => a.localeCompare(b, "vi", { numeric: true }));
  return (
    <section class="card row audience">
      <Choice word={t.district} value={district} options={known(districtOf)} onChoose={inDistrict} />
      <Choice
        word={t.level}
        value={level}
        options={known((site) => site.level)}
        shown={(each) => worded(levels, each)}
        onChoose={ofLevel}
      />
      <Choice
        word={t.session}
        value={session}
        options={sessions.value?.filter(({ state }) => state !== "cancelled").map(({ id }) => id) ?? []}
        shown={(each) => sessions.value?.find(({ id }) => id === each)?.topic ?? each}
        onChoose={ofSession}
      />
      <OrderButton
        class="primary"
        count={chosen.length}
        targets={() => targetsOf(chosen, reached.value)}
        scope={(scope || t.everybody).slice(0, 200)}
      />
    </section>
  );
}

function Choice(props: {
  word: string;
  value: string;
  options: readonly string[];
  shown?: (key: string) => string;
  onChoose: (key: string) => void;
}): JSX.Element {
  return (
    <label class="field">
      <span>{props.word}</span>
      <select value={props.value} onChange={(event) => props.onChoose(event.currentTarget.value)}>
        <option value="">{t.everybody}</option>
        {props.options.map((key) => (
          <option key={key} value={key}>
            {props.shown ? props.shown(key) : key}
          </option>
        ))}
      </select>
    </label>
  );
}
