import { decimal } from "../shared/format";
import { dictionary } from "../shared/i18n";

const w = dictionary({
  span: {
    vi: (low: number, high: number) => `từng hình ${low}–${high}`,
    en: (low: number, high: number) => `single pictures ${low}–${high}`,
  },
  quality: { vi: (share: number) => `chất lượng ${share} %`, en: (share: number) => `quality ${share} %` },
  about: {
    vi: (n: number, ratio: string) => `khoảng ${n} theo đếm tay (× ${ratio})`,
    en: (n: number, ratio: string) => `about ${n} by the count by hand (× ${ratio})`,
  },
  still: {
    vi: (n: number) => `${n} chỗ không cử động`,
    en: (n: number) => `${n} ${n === 1 ? "place" : "places"} never moved`,
  },
});

/** What comes with a number that a camera counted; null: not known. `still` and `hand_ratio` as the room signed them. */
export interface Counted {
  minimum: number | null;
  maximum: number | null;
  quality: number | null;
  still: number | null;
  hand_ratio: number | null;
  about: number | null;
}

/** How far single pictures lay apart, if they did. */
export function spanOf({ minimum, maximum }: Counted): string {
  return minimum === null || maximum === null || minimum === maximum ? "" : w.span(minimum, maximum);
}

export function qualityOf({ quality }: Counted): string {
  return quality === null ? "" : w.quality(Math.round(quality * 100));
}

/** How many a person would have counted, going by the one count by hand. */
export function aboutOf({ about, hand_ratio }: Counted): string {
  return about === null || hand_ratio === null ? "" : w.about(about, decimal(hand_ratio, 2));
}

/** Portraits and screens may be among those counted. */
export function stillOf({ still }: Counted): string {
  return still ? w.still(still) : "";
}
