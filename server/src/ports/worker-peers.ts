// What one worker of `moose serve --workers` asks the others, so that one answer speaks for all of them.
import type { MetricsSnapshot } from "../telemetry/metrics.ts";

export interface PeerAnswers {
  readonly metrics: MetricsSnapshot;
  readonly health: HealthReport;
}
export type PeerQuestion = keyof PeerAnswers;

/** Each check by name. */
export type HealthReport = Readonly<Record<string, CheckResult>>;

export interface CheckResult {
  readonly ok: boolean;
  readonly detail?: string;
}

export interface PeerAnswer<Question extends PeerQuestion> {
  readonly worker: number;
  /** Away: it is not running, so that no request reaches it. Silent: it runs and did not answer in time. */
  readonly state: "answered" | "away" | "silent";
  /** Of one that answered. */
  readonly answer?: PeerAnswers[Question];
}

export interface WorkerPeers {
  /** This worker's number. */
  readonly worker: number;
  /** Of every other worker, ascending; of none when nobody supervises them any more. Answers within seconds, and never rejects. */
  ask<Question extends PeerQuestion>(question: Question): Promise<readonly PeerAnswer<Question>[]>;
  /** Answers what others ask from now on. */
  answer<Question extends PeerQuestion>(question: Question, give: () => Promise<PeerAnswers[Question]>): void;
}
