/** Times and numbers as people here write them. Vietnamese days have 24 hours in both languages. */

const two = (value: number): string => String(value).padStart(2, "0");

/** "08:05", or with seconds "08:05:09", in this computer's zone. */
export function timeOfDay(ms: number, seconds = false): string {
  const at = new Date(ms);
  const text = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return seconds ? `${text}:${two(at.getSeconds())}` : text;
}

/** "21/11/2026". */
export function day(ms: number): string {
  const at = new Date(ms);
  return `${two(at.getDate())}/${two(at.getMonth() + 1)}/${at.getFullYear()}`;
}

export function dayAndTime(ms: number, seconds = false): string {
  return `${day(ms)} ${timeOfDay(ms, seconds)}`;
}

/** "08:05"; of another day than `nowMs` with that day before it. */
export function dayIfNotToday(ms: number, nowMs: number): string {
  return day(ms) === day(nowMs) ? timeOfDay(ms) : dayAndTime(ms);
}

/** A length of time as a clock: "4:05", "1:00:00"; never below zero. */
export function clockLength(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(total % 60)}` : `${minutes}:${two(total % 60)}`;
}

/** Time until `atMs` as a clock; rounds up, so that it shows 0:00 at the moment itself and not before. */
export function countdown(atMs: number, nowMs: number): string {
  return clockLength(Math.ceil((atMs - nowMs) / 1000) * 1000);
}

/** A whole number with the dots of Vietnamese thousands. */
export function whole(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ".");
}

/** "12,5": decimals with a comma; an absent value is a dash. */
export function decimal(value: number | null | undefined, digits = 1): string {
  return value === null || value === undefined ? "–" : value.toFixed(digits).replace(".", ",");
}

/** What a `datetime-local` field takes. */
export function fieldTime(ms: number): string {
  const at = new Date(ms);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${timeOfDay(ms)}`;
}
