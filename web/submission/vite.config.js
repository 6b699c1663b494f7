import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { defineConfig } from "vite";

const SOURCES = ["package-lock.json", "src/submission.ts", "tsconfig.json", "vite.config.js"];

/** Leave word of which sources this was built from, so that a test can tell a forgotten build. */
function builtFrom() {
  const hash = createHash("sha256");
  for (const name of SOURCES) hash.update(`${name}\n`).update(readFileSync(name));
  return {
    name: "built-from",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "built-from.txt", source: `${hash.digest("hex")}\n` });
    },
  };
}

export default defineConfig({
  plugins: [builtFrom()],
  build: {
    lib: { entry: "src/submission.ts", formats: ["es"], fileName: "submission" },
    target: "es2022",
    sourcemap: false,
    license: { fileName: "licenses.md" },
    // One file; what @hpke/core would load for an old Node.js is left out.
    rolldownOptions: { external: ["crypto"], output: { codeSplitting: false } },
  },
});
