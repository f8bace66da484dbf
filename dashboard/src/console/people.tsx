import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { Confirmed } from "../shared/ask";
import { useAsked, useDoing } from "../shared/asked";
import { dictionary, worded } from "../shared/i18n";
import { Alert, Chip, Field, Modal } from "../shared/parts";
import { Televisions } from "./televisions";
import { roles, t } from "./words";

const w = dictionary({
  fresh: { vi: "Thêm người", en: "Add a person" },
  username: { vi: "Tên đăng nhập", en: "User name" },
  role: { vi: "Vai trò", en: "Role" },
  oneTime: { vi: "Mật khẩu dùng một lần", en: "One-time password" },
  once: {
    vi: "Chỉ hiện một lần. Người này phải đổi khi đăng nhập lần đầu.",
    en: "Shown once. The person must change it at the first sign-in.",
  },
  mustChange: { vi: "Chưa đổi mật khẩu", en: "Password not changed yet" },
  reset: { vi: "Cấp lại mật khẩu", en: "New password" },
  resetSure: {
    vi: (name: string) => `Cấp lại mật khẩu cho ${name}?`,
    en: (name: string) => `New password for ${name}?`,
  },
  resetMeans: {
    vi: "Mật khẩu cũ hết hiệu lực ngay và người này bị thoát khỏi mọi máy.",
    en: "The old password ends at once and the person is signed out everywhere.",
  },
});

export interface Person {
  id: string;
  username: string;
  name: string;
  role: string;
  must_change?: boolean;
}

const ROLES = ["lecturer", "operator", "planner", "marker", "officer", "viewer", "administrator"];

/** Televisions and guests by link have accounts too; they stand in lists of their own. */
function isPerson({ username }: Person): boolean {
  return !/^(television|lecture)-/.test(username);
}

export function People(): JSX.Element {
  const people = useAsked<Person[]>("/api/v1/people");
  const [adding, add] = useState(false);
  const [secret, tell] = useState<{ name: string; password: string } | null>(null);
  return (
    <div class="stack">
      <div class="row">
        <h1 class="grow">{t.people}</h1>
        <button class="button primary" onClick={() => add(true)}>
          {w.fresh}
        </button>
      </div>
      {people.fault && <Alert tone="bad">{people.fault}</Alert>}
      <div class="card scroll-x" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th>{t.name}</th>
              <th>{w.username}</th>
              <th>{w.role}</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {people.value?.filter(isPerson).map((person) => (
              <tr key={person.id}>
                <td>{person.name}</td>
                <td>{person.username}</td>
                <td>
                  {worded(roles, person.role)} {person.must_change && <Chip tone="warn">{w.mustChange}</Chip>}
                </td>
                <td class="num">
                  <Reset person={person} onSecret={(password) => tell({ name: person.name, password })} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Televisions />
      {adding && (
        <Adding
          onClose={() => add(false)}
          onAdded={(name, password) => {
            add(false);
            people.again();
            if (password) tell({ name, password });
          }}
        />
      )}
      {secret && (
        <Modal title={w.oneTime} onClose={() => tell(null)}>
          <p>{secret.name}</p>
          <p class="huge num">{secret.password}</p>
          <p class="muted">{w.once}</p>
        </Modal>
      )}
    </div>
  );
}

function Reset(props: { person: Person; onSecret: (password: string) => void }): JSX.Element {
  const { person, onSecret } = props;
  return (
    <Confirmed
      word={w.reset}
      title={w.resetSure(person.name)}
      class="small"
      deed={async () => {
        const made = await api.post<{ password: string }>(`/api/v1/people/${person.id}/reset`);
        onSecret(made.password);
      }}
    >
      {w.resetMeans}
    </Confirmed>
  );
}

function Adding(props: {
  onClose: () => void;
  onAdded: (name: string, password: string | null) => void;
}): JSX.Element {
  const [name, setName] = useState("");
  const [username, setUsername] = useState("");
  const [role, setRole] = useState("lecturer");
  const { busy, fault, run } = useDoing();
  const submit = (event: Event): void => {
    event.preventDefault();
    void run(async () => {
      const made = await api.post<{ password: string | null }>("/api/v1/people", { username, name, role });
      props.onAdded(name, made.password);
    });
  };
  return (
    <Modal title={w.fresh} onClose={props.onClose}>
      <form class="stack" onSubmit={submit}>
        <Field label={t.name}>
          <input required value={name} onInput={(e) => setName(e.currentTarget.value)} />
        </Field>
        <Field label={w.username}>
          <input
            required
            autoCapitalize="none"
            value={username}
            onInput={(e) => setUsername(e.currentTarget.value.trim())}
          />
        </Field>
        <Field label={w.role}>
          <select value={role} onChange={(e) => setRole(e.currentTarget.value)}>
            {ROLES.map((each) => (
              <option key={each} value={each}>
                {worded(roles, each)}
              </option>
            ))}
          </select>
        </Field>
        {fault && <Alert tone="bad">{fault}</Alert>}
        <button class="button primary" disabled={busy}>
          {t.create}
        </button>
      </form>
    </Modal>
  );
}
