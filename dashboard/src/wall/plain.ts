/** Text without marks and case: "Nguyễn Đình Chiểu" is "nguyen dinh chieu". */
export function plain(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}+/gu, "")
    .replace(/[đĐ]/g, "d")
    .toLowerCase();
}

/** Whether every word of `asked` is in `text`; both are `plain`. */
export function holds(text: string, asked: string): boolean {
  return asked
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => text.includes(word));
}
