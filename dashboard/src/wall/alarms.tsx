import "./alarms.css";
import { computed, signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api } from "../shared/api";
import { useDoing } from "../shared/asked";
import type { WallAlarm } from "../shared/feed";
import { clockLength, timeOfDay, whole } from "../shared/format";
import { worded } from "../shared/i18n";
import { Icon, type IconName } from "../shared/icons";
import { Alert, Field, Modal } from "../shared/parts";
import { callsOf, KnownPhone } from "../shared/phone";
import { can, me } from "../shared/signed";
import { causeOf, holderOf, inOrder, isLoud, isNew, othersHold, placesFor, troubleOf } from "./alarm";
import { t } from "./alarmwords";
import { centreMs, picture } from "./live";
import { stateLook } from "./look";
import { shortName } from "./shortname";
import { t as wallWords } from "./words";

const alarms = computed(() => inOrder(picture.value?.alarms ?? []));
const works = computed(() => (picture.value?.works ?? []).filter((work) => work.held.length > 0));
const width = signal(innerWidth);

const ICONS: Record<string, IconName> = {
  away: "cross",
  flapping: "question",
  picture: "dark",
  sound: "mute",
  camera: "camera",
  clock: "clock",
  exam: "paper",
  disk: "warning",
  starting: "clock",
  relay: "screen",
  channel: "warning",
};

const TONES = ["minor", "minor", "warn", "bad"];

/** What is wrong now, by cause: new and unclaimed alarms stand out, those that somebody has stand back. */
export function AlarmStrip(props: { onSite: (site: string) => void }): JSX.Element {
  const [open, show] = useState<string | null>(null);
  useEffect(() => {
    const measure = (): void => {
      width.value = innerWidth;
    };
    addEventListener("resize", measure);
    return () => removeEventListener("resize", measure);
  }, []);
  const all = alarms.value;
  const places = placesFor(width.value);
  const shown = all.length > places ? all.slice(0, places - 1) : all;
  const rest = all.slice(shown.length);
  const chosen = all.find(({ id }) => id === open);
  // The site's panel stands on the wall, under any dialog.
  const toSite = (site: string): void => {
    show(null);
    props.onSite(site);
  };
  return (
    <section class={`alarm-strip ${all.length ? "" : "calm"}`} aria-label={t.alarms}>
      {all.length === 0 && (
        <p class="no-alarms tone-good">
          <Icon name="check" /> {t.none}
        </p>
      )}
      {all.length > 0 && (
        <ul class="alarms" style={{ "--places": shown.length + (rest.length ? 1 : 0) }}>
          {shown.map((alarm) => (
            <li key={alarm.id}>
              <Card alarm={alarm} onOpen={() => show(alarm.id)} />
            </li>
          ))}
          {rest.length > 0 && (
            <li>
              <Rest rest={rest} onOpen={() => show("all")} />
            </li>
          )}
        </ul>
      )}
      {works.value.length > 0 && <Works />}
      {open === "all" && (
        <Modal title={t.all} wide onClose={() => show(null)}>
          <ul class="alarms listed">
            {all.map((alarm) => (
              <li key={alarm.id}>
                <Card alarm={alarm} onOpen={() => show(alarm.id)} />
              </li>
            ))}
          </ul>
        </Modal>
      )}
      {chosen && <Detail key={chosen.id} alarm={chosen} onSite={toSite} onClose={() => show(null)} />}
    </section>
  );
}

function Works(): JSX.Element {
  return (
    <p class="works">
      <b>{t.works}:</b>{" "}
      {works.value.map((work) => (
        <span key={work.id}>
          {work.why} · {t.untilTime(timeOfDay(work.until_ms))} · {t.held(work.held.length)}
        </span>
      ))}
    </p>
  );
}

function Card({ alarm, onOpen }: { alarm: WallAlarm; onOpen: () => void }): JSX.Element {
  const now = centreMs.value ?? alarm.since_ms;
  const tone = TONES[alarm.severity] ?? "minor";
  const face = alarm.taken ? "taken" : alarm.loud ? "waiting loud" : "waiting";
  const cause = causeOf(alarm, picture.value?.sites ?? new Map());
  return (
    <button class={`alarm-card ${face} of-${tone}`} onClick={onOpen}>
      <span class="alarm-icon">
        <Icon name={ICONS[alarm.trouble] ?? "warning"} />
      </span>
      <span class="alarm-what">
        <b class="alarm-cause" title={cause}>
          {cause}
        </b>
        <span class="alarm-trouble">
          {troubleOf(alarm)} <span class="num">· {clockLength(now - alarm.since_ms)}</span>
        </span>
        <span class="alarm-holder">
          <Icon name={alarm.taken ? "phone" : "warning"} /> {holderOf(alarm)}
          {isNew(alarm, now) && <em class="alarm-new">{t.fresh}</em>}
        </span>
      </span>
      {alarm.sites.length > 1 && (
        <span class="alarm-count">
          <b class="num">{whole(alarm.sites.length)}</b>
          <small>{wallWords.sites}</small>
        </span>
      )}
    </button>
  );
}

function Rest({ rest, onOpen }: { rest: readonly WallAlarm[]; onOpen: () => void }): JSX.Element {
  const waiting = rest.filter(({ taken }) => !taken).length;
  // What was called out must be seen, even where graver alarms take the places.
  const loud = rest.some(isLoud) ? "loud" : "";
  const worst = Math.max(...rest.map(({ severity, taken }) => (taken ? 0 : severity)));
  return (
    <button
      class={`alarm-card rest ${waiting ? `waiting ${loud} of-${TONES[worst] ?? "minor"}` : "taken of-minor"}`}
      onClick={onOpen}
    >
      <span class="alarm-what">
        <b class="alarm-cause">{t.more(rest.length)}</b>
        {waiting > 0 && <span class="alarm-holder">{t.waiting(waiting)}</span>}
      </span>
    </button>
  );
}

