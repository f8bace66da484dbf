import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../../shared/api";
import { Confirmed } from "../../shared/ask";
import { useAsked, useDoing } from "../../shared/asked";
import { worded } from "../../shared/i18n";
import { Alert, Chip } from "../../shared/parts";
import { ChannelForm } from "./channelform";
import type { Channel } from "./model";
import { severities, w } from "./words";

const PATH = "/api/v1/alarms/channels";

/** Ways of telling people; what is secret goes in and is never shown again. */
export function Channels(): JSX.Element {
  const channels = useAsked<Channel[]>(PATH, 5_000);
  const [editing, edit] = useState<Channel | "new" | null>(null);
  return (
    <>
      <div class="row">
        <span class="grow" />
        <button class="button primary" onClick={() => edit("new")}>
          {w.addChannel}
        </button>
      </div>
      {channels.fault && <Alert tone="bad">{channels.fault}</Alert>}
      {channels.value?.length === 0 && <p class="muted">{w.noChannels}</p>}
      {channels.value?.map((channel) => (
        <Row key={channel.id} channel={channel} onEdit={() => edit(channel)} onDone={channels.again} />
      ))}
      {editing && (
        <ChannelForm
          known={editing === "new" ? null : editing}
          onClose={() => edit(null)}
          onSaved={() => {
            edit(null);
            channels.again();
          }}
        />
      )}
    </>
  );
}

function Row(props: { channel: Channel; onEdit: () => void; onDone: () => void }): JSX.Element {
  const { channel } = props;
  const { wish } = channel;
  const [sent, tell] = useState(false);
  const { busy, fault, run } = useDoing();
  const test = async (): Promise<void> => {
    tell(false);
    tell(await run(() => api.post(`${PATH}/${channel.id}/test`)));
    props.onDone();
  };
  return (
    <section class="card stack">
      <div class="row">
        <div class="grow">
          <h2>{wish.name}</h2>
          <p class="muted">
            {w[wish.kind]} · {[wish.server, ...wish.to].filter(Boolean).join(", ")}
          </p>
          <p class="muted">
            {w.severityFrom} {worded(severities, String(wish.severity)).toLowerCase()}
            {wish.districts.length > 0 && ` · ${wish.districts.join(", ")}`}
          </p>
        </div>
        {!channel.failing && (
          <Chip tone={wish.enabled ? "good" : "idle"}>{wish.enabled ? w.enabled : w.off}</Chip>
        )}
        <button class="button small" disabled={busy} onClick={() => void test()}>
          {w.test}
        </button>
        <button class="button small" onClick={props.onEdit}>
          {w.change}
        </button>
        <Confirmed
          word={w.remove}
          title={w.removeSure(wish.name)}
          class="small danger"
          deed={() => api.delete(`${PATH}/${channel.id}`).then(props.onDone)}
        >
          {w.removeMeans}
        </Confirmed>
      </div>
      {channel.failing && <Alert tone="bad">{w.failing(channel.failures, api.said(channel.why))}</Alert>}
      {sent && <Alert tone="good">{w.sent}</Alert>}
      {fault && <Alert tone="bad">{fault}</Alert>}
    </section>
  );
}
