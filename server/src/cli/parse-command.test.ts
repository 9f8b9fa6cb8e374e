// What the command line means, and what is said when it means nothing.
import { expect, test } from "vitest";
import { parseCommand } from "./parse-command.ts";
import { UsageError } from "./usage-error.ts";

test("dev takes a folder and options that go before the configuration", () => {
  const args = [
    "dev",
    "my project",
    "--port",
    "0",
    "--clickhouse-port=8124",
    "--host",
    "0.0.0.0",
    "--data-dir",
    "d",
    "--reset",
  ];
  expect(parseCommand(args)).toEqual({
    name: "dev",
    dir: "my project",
    reset: true,
    soleWriter: false,
    colour: true,
    overrides: { dataDir: "d", http: { port: 0, host: "0.0.0.0" }, clickhouse: { port: 8124 } },
  });
  expect(parseCommand(["dev", "--no-color"])).toMatchObject({
    dir: ".",
    reset: false,
    colour: false,
    overrides: { http: {} },
  });
});

test("audit takes the address of a server", () => {
  expect(parseCommand(["audit"])).toMatchObject({
    name: "audit",
    audit: { url: "http://127.0.0.1:4000", waitSeconds: 30, json: false },
  });
  expect(parseCommand(["audit", "--url", "https://moose.example", "--wait=0", "--json"])).toMatchObject({
    audit: { url: "https://moose.example", waitSeconds: 0, json: true },
  });
  for (const [args, said] of [
    [["audit", "folder"], /takes no folder; "folder"/],
    [["audit", "--url", "moose.example"], /--url must be the address of a server/],
    [["audit", "--wait", "601"], /from 0 to 600, not "601"/],
    [["audit", "--reset"], /has no option --reset/],
  ] as const) {
    expect(() => parseCommand([...args])).toThrow(said);
  }
});

test("serve takes roles and workers", () => {
  const args = ["serve", "p", "--roles", "ingest,writer", "--workers", "2", "--port", "80"];
  expect(parseCommand(args)).toMatchObject({
    name: "serve",
    dir: "p",
    overrides: { roles: ["ingest", "writer"], workers: 2, http: { port: 80 } },
  });
});

test("help and version need no command", () => {
  expect(parseCommand(["--help"]).name).toBe("help");
  expect(parseCommand(["-v"]).name).toBe("version");
  expect(parseCommand(["dev", "--help"]).name).toBe("help");
});

test.each([
  [[], "Say what to do"],
  [["dve"], '"dve" is not a command: did you mean dev?'],
  [["dev", "--prot", "1"], "--prot is not an option: did you mean --port?"],
  [["dev", "--frobnicate"], "--frobnicate is not an option. All options"],
  [["dev", "--port", "http"], '--port must be a port number from 0 to 65535, not "http"'],
  [["dev", "--port", "65536"], "--port must be a port number"],
  [["dev", "--port"], "--port"],
  [["check", "--reset"], "moose check has no option --reset."],
  [["dev", "--roles", "ingest"], "moose dev has no option --roles."],
  [["serve", "--roles", "ingest,ingets"], '--roles: "ingets" is not a role: did you mean ingest?'],
  [["serve", "--workers", "0"], '--workers must be a number of processes from 1 to 64, not "0"'],
  [["serve", "--reset"], "moose serve has no option --reset."],
  [["dev", "a", "b"], 'moose dev takes one folder; "b" is one too many.'],
])("%j is refused", (args, message) => {
  expect(() => parseCommand(args)).toThrowError(UsageError);
  expect(() => parseCommand(args)).toThrowError(message);
});
