// The help text of `moose quarantine`.

export const quarantineHelp = `moose quarantine: events that ingest, a function or the table refused, of a running server.

  moose quarantine ls            the newest entries
  moose quarantine show <id>     one entry: reason, violations, stack and the original event
  moose quarantine replay <id…>  put entries back, each once; or choose them with the options below, or --all

  --model <name>      entries of a model
  --source <source>   refused by: ingest, function, table or log
  --code <code>       with a reason, such as wrong_type or table_refused
  --by <function>     refused by a function
  --since <time>      made at this time or later: 2026-01-31T08:00:00Z, or how long ago: 30m, 2h, 7d
  --until <time>      made before this time
  --open, --replayed  those that did not go back; those that did (ls)
  --limit <n>         entries to show (ls; 50)
  --raw               only the original bytes of the event (show)
  --all               every entry that did not go back (replay)
  --dry-run           only say what would become of each (replay)
  --json              JSON on stdout
  --url <url>         of the server (MOOSE_URL, or http://127.0.0.1:4000)

A replay judges events by the models as they are now. Events of ingest and of a table go to their model's stream, events of a function
to that function's input. An entry that went back is marked: replaying it again does nothing, also when a replay was interrupted.

Exit codes: 0 ended well, 1 a bug, 2 wrong usage, 7 the server does not answer, 10 some entries did not go back.
`;
