// Questions from worker to worker, among real processes: one that answers, one that cannot, one that dies over it, one that is not there.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, expect, it } from "vitest";
import type { PeerAnswer } from "../ports/worker-peers.ts";
import { WorkerExchange } from "./worker-exchange.ts";
import type { ToSupervisor, ToWorker } from "./worker-messages.ts";

const children: ChildProcess[] = [];
afterEach(async () => {
  const running = children.splice(0).filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  await Promise.all(
    running.map((child) => {
      child.kill("SIGKILL");
      return once(child, "exit");
    }),
  );
});

/** What the asking worker gets back. */
async function ask(exchange: WorkerExchange, asking: number): Promise<readonly PeerAnswer<"health">[]> {
  const relay = "process.on('message', (message) => message.type === 'answers' && process.send(message));";
  const child = start(relay);
  exchange.ready(asking, child);
  exchange.received(asking, { type: "ask", id: 7, question: "health" });
  const [message] = (await once(child, "message")) as [ToWorker & { type: "answers" }];
  expect(message.id).toBe(7);
  return message.answers as readonly PeerAnswer<"health">[];
}

function start(script: string): ChildProcess {
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  children.push(child);
  return child;
}

function addWorker(exchange: WorkerExchange, worker: number, onQuestion: string): void {
  const child = start(`process.on("message", ({ type, id }) => { if (type === "question") ${onQuestion} });`);
  child.on("message", (message: ToSupervisor) => exchange.received(worker, message));
  child.once("exit", () => exchange.gone(worker));
  exchange.ready(worker, child);
}

it("gathers what every other worker says, or why it does not", async () => {
  const exchange = new WorkerExchange([1, 2, 3, 4, 5]);
  addWorker(exchange, 1, 'process.send({ type: "answer", id, answer: { log: { ok: true } } });');
  addWorker(exchange, 3, 'process.send({ type: "answer", id });');
  addWorker(exchange, 4, "process.exit();");
  expect(await ask(exchange, 2)).toEqual([
    { worker: 1, state: "answered", answer: { log: { ok: true } } },
    { worker: 3, state: "silent" },
    { worker: 4, state: "away" },
    { worker: 5, state: "away" },
  ]);
});
