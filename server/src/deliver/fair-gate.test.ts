// Inserts share the gate, reads share it, the two never mix, and nobody is overtaken for ever.
import { describe, expect, it } from "vitest";
import { FairGate, type Side } from "./fair-gate.ts";

/** Work that ends when it is told to, and a record of who is inside. */
function recorder() {
  const gate = new FairGate();
  const inside: string[] = [];
  const enter = (side: Side, name: string) => {
    const { promise, resolve } = deferred();
    const done = gate.run(side, async () => {
      inside.push(name);
      await promise;
      inside.splice(inside.indexOf(name), 1);
    });
    const end = async (): Promise<void> => {
      resolve();
      await done;
    };
    return { end };
  };
  return { inside, enter };
}

function deferred() {
  let resolve!: () => void;
  const promise = new Promise<void>((r) => {
    resolve = r;
  });
  return { promise, resolve };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("fair gate", () => {
  it("lets one side in together and keeps the other out", async () => {
    const { inside, enter } = recorder();
    const a = enter("insert", "a");
    const b = enter("insert", "b");
    const read = enter("read", "read");
    await turn();
    expect(inside).toEqual(["a", "b"]);
    await a.end();
    await turn();
    expect(inside).toEqual(["b"]);
    await b.end();
    await turn();
    expect(inside).toEqual(["read"]);
    await read.end();
  });

  it("keeps the order in which they came, so neither side starves", async () => {
    const { inside, enter } = recorder();
    const a = enter("insert", "a");
    const read = enter("read", "read");
    const late = enter("insert", "late");
    await turn();
    expect(inside).toEqual(["a"]);
    await a.end();
    await turn();
    expect(inside).toEqual(["read"]);
    await read.end();
    await turn();
    expect(inside).toEqual(["late"]);
    await late.end();
  });

  it("lets the next in when work fails", async () => {
    const gate = new FairGate();
    const failed = gate.run("insert", () => Promise.reject(new Error("refused")));
    const read = gate.run("read", async () => "read");
    await expect(failed).rejects.toThrow("refused");
    expect(await read).toBe("read");
  });
});
