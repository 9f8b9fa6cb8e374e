// The live hub: speaks `moose.live.v1` with every socket, feeds stream subscribers from the log and query subscribers from commits.
import { randomUUID } from "node:crypto";
import { liveCloseCodes } from "@moose/openapi";
import { MooseError } from "../model/errors.ts";
import { parseQueryRequest } from "../model/parse-query-request.ts";
import { decodePosition, type Position } from "../model/position.ts";
import type { Catalog } from "../ports/catalog.ts";
import type { LiveHub } from "../ports/live-socket.ts";
import type { QueryRunner } from "../ports/query-runner.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { TableProgress } from "../ports/table-progress.ts";
import type { Log } from "../telemetry/log.ts";
import { Connection } from "./live-connection.ts";
import { defaultLiveLimits, type LiveClock, type LiveLimits, systemClock } from "./live-limits.ts";
import type { SubscribeMessage } from "./parse-client-message.ts";
import { QueryRegistry } from "./query-registry.ts";
import { QuerySubscription } from "./query-subscription.ts";
import { StreamFeed } from "./stream-feed.ts";
import { StreamSubscription } from "./stream-subscription.ts";
import type { Outlet, Subscription } from "./subscription.ts";

export interface LiveHubOptions {
  readonly catalog: Catalog;
  readonly stream: StreamLog;
  readonly queries: QueryRunner;
  readonly progress: TableProgress;
  readonly log: Log;
  readonly limits?: Partial<LiveLimits>;
  readonly clock?: LiveClock;
  /** Called after each round of evaluations. */
  readonly onRound?: (evaluated: number, elapsedMs: number) => void;
}

const sweepMs = 1_000;

export function createLiveHub(options: LiveHubOptions): LiveHub {
  const { catalog, stream, queries, progress, clock = systemClock } = options;
  const limits: LiveLimits = { ...defaultLiveLimits, ...options.limits };
  const log = options.log.child("live");
  const connections = new Set<Connection>();
  const feeds = new Map<string, StreamFeed>();
  const streamSubscriptions = new Map<StreamSubscription, string>();
  const registry = new QueryRegistry({
    catalog,
    queries,
    progress,
    limits,
    clock,
    log,
    ...(options.onRound ? { onRound: options.onRound } : {}),
  });
  let closed = false;

  const unlisten = [
    stream.onAppend((batch) => feeds.get(batch.stream)?.append(batch)),
    progress.onCommit((commit) => registry.committed(commit.table)),
    catalog.onChange(() => {
      registry.catalogChanged();
      for (const [subscription, model] of [...streamSubscriptions]) follow(subscription, model);
    }),
  ];

  let cancelSweep = clock.after(sweepMs, sweep);
  function sweep(): void {
    for (const connection of [...connections]) connection.sweep();
    if (!closed) cancelSweep = clock.after(sweepMs, sweep);
  }

  function feedOf(model: string): StreamFeed {
    const found = catalog.model(model);
    if (!found) {
      const known =
        [...catalog.state.models]
          .flatMap(([name, { system }]) => (system ? [] : [name]))
          .slice(0, 50)
          .join(", ") || "none yet";
      throw new MooseError(
        "unknown_stream",
        `There is no model ${JSON.stringify(model.slice(0, 100))}. There are ${known}.`,
      );
    }
    let feed = feeds.get(found.stream);
    if (!feed) {
      feed = new StreamFeed(found.stream, stream, limits.eventsBytes);
      feeds.set(found.stream, feed);
    }
    return feed;
  }

  function follow(subscription: StreamSubscription, model: string): void {
    try {
      const feed = feedOf(model);
      if (!subscription.isOn(feed)) subscription.moveTo(feed);
    } catch (error) {
      subscription.fail(error);
    }
  }

  function subscribeStream(
    id: string,
    model: string,
    after: Position | undefined,
    outlet: Outlet,
    onEnd: () => void,
  ): Subscription {
    const feed = feedOf(model);
    const subscription = new StreamSubscription(
      id,
      after === undefined ? undefined : (after.get(feed.stream) ?? null),
      feed,
      {
        log: stream,
        outlet,
        limits,
        onEnd,
        onClose: () => streamSubscriptions.delete(subscription),
      },
    );
    streamSubscriptions.set(subscription, model);
    return subscription;
  }

  function subscribeQuery(message: SubscribeMessage, name: string, outlet: Outlet, onEnd: () => void): Subscription {
    const query = registry.acquire(name, parseQueryRequest(message.params));
    const subscription = new QuerySubscription(message, query, outlet, clock, {
      end: onEnd,
      leave: (left) => registry.release(left),
    });
    registry.attend(query);
    return subscription;
  }

  const host = {
    subscribe(message: SubscribeMessage, outlet: Outlet, onEnd: () => void): Subscription {
      const after = message.after === undefined ? undefined : decodePosition(message.after);
      if (message.after !== undefined && after === undefined) {
        throw new MooseError(
          "invalid_parameter",
          "`after` is not a position that this server gave. Leave it out to begin anew.",
        );
      }
      if (message.stream !== undefined) return subscribeStream(message.id, message.stream, after, outlet, onEnd);
      return subscribeQuery(message, message.query ?? "", outlet, onEnd);
    },
    forget(connection: Connection): void {
      connections.delete(connection);
    },
  };

  return {
    maxMessageBytes: limits.messageBytes,
    connect(socket) {
      const connection = new Connection(socket, host, limits, clock, randomUUID());
      if (closed) connection.end(liveCloseCodes.shuttingDown, "the server is stopping");
      else connections.add(connection);
      return connection;
    },
    subscriptionCount() {
      let count = 0;
      for (const connection of connections) count += connection.subscriptions.size;
      return count;
    },
    async close() {
      if (closed) return;
      closed = true;
      cancelSweep();
      for (const stop of unlisten) stop();
      for (const connection of [...connections]) connection.end(liveCloseCodes.shuttingDown, "the server is stopping");
      await registry.close();
    },
  };
}
