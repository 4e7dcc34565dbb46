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

// Two places that a strict content security policy complains of, mended in the locked versions.
const MENDED = [
  {
    file: /enketo-core\/src\/js\/form\.js$/,
    from: "this.view.$.attr('onsubmit', 'return false;');",
    to: "this.view.html.addEventListener('submit', (event) => event.preventDefault());",
  },
  {
    // The browser's page about a broken document, asked for its namespace only, is styled inline.
    file: /mergexml\/mergexml\.js$/,
    from: /f = psr\.parseFromString\('<invalid', 'text\/xml'\);[\s\S]*?nsd\.psr = [^;]+;/,
    to: "nsd.psr = '*';",
  },
];

const mended = {
  name: "mended",
  setup(build) {
    for (const { file, from, to } of MENDED) {
      build.onLoad({ filter: file }, async ({ path }) => {
        const text = await readFile(path, "utf8");
        const contents = text.replace(from, to);
        if (contents === text) throw new Error(`${path} is not as it was when it was mended`);
        return { contents, loader: "js" };
      });
    }
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
  plugins: [enketo, mended],
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
