import "./base.css";
import { effect } from "@preact/signals";
import { render, type ComponentChild } from "preact";
import { language } from "./i18n";
import { type Theme, wear } from "./theme";

/** Puts a page on the screen: the one call of each `main.tsx`. */
export function mount(page: ComponentChild, firstTheme: Theme = "light"): void {
  wear(firstTheme);
  effect(() => {
    document.documentElement.lang = language.value;
  });
  const ground = document.getElementById("page");
  if (ground) render(page, ground);
}
