// House rules that no linter knows: file names, file lengths, the first line, and calls that are banned.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const files = execFileSync(
  "git",
  ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.ts", "*.mjs", "*.cjs"],
  { cwd: root, encoding: "utf8" },
)
  .split("\0")
  // Without what is removed but not committed yet.
  .filter((file) => file !== "" && existsSync(join(root, file)) && !/generated|\.d\.ts$/.test(file));

const maxLines = 400;
const problems = [];
for (const file of files) {
  const name = basename(file);
  const text = readFileSync(join(root, file), "utf8");
  const lines = text.split("\n").length;
  if (!/^[.]?[a-z0-9]+([.-][a-z0-9]+)*\.(ts|mjs|cjs)$/.test(name)) problems.push(`${file}: file names are kebab-case`);
  if (/^(utils?|helpers?|common|manager|base|misc)\b/.test(name))
    problems.push(`${file}: a name that says nothing about its contents`);
  if (lines > maxLines) problems.push(`${file}: ${lines} lines; the limit is ${maxLines}`);
  const first = text.split("\n").find((line) => !line.startsWith("#!")) ?? "";
  if (!/\.config\.ts$/.test(file) && !/^(\/\/|\/\*\*?)/.test(first))
    problems.push(`${file}: the first line says what the file is for`);
  // AssemblyScript takes none.
  if (
    !file.startsWith("core-wasm/assembly/") &&
    /^(im|ex)port [^;]*? from "\.{1,2}\/[^"]*(?<!\.(ts|mjs|cjs|js|json))";/m.test(text)
  )
    problems.push(`${file}: a relative import carries the ending of its file`);
  // chdb's raw insert ends the data at an empty line and runs the rest as SQL.
  if (
    file.startsWith("server/src/") &&
    !/\.test\.ts$/.test(file) &&
    /session\.insert\(|insertRaw\(|rawInsert/i.test(text)
  )
    problems.push(`${file}: payload bytes never go to chdb's raw or inline insert`);
}

if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
console.log(`names: ${files.length} files`);
