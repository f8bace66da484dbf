/** Where to go after signing in: the page that asked, if it is one of ours, else the first page of the role. */
export function afterSignIn(search: string, actions: readonly string[]): string {
  const asked = new URLSearchParams(search).get("next");
  if (asked && /^\/(?![/\\])/.test(asked) && !asked.startsWith("/login")) return asked;
  if (actions.includes("wall.see")) return "/wall";
  return actions.includes("lecture.publish") ? "/lecturer" : "/console";
}
