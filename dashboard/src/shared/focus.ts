/** As `ref` of a field: it has the focus as soon as it is there. A browser heeds `autofocus` once in a page's life. */
export function focused(field: HTMLElement | null): void {
  field?.focus();
}
