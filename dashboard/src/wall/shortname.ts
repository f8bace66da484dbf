/** Written the way schools themselves shorten it, longest first. */
const SHORT: readonly (readonly [RegExp, string])[] = [
  [/^(trường )?phổ thông dân tộc nội trú /i, "PTDTNT "],
  [/^(trường )?phổ thông dân tộc bán trú /i, "PTDTBT "],
  [/^trung tâm giáo dục nghề nghiệp\s*[-–]\s*giáo dục thường xuyên /i, "TT GDNN-GDTX "],
  [/^trung tâm giáo dục thường xuyên /i, "TT GDTX "],
  [/^trung tâm /i, "TT "],
  [/^(trường )?tiểu học (và|&) trung học cơ sở /i, "TH&THCS "],
  [/^(trường )?tiểu học và thcs /i, "TH&THCS "],
  [/^(trường )?trung học phổ thông /i, "THPT "],
  [/^(trường )?trung học cơ sở /i, "THCS "],
  [/^(trường )?tiểu học /i, "TH "],
  [/^(trường )?(mầm non|mẫu giáo) /i, "MN "],
  [/^trường /i, ""],
];

/** A school's name for a small tile: "Trường Tiểu học Lê Lợi" is "TH Lê Lợi". */
export function shortName(name: string): string {
  const found = SHORT.find(([long]) => long.test(name));
  return found ? name.replace(found[0], found[1]) : name;
}
