// Builds assets/css/site.css and every assets/js/*.js into assets/dist/, minified, with the fonts and
// assets/images/ as files beside them.
// Entries keep their names (Django's manifest storage adds the hash); shared and lazily loaded parts become chunks.
import { build, context } from "esbuild";
import { cp, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const scripts = (await readdir(join(here, "js"))).filter((name) => name.endsWith(".js")).map((name) => `js/${name}`);

const options = {
  absWorkingDir: here,
  entryPoints: ["css/site.css", ...scripts].map((path) => ({
    in: path,
    out: path.replace(/^(css|js)\//, "").replace(/\.(css|js)$/, ""),
  })),
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022", "chrome109", "firefox115", "safari16.4"],
  minify: true,
  legalComments: "none",
  assetNames: "fonts/[name]",
  chunkNames: "chunks/[name]-[hash]",
  loader: { ".woff2": "file" },
  logLevel: "info",
};

if (process.argv.includes("--watch")) {
  await (await context(options)).watch();
} else {
  await rm(join(here, "dist"), { recursive: true, force: true });
  await cp(join(here, "images"), join(here, "dist"), { recursive: true });
  await build(options);
}
