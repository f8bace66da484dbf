import { dictionary, worded } from "../shared/i18n";

/** How much of the lecture a room gets. */
export const rungs = dictionary({
  full: { vi: "Đủ hình và tiếng", en: "Full picture and sound" },
  low: { vi: "Hình nhỏ và tiếng", en: "Small picture and sound" },
  sound: { vi: "Tiếng và slide", en: "Sound and slides" },
  phone: { vi: "Gọi điện thoại để nghe", en: "By telephone" },
});

export const rungReasons = dictionary({
  best: { vi: "đường truyền đủ", en: "the line takes it" },
  begins: { vi: "mới vào", en: "just joined" },
  climbed: { vi: "đường truyền đã khá hơn", en: "the line got better" },
  weak_line: { vi: "đường truyền yếu", en: "weak line" },
  lossy: { vi: "đường truyền mất gói", en: "the line loses packets" },
  ordered: { vi: "do trực ban chỉ định", en: "ordered by an operator" },
  picture_stopped: { vi: "hình không tới màn hình", en: "no picture reaches the screen" },
  nothing_comes: { vi: "hình và tiếng không tới", en: "neither picture nor sound comes" },
});

/** What may be ordered. */
export const rungOrders = dictionary({
  auto: { vi: "Theo đường truyền", en: "As the line allows" },
  full: { vi: "Đủ hình và tiếng", en: "Full picture and sound" },
  low: { vi: "Hình nhỏ và tiếng", en: "Small picture and sound" },
  sound: { vi: "Tiếng và slide", en: "Sound and slides" },
  phone: { vi: "Gọi điện thoại", en: "Telephone" },
});

/** The history's word for a rung and its reason, `low.weak_line`, as a person reads it. */
export function rungText(state: string): string {
  const [rung = "", why] = state.split(".");
  return why ? `${worded(rungs, rung)} (${worded(rungReasons, why)})` : worded(rungs, rung);
}
