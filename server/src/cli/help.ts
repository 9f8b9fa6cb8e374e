// The help texts of the `moose` command.

export const help = `moose: a data backend from your data models.

  moose dev [folder]     run the project in a folder (here), and apply every change to it
  moose check [folder]   load the project and report mistakes
  moose serve [folder]   run the project in production: no watching, no reset, a log in JSON
  moose audit            ask a running server for the account of every event: acknowledged, in the stream, in the table
  moose quarantine       events that were refused: show them, put them back (moose quarantine --help)
  moose generate sdk     typed clients for apps that do not share the models' source (moose generate --help)

  --port <port>             port of the API and the dashboard
  --clickhouse-port <port>  port of the embedded ClickHouse
  --host <address>          address to listen on
  --data-dir <folder>       where the data is kept
  --reset                   begin with an empty data folder (dev)
  --roles <list>            what this process does, out of ingest,query,writer,functions (serve; all)
  --workers <n>             processes that share the port (serve; 1)
  --url <address>           of the server (audit; http://127.0.0.1:4000)
  --wait <seconds>          how long events may take into their table (audit; 30)
  --json                    the whole account as JSON (audit)
  --sole-writer             no other process writes tables: aggregations may be filled anew (serve)
  --no-color                no colours (as NO_COLOR=1)
  -h, --help                show this
  -v, --version             show the version

A project has folders of models, aggregations and functions, and a moose.config.ts. The options go before the configuration.
moose serve also reads environment variables, such as MOOSE_ROLES and MOOSE_CLICKHOUSE_URL: docs/production.md lists them.

Exit codes: 0 ended well, 1 a bug, 2 wrong usage, 3 a mistake in the project, 4 a port is taken, 5 the data folder is in
use, 6 the disk is full, 7 something outside is not available, 8 Node is too old, 9 events are unaccounted
for, 10 entries of quarantine did not go back, 130 ended by a second Ctrl-C or at the deadline.
`;
