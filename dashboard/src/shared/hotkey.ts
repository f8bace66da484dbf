/** Ctrl + Alt + G on the school's computer: from the big screen or the desk to the invigilator's page, and back. */
export function listenForInvigilator(): void {
  addEventListener("keydown", (event) => {
    if (!event.ctrlKey || !event.altKey || event.code !== "KeyG") return;
    event.preventDefault();
    location.assign(location.pathname.startsWith("/invigilate") ? "/screen" : "/invigilate/");
  });
}
