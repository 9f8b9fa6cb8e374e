// Commits rows and a group's progress together, as transactions of Kafka: each partition that a group reads has a transactional id of its own.
import { setTimeout as delay } from "node:timers/promises";
import { MooseError } from "../../model/errors.ts";
import type { AppendResult, GroupProgress, ProgressCommit } from "../../ports/stream-log.ts";
import { CommitLayout } from "./commit-layout.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import { isRefusal, toMooseError } from "./kafka-errors.ts";
import type { Place, StreamPlaces } from "./stream-places.ts";
import { type TransactionSession, Transactions } from "./transactions.ts";

export interface TransactionalCommitsOptions {
  /** Transactions have one of their own: a broker answers one request of a connection at a time. */
  openConnection(): Promise<KafkaConnection>;
  readonly places: StreamPlaces;
  /** Throws MooseError `fenced` when this process does not hold the partition in the group. */
  mustHold(group: string, place: Place): void;
  idOf(group: string): string;
  readonly signal: AbortSignal;
}

const COMMIT_TIMEOUT_MS = 15_000;
const BEGIN_TIMEOUT_MS = 10_000;
const RETRY_DELAY_MS = 50;
/** Requests have limits of their own; a connection that does not keep them is given up. */
const ATTEMPT_LIMIT_MS = 20_000;

/** The end of a transaction was asked for, and no answer came. */
interface Doubt {
  readonly token: string;
  readonly appends: ProgressCommit["appends"];
  readonly results: readonly (readonly AppendResult[])[];
}

interface Held {
  readonly group: string;
  readonly place: Place;
  /** In which the session was begun first. */
  assignment?: number;
  /** Absent: a new one has to be begun, which ends whatever this process or another has under way for the partition. */
  session?: TransactionSession | undefined;
  /** What the progress was when this process knew it last: nobody else may have changed it since. */
  known?: { readonly committed: number; readonly token: string } | undefined;
  doubt?: Doubt | undefined;
  last: Promise<unknown>;
}

/**
 *   begin:   InitProducerId (a later epoch: whoever held the partition before cannot commit any more) ─▶ read the progress, stable
 *   commit:  add partitions ─▶ rows, and the offset with its metadata ─▶ end
 *
 * Whatever fails, the next attempt begins anew: the transaction under way is ended by that, and the progress, which holds a token
 * of the commit that made it, says whether it was committed.
 */
export class TransactionalCommits {
  readonly #options: TransactionalCommitsOptions;
  readonly #held = new Map<string, Held>();
  #transactions: Promise<Transactions> | undefined;

  constructor(options: TransactionalCommitsOptions) {
    this.#options = options;
  }

  /**
   * Where the group stands. The first time in an assignment, whoever held the partition before is fenced. Rejects with MooseError
   * `log_unavailable`.
   */
  progress(group: string, place: Place, assignment: number): Promise<GroupProgress> {
    const held = this.#of(group, place);
    return inTurn(held, async () => {
      const deadline = performance.now() + BEGIN_TIMEOUT_MS;
      for (;;) {
        try {
          if (held.assignment === assignment) return await this.#limited(() => this.#look(held));
          held.doubt = undefined;
          const { found } = await this.#limited(() => this.#begin(held));
          held.known = found;
          held.assignment = assignment;
          return found.progress;
        } catch (error) {
          await this.#failed(held, error, deadline, `say where group "${group}" stands`);
        }
      }
    });
  }

  /** As `StreamLog.commit` says. */
  commit(group: string, place: Place, commit: ProgressCommit): Promise<readonly (readonly AppendResult[])[]> {
    const held = this.#of(group, place);
    const { assignment } = held;
    return inTurn(held, () => {
      // Who works for an assignment that is over must not commit in the next.
      if (held.assignment !== assignment) throw fenced(held);
      return this.#commit(held, commit);
    });
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#held.values()].map(({ last }) => last));
    const transactions = await this.#transactions?.catch(() => undefined);
    await transactions?.close();
  }

  async #commit(held: Held, commit: ProgressCommit): Promise<readonly (readonly AppendResult[])[]> {
    const { group, place } = held;
    const layout = new CommitLayout(commit.appends, this.#options.places);
    const deadline = performance.now() + COMMIT_TIMEOUT_MS;
    for (;;) {
      this.#options.mustHold(group, place);
      try {
        if (held.session === undefined) {
          const settled = await this.#limited(() => this.#settle(held, commit));
          if (settled !== undefined) return settled;
        }
        return await this.#limited(() => this.#transact(held, commit, layout));
      } catch (error) {
        await this.#failed(held, error, deadline, `store what group "${group}" made of "${place.stream}"`);
      }
    }
  }

