import type { JSX } from "preact";
import { dictionary } from "../shared/i18n";
import { Field } from "../shared/parts";

/** How a planned exam gets out. */
export interface ReleasePlan {
  byOfficers: boolean;
  officers: { name: string; phone: string }[];
  reserve: boolean;
  spares: number;
}

const NOBODY = { name: "", phone: "" };
export const AUTOMATIC: ReleasePlan = {
  byOfficers: false,
  officers: [NOBODY, NOBODY, NOBODY],
  reserve: false,
  spares: 0,
};

const w = dictionary({
  release: { vi: "Phát mã mở đề", en: "Release" },
  automatic: { vi: "Tự động đúng giờ", en: "Automatic, by the clock" },
  officers: { vi: "Do 2 trong 3 cán bộ giữ mã", en: "By two of three officers" },
  officer: { vi: (n: number) => `Cán bộ ${n}`, en: (n: number) => `Officer ${n}` },
  phone: { vi: (n: number) => `Điện thoại ${n}`, en: (n: number) => `Telephone ${n}` },
  reserve: {
    vi: "Có đề dự bị (câu hỏi khác, gửi sẵn về mọi điểm cầu; ngân hàng cần gấp đôi số câu)",
    en: "With a reserve paper (other questions, held at every site; the bank needs twice the questions)",
  },
  spares: { vi: "Điểm cầu dự phòng", en: "Spare sites" },
});

export function releaseWish(plan: ReleasePlan): object {
  return {
    release: plan.byOfficers ? "officers" : "automatic",
    officers: plan.byOfficers ? plan.officers : [],
    reserve: plan.reserve,
    spares: plan.spares,
  };
}

export function PlanRelease(props: { plan: ReleasePlan; onPlan: (plan: ReleasePlan) => void }): JSX.Element {
  const { plan, onPlan } = props;
  const name = (place: number, part: Partial<{ name: string; phone: string }>): void =>
    onPlan({
      ...plan,
      officers: plan.officers.map((one, index) => (index === place ? { ...one, ...part } : one)),
    });
  return (
    <fieldset class="stack">
      <legend>{w.release}</legend>
      {[false, true].map((byOfficers) => (
        <label key={String(byOfficers)} class="row">
          <input
            type="radio"
            name="release"
            checked={plan.byOfficers === byOfficers}
            onChange={() => onPlan({ ...plan, byOfficers })}
          />
          {byOfficers ? w.officers : w.automatic}
        </label>
      ))}
      {plan.byOfficers &&
        plan.officers.map((one, place) => (
          <div key={place} class="columns">
            <Field label={w.officer(place + 1)}>
              <input
                required
                maxLength={200}
                value={one.name}
                onInput={(e) => name(place, { name: e.currentTarget.value })}
              />
            </Field>
            <Field label={w.phone(place + 1)}>
              <input
                required
                type="tel"
                maxLength={40}
                value={one.phone}
                onInput={(e) => name(place, { phone: e.currentTarget.value })}
              />
            </Field>
          </div>
        ))}
      <label class="row">
        <input
          type="checkbox"
          checked={plan.reserve}
          onChange={(e) => onPlan({ ...plan, reserve: e.currentTarget.checked })}
        />
        {w.reserve}
      </label>
      <Field label={w.spares}>
        <input
          type="number"
          min={0}
          max={50}
          value={plan.spares}
          onInput={(e) => onPlan({ ...plan, spares: e.currentTarget.valueAsNumber || 0 })}
        />
      </Field>
    </fieldset>
  );
}
