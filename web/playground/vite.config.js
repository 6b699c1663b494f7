import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { defineConfig } from "vite";

const FONT = /url\(["']?data:font\/(\w+);base64,([^"')]+)["']?\)/g;

/** Write fonts that a stylesheet carries inline as files, so that the page can say `font-src 'self'`. */
function fontsAsFiles() {
  return {
    name: "fonts-as-files",
    enforce: "post",
    generateBundle(_options, bundle) {
      for (const asset of Object.values(bundle)) {
        if (!asset.fileName.endsWith(".css")) continue;
        asset.source = String(asset.source).replaceAll(FONT, (_all, kind, base64) => {
          const source = Buffer.from(base64, "base64");
          const hash = createHash("sha256").update(source).digest("hex").slice(0, 8);
          const fileName = `assets/font-${hash}.${kind}`;
          if (!bundle[fileName]) this.emitFile({ type: "asset", fileName, source });
          return `url(/static/${fileName})`;
        });
      }
    },
  };
}

/** Leave word of which sources this was built from, so that a test can tell a forgotten build. */
function builtFrom() {
  const sources = readdirSync("src", { recursive: true }).filter((name) => name.includes("."));
  const names = ["index.html", "package-lock.json", "vite.config.js", ...sources.map((name) => `src/${name}`)];
  const hash = createHash("sha256");
  for (const name of names.sort()) hash.update(`${name}\n`).update(readFileSync(name));
  return {
    name: "built-from",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "built-from.txt", source: `${hash.digest("hex")}\n` });
    },
    writeBundle({ dir }) {
      const licenses = `${dir}/licenses.md`;
      writeFileSync(licenses, readFileSync(licenses, "utf8").replaceAll("\r\n", "\n"));
    },
  };
}

export default defineConfig({
  base: "/static/",
  plugins: [fontsAsFiles(), builtFrom()],
  // The server puts a fresh nonce here for each page it sends.
  html: { cspNonce: "NONCE-OF-THIS-PAGE" },
  build: {
    outDir: "../static",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    sourcemap: false,
    target: "es2022",
    chunkSizeWarningLimit: 4000,
    license: { fileName: "licenses.md" },
  },
  server: { proxy: { "/graphql": "http://127.0.0.1:8000", "/playground": "http://127.0.0.1:8000" } },
});
