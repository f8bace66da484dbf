import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const LEAST_BYTES = 1000;

/**
 * What a page fetches later comes without Vite's preloading of styles and further scripts, which is larger than most of
 * what it would load: for a page whose later scripts bring neither.
 */
export function bareImports(): Plugin {
  return {
    name: "bare-imports",
    enforce: "pre",
    apply: "build",
    load: (id) =>
      id === "\0vite/preload-helper.js" ? "export const __vitePreload = (load) => load();" : null,
    writeBundle(_, bundle) {
      for (const chunk of Object.values(bundle))
        if (chunk.type === "chunk" && /__vite__mapDeps/.test(chunk.code))
          this.error(`${chunk.fileName} wants styles or scripts loaded beforehand`);
    },
  };
}

/** Writes `name.gz` beside every built script and style; the servers send it to whoever accepts gzip. */
export function packed(): Plugin {
  return {
    name: "packed",
    apply: "build",
    writeBundle(options) {
      const folder = resolve(options.dir ?? ".", "assets");
      for (const name of readdirSync(folder).filter((each) => /\.(?:js|css)$/.test(each))) {
        const content = readFileSync(resolve(folder, name));
        if (content.length >= LEAST_BYTES)
          writeFileSync(resolve(folder, `${name}.gz`), gzipSync(content, { level: 9 }));
      }
    },
  };
}
