// Single events inserted into SQLite through better-sqlite3 (WAL, synchronous=FULL), so many writers at once, each a transaction of its own.
import { createRequire } from "node:module";
import { join } from "node:path";
import { measureLoop } from "../load/measured-loop.mjs";
import { readBodies } from "../load/read-bodies.mjs";

/** Argument: JSON of { folder, bodiesFile, lanes, warmUpMs, measureMs, modules, grouped }. `modules` is a folder in which better-sqlite3 is installed. */
const job = JSON.parse(process.argv[2]);
const Database = createRequire(join(job.modules, "package.json"))("better-sqlite3");
const database = new Database(join(job.folder, "events.db"));
database.pragma("journal_mode = WAL");
database.pragma("synchronous = FULL");
database.exec("CREATE TABLE event (position INTEGER PRIMARY KEY, body BLOB NOT NULL)");
const insert = database.prepare("INSERT INTO event (body) VALUES (?)");
const insertAll = database.transaction((waiting) => {
  for (const { body } of waiting) insert.run(body);
});
const bodies = readBodies(job.bodiesFile);

let next = 0;
let waiting = [];

/** What a careful user may write around it: everything that came in one turn of the event loop shares a transaction. */
function insertGrouped(body) {
  return new Promise((resolve) => {
    if (waiting.length === 0) {
      setImmediate(() => {
        const group = waiting;
        waiting = [];
        insertAll(group);
        for (const one of group) one.resolve();
      });
    }
    waiting.push({ body, resolve });
  });
}

async function insertAlone(body) {
  insert.run(body);
  // It is synchronous: without a turn of the event loop one writer would keep the others from ever running.
  await new Promise((resolve) => setImmediate(resolve));
}

await measureLoop(job, async () => {
  const body = bodies[next++ % bodies.length];
  await (job.grouped ? insertGrouped(body) : insertAlone(body));
  return { events: 1, bytes: body.length };
});
database.close();