/** Everything about one alarm: take it with one more click, ring its sites. */
function Detail(props: {
  alarm: WallAlarm;
  onSite: (site: string) => void;
  onClose: () => void;
}): JSX.Element {
  const { alarm } = props;
  const now = centreMs.value ?? alarm.since_ms;
  const cause = causeOf(alarm, picture.value?.sites ?? new Map());
  return (
    <Modal title={`${cause}: ${troubleOf(alarm)}`} wide onClose={props.onClose}>
      <p class="num">
        {t.since(timeOfDay(alarm.since_ms, true), clockLength(now - alarm.since_ms))}
        {alarm.sites.length > 0 && ` · ${t.sites(alarm.sites.length)} ${t.ofSites(alarm.of)}`}
        {alarm.most > alarm.sites.length && ` · ${t.most(alarm.most)}`}
      </p>
      {isLoud(alarm) && <Alert tone="bad">{t.loud}</Alert>}
      <p class={`alarm-owner ${alarm.taken ? "" : "tone-bad"}`}>
        {holderOf(alarm)}
        {alarm.taken?.word && <span class="muted"> “{alarm.taken.word}”</span>}
      </p>
      {can("alarms.take") && <Taking alarm={alarm} onDone={props.onClose} />}
      <Under sites={alarm.sites} onSite={props.onSite} />
      <p class="alarm-foot">
        <a href="/console#alarms">{t.log}</a>
      </p>
    </Modal>
  );
}

const TIMES: readonly { seconds: number | null; word: () => string }[] = [
  { seconds: 600, word: () => t.minutes(10) },
  { seconds: 1800, word: () => t.minutes(30) },
  { seconds: 7200, word: () => t.hours(2) },
  { seconds: null, word: () => t.tillClear },
];

/** One click takes what nobody has. What somebody else has must be taken over from that person first. */
function Taking({ alarm, onDone }: { alarm: WallAlarm; onDone: () => void }): JSX.Element {
  const [from, takeOver] = useState("");
  const theirs = othersHold(alarm, centreMs.value ?? alarm.since_ms, me.value?.person.username);
  if (theirs && theirs.by !== from)
    return (
      <div>
        <button class="button" onClick={() => takeOver(theirs.by)}>
          {t.takeOver(theirs.name)}
        </button>
      </div>
    );
  return <TakingFor alarm={alarm} theirs={theirs} onDone={onDone} />;
}

function TakingFor(props: { alarm: WallAlarm; theirs: WallAlarm["taken"]; onDone: () => void }): JSX.Element {
  const { alarm, theirs, onDone } = props;
  const [word, say] = useState("");
  const [sticky, stick] = useState(false);
  const { busy, fault, run } = useDoing();
  const path = `/api/v1/alarms/${alarm.id}/taken`;
  const take = async (seconds: number | null): Promise<void> => {
    const wish = { for_s: seconds, sticky, word, ...(theirs && { instead_of: theirs.by }) };
    if (await run(() => api.post(path, wish))) onDone();
  };
  return (
    <div class="stack taking">
      <div class="row">
        <b>{theirs ? t.takeOverFor(theirs.name) : t.takeFor}</b>
        {TIMES.map(({ seconds, word: name }) => (
          <button
            key={String(seconds)}
            class="button primary"
            disabled={busy}
            onClick={() => void take(seconds)}
          >
            {name()}
          </button>
        ))}
        {alarm.taken && !theirs && (
          <button class="button" disabled={busy} onClick={() => void run(() => api.delete(path))}>
            {t.giveBack}
          </button>
        )}
      </div>
      <div class="row">
        <label class="row">
          <input type="checkbox" checked={sticky} onChange={(e) => stick(e.currentTarget.checked)} />
          {t.sticky}
        </label>
        <div class="grow">
          <Field label={t.word}>
            <input
              maxLength={200}
              placeholder={t.wordHint}
              value={word}
              onInput={(e) => say(e.currentTarget.value)}
            />
          </Field>
        </div>
      </div>
      {fault && <Alert tone="bad">{fault}</Alert>}
    </div>
  );
}

function Under(props: { sites: readonly string[]; onSite: (site: string) => void }): JSX.Element {
  const tiles = props.sites
    .map((id) => picture.value?.sites.get(id))
    .filter((tile) => tile !== undefined)
    .sort((a, b) => a.code.localeCompare(b.code));
  if (tiles.length === 0) return <p class="muted">{t.noSites}</p>;
  return (
    <ul class="under">
      {tiles.map((tile) => {
        const look = stateLook(tile.state);
        const calls = callsOf(picture.value?.claims ?? [], tile.id, centreMs.value ?? 0, me.value?.person.id);
        return (
          <li key={tile.id}>
            <button class="under-site" onClick={() => props.onSite(tile.id)}>
              <span class={`tone-${look.tone}`}>
                <Icon name={look.icon} /> {worded(wallWords, tile.state)}
              </span>
              <b>{shortName(tile.name)}</b>
              <small>
                {tile.code} · {tile.contact}
              </small>
            </button>
            <div class="under-phone">
              <KnownPhone
                site={tile.id}
                phone={tile.phone}
                calls={calls}
                onResult={() => props.onSite(tile.id)}
              >
                <Icon name="phone" /> {tile.phone}
              </KnownPhone>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
