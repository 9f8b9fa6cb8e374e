// `GET /docs` and what it loads: the contract as a page to browse, all of it from this server.
import { MooseError } from "../../model/errors.ts";
import { createDocsFiles } from "../docs-files.ts";
import type { HeaderList, HttpExchange, Route } from "../http-types.ts";

/** Styles are set by the page's own scripts, which no hash can foresee; images stand in the style sheet. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export function docsRoutes(): readonly Route[] {
  const files = createDocsFiles();
  const answer = async (exchange: HttpExchange, name: string): Promise<void> => {
    const known = exchange.header("if-none-match").split(",");
    const takesGzip = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(exchange.header("accept-encoding"));
    const file = await files(name);
    if (file === undefined) throw new MooseError("not_found", `Nothing is at /docs/${name.slice(0, 100)}.`);
    const headers: HeaderList = [
      ["etag", file.etag],
      ["cache-control", "no-cache"],
      ["content-security-policy", policy],
      ["x-content-type-options", "nosniff"],
      ["referrer-policy", "no-referrer"],
    ];
    if (known.some((tag) => tag.trim() === file.etag)) return exchange.reply(304, "", "", headers);
    if (!takesGzip) return exchange.reply(200, file.type, file.bytes, headers);
    exchange.reply(200, file.type, file.gzipped, [...headers, ["content-encoding", "gzip"]]);
  };
  return [
    { method: "GET", path: "/docs", handler: (exchange) => answer(exchange, "") },
    {
      method: "GET",
      path: "/docs/{file}",
      // The page itself has no name there: what it loads is relative to /docs.
      handler: (exchange, [file]) => answer(exchange, file!),
    },
  ];
}
