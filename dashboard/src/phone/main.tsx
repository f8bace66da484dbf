import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { dictionary, language } from "../shared/i18n";
import { Icon } from "../shared/icons";
import { mount } from "../shared/mount";
import { LanguageSwitch } from "../shared/parts";
import "./phone.css";

const w = dictionary({
  title: { vi: "Thử điện thoại", en: "Phone check" },
  asking: { vi: "Đang báo cho máy của phòng…", en: "Telling the room's computer…" },
  good: { vi: "Điện thoại đã vào được bàn thi.", en: "This phone reaches the exam desk." },
  look: {
    vi: "Xem màn hình máy tính: mục Điện thoại đã xanh.",
    en: "Look at the computer: the phone step is green.",
  },
  none: { vi: "Hãy quét lại mã trên máy tính của phòng.", en: "Scan the code on the room's computer again." },
  failed: { vi: "Mất kết nối với máy của phòng. Hãy quét lại.", en: "The computer was lost. Scan again." },
});

/** The token is after the hash, so that it stands in no log; it is good once. */
async function arrive(token: string): Promise<string> {
  const reply = await fetch("/phone/here", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token }),
  });
  if (reply.ok) return "";
  const answer: unknown = await reply.json().catch(() => null);
  return (answer as { message?: string } | null)?.message ?? w.none;
}

function PhonePage(): JSX.Element {
  const [state, turn] = useState<"asking" | "good" | "bad" | "unscanned">("asking");
  const [fault, tell] = useState("");
  useEffect(() => {
    const token = location.hash.slice(1);
    // Opened by hand, without the code: there is nothing to tell the computer.
    if (!token) return turn("unscanned");
    arrive(token).then(
      (refusal) => {
        tell(refusal);
        turn(refusal === "" ? "good" : "bad");
      },
      () => turn("bad"),
    );
  }, []);
  const [vietnamese, english] = fault.split(" / ");
  const sentence = (language.value === "vi" ? vietnamese : (english ?? vietnamese)) || w.failed;
  return (
    <main class="phone-check">
      <p class="muted">{w.title}</p>
      {state === "asking" && <h1>{w.asking}</h1>}
      {state === "good" && (
        <>
          <p class="mark tone-good">
            <Icon name="check" />
          </p>
          <h1>{w.good}</h1>
          <p>{w.look}</p>
        </>
      )}
      {(state === "bad" || state === "unscanned") && (
        <>
          <p class="mark tone-warn">
            <Icon name="warning" />
          </p>
          <h1>{state === "bad" ? sentence : w.none}</h1>
        </>
      )}
      <LanguageSwitch />
    </main>
  );
}

mount(<PhonePage />);
