// A worker's part when it asks the others, or is asked, through its supervisor.
import type { PeerAnswer, PeerAnswers, PeerQuestion, WorkerPeers } from "../ports/worker-peers.ts";
import { ANSWER_LIMIT_MS } from "./worker-exchange.ts";
import type { ToSupervisor, ToWorker } from "./worker-messages.ts";

type Answers = readonly PeerAnswer<PeerQuestion>[];

/** The supervisor keeps its limit; this one is for when it does not. */
const LIMIT_MS = ANSWER_LIMIT_MS + 1_000;

/** In a process that a supervisor started as this worker. */
export function openWorkerChannel(worker: number): WorkerPeers {
  const giving = new Map<PeerQuestion, () => Promise<PeerAnswers[PeerQuestion]>>();
  const asked = new Map<number, (answers: Answers) => void>();
  /** Requests that come while a question is under way share its answers: at most one of each kind waits. */
  const underWay = new Map<PeerQuestion, Promise<Answers>>();
  let lastId = 0;

  const send = (message: ToSupervisor): void => {
    if (process.connected) process.send?.(message, undefined, undefined, () => {});
  };

  const give = async (id: number, question: PeerQuestion): Promise<void> => {
    const answer = await giving
      .get(question)?.()
      .catch(() => undefined);
    send({ type: "answer", id, ...(answer === undefined ? {} : { answer }) });
  };

  const askAll = (question: PeerQuestion): Promise<Answers> => {
    if (!process.connected) return Promise.resolve([]);
    const id = ++lastId;
    return new Promise((resolve) => {
      const limit = setTimeout(() => settle([]), LIMIT_MS);
      const settle = (answers: Answers): void => {
        clearTimeout(limit);
        asked.delete(id);
        resolve(answers);
      };
      asked.set(id, settle);
      send({ type: "ask", id, question });
    });
  };

  process.on("message", (message: ToWorker) => {
    if (message.type === "question") void give(message.id, message.question);
    else asked.get(message.id)?.(message.answers);
  });
  // Listening must not keep a process up that is done.
  process.channel?.unref();

  return {
    worker,
    ask: <Question extends PeerQuestion>(question: Question) => {
      const known = underWay.get(question);
      const answers = known ?? askAll(question).finally(() => underWay.delete(question));
      underWay.set(question, answers);
      return answers as Promise<readonly PeerAnswer<Question>[]>;
    },
    answer: (question, provide) => void giving.set(question, provide),
  };
}