  /** Begins anew, and says what became of a transaction in doubt: its results when it was this commit's, and was committed. */
  async #settle(held: Held, { appends }: ProgressCommit): Promise<readonly (readonly AppendResult[])[] | undefined> {
    const { known, doubt } = held;
    const { found } = await this.#begin(held);
    held.doubt = undefined;
    const inDoubt = doubt !== undefined && found.token === doubt.token;
    held.known = found;
    if (inDoubt && doubt.appends === appends) return doubt.results;
    const changed = known !== undefined && (known.token !== found.token || known.committed !== found.committed);
    if (inDoubt || changed) throw fenced(held);
    return undefined;
  }

  async #transact(
    held: Held,
    { progress, appends }: ProgressCommit,
    layout: CommitLayout,
  ): Promise<readonly (readonly AppendResult[])[]> {
    const transactions = await this.#open();
    const session = held.session!;
    const token = session.nextToken();
    const results = layout.results(await transactions.fill(session, { layout, progress, token }));
    mustBeCurrent(held, session);
    held.doubt = { token, appends, results };
    await transactions.end(session);
    mustBeCurrent(held, session);
    held.doubt = undefined;
    held.known = { committed: progress.committed, token };
    return results;
  }

  /** Changes nothing: what is in doubt stays so. */
  async #look({ group, place }: Held): Promise<GroupProgress> {
    const transactions = await this.#open();
    return (await transactions.stableProgress(this.#options.idOf(group), place)).progress;
  }

  async #begin(held: Held): Promise<TransactionSession> {
    const { group, place } = held;
    const transactions = await this.#open();
    const groupId = this.#options.idOf(group);
    const session = await transactions.begin(`${groupId}/${place.stream}/${place.partition}`, groupId, place);
    held.session = session;
    return session;
  }

  /** Returns when it is to be tried again. */
  async #failed(held: Held, error: unknown, deadline: number, doing: string): Promise<void> {
    held.session = undefined;
    const { signal } = this.#options;
    if (error instanceof MooseError || isRefusal(error) || performance.now() > deadline || signal.aborted)
      throw toMooseError(error, doing);
    await this.#limited(async () => (await this.#open()).lookAgain()).catch(() => undefined);
    await delay(RETRY_DELAY_MS, undefined, { signal }).catch(() => undefined);
  }

  /** Rejects when the limit is over; then the connection is given up, and a new one opened by the next attempt. */
  async #limited<T>(attempt: () => Promise<T>): Promise<T> {
    const ended = new AbortController();
    const late = delay(ATTEMPT_LIMIT_MS, undefined, { signal: ended.signal }).then(() => {
      const hung = this.#transactions;
      this.#transactions = undefined;
      void hung?.then(
        (transactions) => transactions.close(),
        () => undefined,
      );
      throw new Error(`no answer within ${ATTEMPT_LIMIT_MS} ms`);
    });
    try {
      return await Promise.race([attempt(), late]);
    } finally {
      ended.abort();
    }
  }

  #open(): Promise<Transactions> {
    this.#transactions ??= this.#options.openConnection().then(
      (connection) => new Transactions(connection),
      (error: unknown) => {
        this.#transactions = undefined;
        throw error;
      },
    );
    return this.#transactions;
  }

  #of(group: string, place: Place): Held {
    const key = `${group}\0${place.stream}\0${place.partition}`;
    let held = this.#held.get(key);
    if (held === undefined) {
      held = { group, place, last: Promise.resolve() };
      this.#held.set(key, held);
    }
    return held;
  }
}

/** An attempt that goes on after its limit changes nothing any more. */
function mustBeCurrent(held: Held, session: TransactionSession): void {
  if (held.session !== session) throw new Error("the transaction was begun anew meanwhile");
}

const fenced = ({ group, place }: Held): MooseError =>
  new MooseError(
    "fenced",
    `Group "${group}" has come further in partition ${place.partition} of "${place.stream}" than this process knew.`,
  );

/** One after the other: a transactional id has one transaction at a time. */
function inTurn<T>(held: Held, work: () => T | Promise<T>): Promise<T> {
  const done = held.last.then(work);
  held.last = done.catch(() => undefined);
  return done;
}
