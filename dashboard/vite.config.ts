import { resolve } from "node:path";
import { defineConfig } from "vitest/config";
import { boot } from "./boot";
import { bareImports, packed } from "./packed";

interface Bundle {
  pages: string[];
  outDir: string;
  base: string;
  target: string | string[];
  /** Whether what is in the folder stays. */
  beside?: boolean;
}

/** The centre serves its pages; a site carries its own inside the `site` wheel and works without a line. */
const CENTRE: Bundle = {
  pages: [
    "login",
    "wall",
    "console",
    "essay",
    "lecturer",
    "floor",
    "results",
    "board",
    "portal",
    "officers",
    "readiness",
    "site",
    "duty",
    "recordings",
  ],
  outDir: "../orchestrator/web/pages",
  base: "/",
  target: "es2022",
};
const AGENT: Bundle = {
  pages: ["screen", "desk", "invigilate", "guide", "phone"],
  outDir: "../site_agent/pages",
  base: "./",
  // Candidates bring whatever browser the school has; src/exam/built.test.ts reads what is built.
  target: ["chrome70", "ios12.2"],
};
/** By itself, so that a candidate's phone loads nothing of what only the other pages use; built after them. */
const EXAM: Bundle = { ...AGENT, pages: ["exam"], beside: true };

export default defineConfig(({ mode }) => {
  const bundle = mode === "agent" ? AGENT : mode === "exam" ? EXAM : CENTRE;
  const root = resolve(import.meta.dirname, "src");
  return {
    root,
    base: bundle.base,
    plugins: bundle === EXAM ? [boot(), bareImports(), packed()] : [boot(), packed()],
    cacheDir: resolve(import.meta.dirname, "node_modules/.vite"),
    build: {
      outDir: resolve(import.meta.dirname, bundle.outDir),
      emptyOutDir: !bundle.beside,
      target: bundle.target,
      cssTarget: bundle.target,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rollupOptions: { input: bundle.pages.map((page) => resolve(root, `${page}.html`)) },
    },
    server: {
      host: "127.0.0.1",
      proxy: {
        "/api": "http://127.0.0.1:8080",
        "/wall/feed": { target: "http://127.0.0.1:8080", ws: true },
      },
    },
    test: { include: ["**/*.test.{ts,tsx}"], environment: "node" },
  };
});
