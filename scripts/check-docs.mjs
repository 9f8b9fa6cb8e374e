// Every path that a document names exists, and no tracked file carries a machine's path or a registry's host.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
// Without what is removed but not committed yet.
const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" })
  .split("\0")
  .filter((file) => file !== "" && existsSync(join(root, file)));
const known = new Set(tracked);
for (const file of tracked) for (let at = dirname(file); at !== "."; at = dirname(at)) known.add(at);

const problems = [];

/** `code spans` that look like a path of this repository (or of the document's own folder), and [links](to/files). */
const spans = /`([\w@.-]+(?:\/[\w@.*{},-]+)+\/?)`|\]\((?!https?:|#|mailto:)([^)\s#]+)[^)]*\)/g;
const tops = new Set(tracked.map((file) => file.split("/")[0]));

for (const file of tracked.filter((name) => name.endsWith(".md"))) {
  for (const [, span, link] of readFileSync(join(root, file), "utf8").matchAll(spans)) {
    if (link !== undefined) {
      if (!existsSync(join(root, dirname(file), decodeURI(link))))
        problems.push(`${file}: the link ${link} leads nowhere`);
    } else if (
      tops.has(span.split("/")[0]) &&
      !/[*{}]|\/dist\b|\/generated\//.test(span) &&
      ![span, join(dirname(file), span)].some((path) => known.has(path.replace(/\/$/, "")))
    ) {
      problems.push(`${file}: ${span} does not exist`);
    }
  }
}

// Assembled, so that this file does not find itself.
const hosts = ["registry." + "npmjs.org", "registry." + "yarnpkg.com", "pypi." + "org/simple"];
const machine = new RegExp(["/" + "work/main", "/" + "home/[a-z]+/", "/" + "root/"].join("|"));
for (const file of tracked.filter((name) => !/\.(png|wasm|ico|parquet)$/.test(name))) {
  const text = readFileSync(join(root, file), "utf8");
  if (machine.test(text)) problems.push(`${file}: names a folder of somebody's machine (${machine.exec(text)[0]})`);
  for (const host of hosts) if (text.includes(host)) problems.push(`${file}: names a package registry's host`);
}

if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
console.log(`docs: ${tracked.filter((name) => name.endsWith(".md")).length} documents, every path exists`);
