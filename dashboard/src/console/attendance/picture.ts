import { useEffect, useRef, useState } from "preact/hooks";
import { Refusal, sentence } from "../../shared/api";
import { signedOut } from "../../shared/signed";

interface Shown {
  url: string;
  fault: string;
}

const KEPT = 3;
/** Pictures held at once: the one before, the one shown, and the one that comes next. */

/** The picture of `site`; the one of `ahead` is fetched meanwhile, so that the next key shows it at once. */
export function usePicture(call: string, site: string, ahead: string): Shown {
  const held = useRef(new Map<string, Promise<string>>());
  const [shown, show] = useState<Shown & { site: string }>({ site: "", url: "", fault: "" });
  useEffect(() => {
    let here = true;
    const open = (which: string): Promise<string> => {
      const known = held.current.get(which) ?? fetched(call, which);
      held.current.delete(which);
      held.current.set(which, known);
      return known;
    };
    open(site).then(
      (url) => {
        if (!here) return;
        show({ site, url, fault: "" });
        if (ahead) void open(ahead).catch(() => held.current.delete(ahead));
        for (const [old, url] of [...held.current].slice(0, -KEPT)) {
          held.current.delete(old);
          letGo(url);
        }
      },
      (caught: unknown) => {
        held.current.delete(site);
        if (here && !signedOut(caught)) show({ site, url: "", fault: sentence(caught) });
      },
    );
    return () => {
      here = false;
    };
  }, [call, site, ahead]);
  useEffect(
    () => () => {
      for (const url of held.current.values()) letGo(url);
    },
    [],
  );
  return shown.site === site ? shown : { url: "", fault: "" };
}

function letGo(url: Promise<string>): void {
  void url.then(
    (known) => URL.revokeObjectURL(known),
    () => null,
  );
}

async function fetched(call: string, site: string): Promise<string> {
  const reply = await fetch(`/api/v1/roll-calls/${call}/sites/${site}/picture`, {
    credentials: "same-origin",
  });
  if (!reply.ok) throw new Refusal("no_picture", await words(reply), reply.status);
  return URL.createObjectURL(await reply.blob());
}

async function words(reply: Response): Promise<string> {
  const told = (await reply.json().catch(() => ({}))) as { message?: string };
  return told.message ?? String(reply.status);
}
