import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const LEAST_BYTES = 1000;

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
