// Builds the pages' scripts and styles into the folder given: `node build.mjs FOLDER`.

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const source = (name) => join(here, "src", name);
const folder = process.argv[2];

// Enketo asks for these by name so that an application can put its own in their place.
const OWN = {
  "enketo/config": source("config.js"),
  "enketo/widgets": source("widgets.js"),
  "enketo/translator": source("words.js"),
  "enketo/dialog": join(here, "node_modules/enketo-core/src/js/fake-dialog.js"),
  "enketo/file-manager": join(here, "node_modules/enketo-core/src/js/file-manager.js"),
  "enketo/xpath-evaluator-binding": join(
    here, "node_modules/enketo-core/src/js/xpath-evaluator-binding.js",
  ),
};

const enketo = {
  name: "enketo",
  setup(build) {
    build.onResolve({ filter: /^enketo\// }, ({ path }) => ({ path: OWN[path] }));
    // Number fields ask the placeholder translator instead of the one by name.
    build.onResolve({ filter: /\/fake-translator$/ }, () => ({ path: source("words.js") }));
  },
};

await mkdir(join(folder, "xsl"), { recursive: true });
const result = await esbuild.build({
  entryPoints: ["form.js", "form.css", "record.js", "queue.js", "chart.js", "sw.js"].map(source),
  outdir: folder,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  legalComments: "linked",
  logLevel: "warning",
  plugins: [enketo],
  define: { "process.env.NODE_ENV": '"production"' },
});
if (result.errors.length) process.exit(1);

for (const name of ["openrosa2html5form", "openrosa2xmlmodel"]) {
  const sheet = await import(
    `./node_modules/enketo-transformer/dist/enketo-transformer/xsl/${name}.xsl.js`
  );
  await writeFile(join(folder, "xsl", `${name}.xsl`), sheet.default);
}

const digests = {};
for (const name of (await readdir(folder)).sort()) {
  if (!/\.(js|css)$/.test(name)) continue;
  const content = await readFile(join(folder, name));
  digests[name] = createHash("sha256").update(content).digest("hex").slice(0, 12);
}
await writeFile(join(folder, "manifest.json"), JSON.stringify(digests, null, 1));
