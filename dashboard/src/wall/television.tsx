import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, Refusal, sentence } from "../shared/api";
import { dictionary } from "../shared/i18n";
import { Alert } from "../shared/parts";
import { me } from "../shared/signed";

const w = dictionary({
  opening: { vi: "Đang mở…", en: "Opening…" },
  howTo: {
    vi: "Người quản trị tạo liên kết ở trang Điều hành, mục Tài khoản, phần Màn hình lớn, rồi mở liên kết trên màn hình này. Màn hình tự thử lại.",
    en: "An administrator makes a link on the console, tab People, part Televisions; open it on this television. It keeps trying.",
  },
});

const AGAIN_MS = 20_000;
const admission = "/api/v1/login/television";

/** Signs the television in by its link, which stands behind the address's # and is used up, or by its key. */
async function admit(): Promise<void> {
  const token = new URLSearchParams(location.hash.slice(1)).get("enter");
  try {
    me.value = await api.me();
  } catch (fault) {
    if (!(fault instanceof Refusal) || fault.status !== 401) throw fault;
    await api.post(admission, token ? { token } : {});
    me.value = await api.me();
  }
  if (token) history.replaceState(null, "", location.pathname + location.search);
}

/** Back to the door, which lets the television in again or says why not. */
export function leave(): void {
  me.value = null;
}

/** Shows its page once the television is admitted; until then it says what to do and tries again by itself. */
export function TelevisionDoor(props: { children: ComponentChildren }): JSX.Element {
  const [fault, tell] = useState("");
  const outside = me.value === null;
  useEffect(() => {
    if (!outside) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const knock = (): void => {
      admit().catch((caught: unknown) => {
        tell(sentence(caught));
        timer = setTimeout(knock, AGAIN_MS);
      });
    };
    knock();
    return () => {
      clearTimeout(timer);
      tell("");
    };
  }, [outside]);
  if (me.value) return <>{props.children}</>;
  return (
    <main class="content">
      {fault ? (
        <Alert tone="bad">
          <p>{fault}</p>
          <p>{w.howTo}</p>
        </Alert>
      ) : (
        w.opening
      )}
    </main>
  );
}
