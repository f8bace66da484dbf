import { dictionary } from "../shared/i18n";

const t = dictionary({
  moments: { vi: "chưa đầy 1 phút", en: "under a minute" },
  minutes: { vi: (n: number) => `${n} phút`, en: (n: number) => `${n} min` },
  hours: { vi: (n: number) => `${n} giờ`, en: (n: number) => `${n} h` },
  days: { vi: (n: number) => `${n} ngày`, en: (n: number) => (n === 1 ? "1 day" : `${n} days`) },
});

/** A length of time as people say it. */
export function ageWords(ms: number): string {
  const minutes = Math.floor(Math.max(0, ms) / 60_000);
  if (minutes < 1) return t.moments;
  if (minutes < 60) return t.minutes(minutes);
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? t.hours(hours) : t.days(Math.floor(hours / 24));
}
