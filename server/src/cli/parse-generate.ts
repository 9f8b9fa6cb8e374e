// Reads the arguments of `moose generate`.
import { parseArgs } from "node:util";
import { UsageError } from "./usage-error.ts";

const languages = ["typescript", "python"] as const;
export type SdkLanguage = (typeof languages)[number];

export interface GenerateCommand {
  readonly language: SdkLanguage;
  readonly out: string;
  /** A project's folder, or a server. */
  readonly from: { readonly dir: string } | { readonly url: string };
  /** What was written as JSON, for machines. */
  readonly json: boolean;
}

const options = {
  lang: { type: "string" },
  out: { type: "string" },
  url: { type: "string" },
  json: { type: "boolean" },
  "no-color": { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** "help" when that is asked for. Throws UsageError. */
export function parseGenerate(args: readonly string[]): GenerateCommand | "help" {
  const { values, positionals } = parse(args);
  if (values.help === true || positionals[0] === "help") return "help";
  const [what, dir, ...more] = positionals;
  if (what !== "sdk")
    throw new UsageError(
      what === undefined
        ? "Say what to generate: moose generate sdk --lang typescript --out src/moose."
        : `"${what}" is not something to generate. There is sdk: moose generate --help.`,
    );
  if (more.length > 0) throw new UsageError(`moose generate sdk takes one folder; "${more[0]}" is one too many.`);
  const { lang, out, url } = values;
  if (lang === undefined || !isLanguage(lang))
    throw new UsageError(`Say --lang ${languages.join(" or --lang ")}${lang === undefined ? "" : `, not "${lang}"`}.`);
  if (out === undefined || out === "") throw new UsageError("Say where the files go: --out <folder>.");
  if (url !== undefined && dir !== undefined) throw new UsageError("Give a project's folder or --url, not both.");
  if (url !== undefined && !(/^https?:\/\//.test(url) && URL.canParse(url)))
    throw new UsageError(`--url must be the address of a server, such as http://127.0.0.1:4000, not "${url}".`);
  return { language: lang, out, from: url === undefined ? { dir: dir ?? "." } : { url }, json: values.json === true };
}

const isLanguage = (text: string): text is SdkLanguage => (languages as readonly string[]).includes(text);

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    // Node's own sentence: "Option '--out <value>' argument missing".
    throw new UsageError(`${(error as Error).message}. All options: moose generate --help.`);
  }
}
