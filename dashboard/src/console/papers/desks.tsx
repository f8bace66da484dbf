import type { JSX } from "preact";
import { type Asked, useAsked } from "../../shared/asked";
import type { Exam, ExamSite } from "../../shared/exam";
import { Alert, Field } from "../../shared/parts";
import { t } from "../words";
import { w } from "./words";

/** Slips that the centre makes at once, see `orchestrator/exams/printed/service.py`. */
const MOST_SLIPS = 2500;
const NAMED = 6;

/** What candidates open at a site, as its computer has said; "" while it has not. */
interface SiteDesk {
  site: string;
  address: string;
}

export interface Desks {
  /** "" is unknown; null while the centre has not answered yet. */
  of: (site: string) => string | null;
  fault: string;
}

export function useDesks(exam: Exam, wanted: boolean): Desks {
  const asked: Asked<SiteDesk[]> = useAsked(wanted ? `/api/v1/exams/${exam.id}/print/desks` : null);
  const told = asked.value;
  return {
    of: (site) => told && (told.find((each) => each.site === site)?.address ?? ""),
    fault: asked.fault,
  };
}

/** Sites with candidates for whom the centre knows no address. */
export const unknownOf = (sites: ExamSite[], desks: Desks): ExamSite[] =>
  sites.filter((each) => each.registered > 0 && desks.of(each.site) === "");

const nameOf = (site: ExamSite): string => `${site.code} · ${site.name}`;

/** For which sites a slip has no QR code, and the address for them that somebody may type. */
export function UnknownDesks(props: {
  sites: ExamSite[];
  desk: string;
  onDesk: (desk: string) => void;
}): JSX.Element | null {
  const { sites, desk, onDesk } = props;
  if (sites.length === 0) return null;
  const first = sites.slice(0, NAMED).map(nameOf).join(", ");
  const rest = sites.slice(NAMED);
  return (
    <Alert tone="warn">
      <div class="stack">
        <p>
          <b>{w.noDesk(sites.length)}</b> {first}
          {rest.length > 0 && "…"}
        </p>
        {rest.length > 0 && (
          <details>
            <summary>{w.noDeskMore(rest.length)}</summary>
            <p>{rest.map(nameOf).join(", ")}</p>
          </details>
        )}
        <p>{w.noDeskMeans}</p>
        <Field label={w.desk}>
          {/* Taken when it is whole: every look at slips is written to the audit trail. */}
          <input
            type="url"
            placeholder="https://thi.example.vn/"
            value={desk}
            onChange={(e) => onDesk(e.currentTarget.value.trim())}
          />
        </Field>
      </div>
    </Alert>
  );
}

/** How many files the slips of so many people take. */
export const partsOf = (people: number): number => Math.max(1, Math.ceil(people / MOST_SLIPS));

/** Which part of a site with more people than one file takes. */
export function PartChoice(props: {
  people: number;
  part: number;
  onPart: (part: number) => void;
}): JSX.Element | null {
  const parts = partsOf(props.people);
  if (parts === 1) return null;
  return (
    <Field label={w.part}>
      <select value={props.part} onChange={(e) => props.onPart(Number(e.currentTarget.value))}>
        {Array.from({ length: parts }, (_, place) => (
          <option key={place} value={place + 1}>
            {w.partOf(place * MOST_SLIPS + 1, Math.min(props.people, (place + 1) * MOST_SLIPS))}
          </option>
        ))}
      </select>
    </Field>
  );
}

/** The sites of an exam to choose one of; `all` is the word for every one of them. */
export function SiteChoice(props: {
  sites: ExamSite[];
  site: string;
  onSite: (site: string) => void;
  all?: string;
}): JSX.Element {
  return (
    <Field label={t.site}>
      <select value={props.site} onChange={(e) => props.onSite(e.currentTarget.value)}>
        {props.all && <option value="">{props.all}</option>}
        {props.sites.map((each) => (
          <option key={each.site} value={each.site}>
            {nameOf(each)}
          </option>
        ))}
      </select>
    </Field>
  );
}

/** What slips are asked for with. */
export function slipQuery(site: string, desk: string, people: number, part: number): string {
  const asked = new URLSearchParams({ site });
  if (desk) asked.set("desk", desk);
  if (partsOf(people) > 1) asked.set("part", String(part));
  return `?${asked.toString()}`;
}
