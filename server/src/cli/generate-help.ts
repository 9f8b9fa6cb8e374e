// The help text of `moose generate`.

export const generateHelp = `moose generate: writes what an app needs that does not share the models' source.

  moose generate sdk --lang typescript --out src/moose     of the project in this folder
  moose generate sdk --lang python --out app/moose --url https://events.example

  sdk [folder]        typed events, compiled models, and entries for ingest and consumption

  --lang <language>   typescript or python
  --out <folder>      where the files go; those that would not change are not touched
  --url <url>         of a running server, in place of a project's folder
  --json              the names of the files that were written, as JSON on stdout

TypeScript: ingest.ts (createIngest with every model) needs @moose/ingest, consumption.ts needs @moose/consumption, api.ts has the types of the
whole HTTP API. Python: moose_models.py needs moose-ingest; moose-models.json is for those who load models when they start.
`;
