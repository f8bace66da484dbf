/** What kind of browser this is, as far as it matters to somebody who sits an exam in it. */

const APPS: readonly [RegExp, string][] = [
  [/\bZalo\b/i, "Zalo"],
  [/MessengerForiOS|MessengerLite|Orca-Android|FB_IAB\/(?:MESSENGER|Orca)/i, "Messenger"],
  [/FBAN|FBAV|FB_IAB/, "Facebook"],
  [/\bInstagram\b/, "Instagram"],
  [/TikTok|musical_ly|BytedanceWebview/i, "TikTok"],
  [/\bViber\b/i, "Viber"],
  [/\bTelegram\b/i, "Telegram"],
  [/MicroMessenger/i, "WeChat"],
  [/\bLine\//, "LINE"],
  [/; wv\)/, ""],
];

/** The app inside which this browser runs: its name, "" for one that does not say, null for a real browser. */
export function insideApp(agent: string): string | null {
  const found = APPS.find(([sign]) => sign.test(agent));
  if (found) return found[1];
  // A web view of an app on iOS names no browser of its own.
  return /iPhone|iPad|iPod/.test(agent) && !/Safari\//.test(agent) ? "" : null;
}

/** Whether this browser keeps what it is given, over a reload. */
export function keepsThings(): boolean {
  const key = "diemcau.exam.try";
  try {
    localStorage.setItem(key, "1");
    const kept = localStorage.getItem(key) === "1";
    localStorage.removeItem(key);
    return kept;
  } catch {
    return false;
  }
}
