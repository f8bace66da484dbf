import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { useAsked, useDoing } from "../shared/asked";
import { worded } from "../shared/i18n";
import { Alert, Field, Modal } from "../shared/parts";
import { type Film, isPushed, type Seat, size, type Source, type Way } from "./model";
import { seats, t, ways } from "./words";

/** The form for one more source. */
export function Adding(props: {
  path: string;
  network: boolean;
  onClose: () => void;
  onMade: (source: Source) => void;
}): JSX.Element {
  const films = useAsked<Film[]>("/api/v1/lecture-films");
  const [way, setWay] = useState<Way>("rtmp");
  const [name, setName] = useState("");
  const [seat, setSeat] = useState<Seat>("lecturer");
  const [address, setAddress] = useState("");
  const [file, setFile] = useState("");
  const [repeat, setRepeat] = useState(false);
  const [encrypt, setEncrypt] = useState(true);
  const { busy, fault, run } = useDoing();
  const chosen = file || films.value?.[0]?.name || "";
  const submit = (event: Event): void => {
    event.preventDefault();
    const place = way === "file" ? { file: chosen, repeat } : isPushed(way) ? { encrypt } : { address };
    const wish = { way, name, seat, ...place };
    void run(async () => props.onMade(await api.post<Source>(props.path, wish)));
  };
  const offered: Way[] = ["rtmp", "srt_in", "file", ...(props.network ? (["rtsp", "srt"] as const) : [])];
  return (
    <Modal title={t.add} onClose={props.onClose}>
      <form class="stack" onSubmit={submit}>
        <Field label={t.way}>
          <select value={way} onChange={(event) => setWay(event.currentTarget.value as Way)}>
            {offered.map((one) => (
              <option key={one} value={one}>
                {worded(ways, one)}
              </option>
            ))}
          </select>
        </Field>
        {way === "file" && <Films films={films.value ?? []} file={chosen} onChoose={setFile} />}
        {(way === "rtsp" || way === "srt") && (
          <Field
            label={way === "rtsp" ? t.rtspAddress : t.srtAddress}
            hint={way === "rtsp" ? t.addressHint : t.srtHint}
          >
            <input
              required
              maxLength={500}
              autoComplete="off"
              spellcheck={false}
              value={address}
              onInput={(event) => setAddress(event.currentTarget.value)}
            />
          </Field>
        )}
        {way === "file" && (
          <label class="row">
            <input
              type="checkbox"
              checked={repeat}
              onChange={(event) => setRepeat(event.currentTarget.checked)}
            />
            {t.repeat}
          </label>
        )}
        {way === "srt_in" && (
          <label class="row">
            <input
              type="checkbox"
              checked={encrypt}
              onChange={(event) => setEncrypt(event.currentTarget.checked)}
            />
            {t.encrypt}
          </label>
        )}
        <div class="columns">
          <Field label={t.name}>
            <input maxLength={80} value={name} onInput={(event) => setName(event.currentTarget.value)} />
          </Field>
          <Field label={t.seat}>
            <select value={seat} onChange={(event) => setSeat(event.currentTarget.value as Seat)}>
              <option value="lecturer">{seats.lecturer}</option>
              <option value="standby">{seats.standby}</option>
            </select>
          </Field>
        </div>
        {fault && <Alert tone="bad">{fault}</Alert>}
        <button class="button primary" disabled={busy || (way === "file" && !chosen)}>
          {t.add}
        </button>
      </form>
    </Modal>
  );
}

function Films(props: { films: Film[]; file: string; onChoose: (name: string) => void }): JSX.Element {
  if (props.films.length === 0) return <Alert tone="minor">{t.noFilms}</Alert>;
  return (
    <Field label={t.film}>
      <select value={props.file} onChange={(event) => props.onChoose(event.currentTarget.value)}>
        {props.films.map((film) => (
          <option key={film.name} value={film.name}>
            {film.name} ({size(film.size)})
          </option>
        ))}
      </select>
    </Field>
  );
}
