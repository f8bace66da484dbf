import type { JSX } from "preact";
import { overdue } from "../shared/duty";
import { dictionary } from "../shared/i18n";
import { can, me } from "../shared/signed";
import { centreMs, picture } from "./live";

const w = dictionary({
  book: { vi: "Sổ trực", en: "Shift" },
  late: { vi: (n: number) => `${n} quá hẹn`, en: (n: number) => `${n} due` },
  offered: { vi: (name: string) => `${name} bàn giao ca`, en: (name: string) => `${name} hands over` },
});

/** The way to the shift's page; loud when a colleague offers me theirs or when somebody should have looked again. */
export function DutyLink(): JSX.Element | null {
  if (!can("duty.call")) return null;
  const now = picture.value;
  const offer = now?.offers.find(({ taker }) => taker === me.value?.person.id);
  const late = now?.matters.filter((matter) => overdue(matter, centreMs.value ?? 0)).length ?? 0;
  return (
    <a class={`button small ${offer ? "primary" : ""}`} href="/duty">
      {offer ? w.offered(offer.giver_name) : w.book}
      {!offer && late > 0 && <b class="tone-bad num">{w.late(late)}</b>}
    </a>
  );
}
