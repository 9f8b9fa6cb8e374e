// What a worker and its supervisor say to each other over the channel of the process. No code here.
import type { PeerAnswer, PeerAnswers, PeerQuestion } from "../ports/worker-peers.ts";

/** `id` is the asking worker's own number of its question. */
export type ToSupervisor =
  | { readonly type: "ready" }
  | { readonly type: "ask"; readonly id: number; readonly question: PeerQuestion }
  | { readonly type: "answer"; readonly id: number; readonly answer?: PeerAnswers[PeerQuestion] };

/** `id` of a question is the supervisor's, of answers the asking worker's. */
export type ToWorker =
  | { readonly type: "question"; readonly id: number; readonly question: PeerQuestion }
  | { readonly type: "answers"; readonly id: number; readonly answers: readonly PeerAnswer<PeerQuestion>[] };
