// The other clients of a shared queue: one of them sends (Web Locks elect it), and all tell each other what they did (BroadcastChannel).

/** `stored`: there is more in the queue. `settled`: these have left it. `hurry`: somebody waits. */
export type PeerMessage =
  | { readonly type: "stored" | "hurry" | "cleared" }
  | { readonly type: "settled"; readonly keys: readonly number[] };

export interface QueuePeers {
  /** Nothing once it has left. */
  tell(message: PeerMessage): void;
  /** Ends the campaign, or the office. */
  leave(): void;
}

export interface PeerHandlers {
  /** This client is the one that sends, until it leaves. Called once at most. */
  readonly onElected: () => void;
  readonly onMessage: (message: PeerMessage) => void;
}

export type JoinPeers = (queueName: string, handlers: PeerHandlers) => QueuePeers;

/** The part of the Web Locks API that is used. */
interface LockManager {
  request(name: string, options: { signal: AbortSignal }, granted: () => Promise<void>): Promise<void>;
}

interface Channel {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  postMessage(message: PeerMessage): void;
  close(): void;
}

/** A message is a hint: whoever missed it finds the same in the queue. Where there are no Web Locks every client sends, and the server tells by the ids what it has. */
export const joinPeers: JoinPeers = (queueName, { onElected, onMessage }) => {
  const name = `moose-ingest ${queueName}`;
  const { navigator, BroadcastChannel } = globalThis as unknown as {
    readonly navigator?: { readonly locks?: LockManager };
    readonly BroadcastChannel?: new (name: string) => Channel;
  };
  const channel = BroadcastChannel && new BroadcastChannel(name);
  if (channel) channel.onmessage = ({ data }) => onMessage(data as PeerMessage);
  const campaign = new AbortController();
  let resign = (): void => campaign.abort();
  const office = new Promise<void>((resolve) => {
    resign = () => {
      resolve();
      campaign.abort();
    };
  });
  const locks = navigator?.locks;
  if (locks) {
    const granted = (): Promise<void> => {
      if (!campaign.signal.aborted) onElected();
      return office;
    };
    // Rejects when the campaign is ended before the office was held.
    locks.request(name, { signal: campaign.signal }, granted).catch(() => {});
  } else {
    onElected();
  }
  return {
    tell(message) {
      if (!campaign.signal.aborted) channel?.postMessage(message);
    },
    leave() {
      resign();
      channel?.close();
    },
  };
};

/** Of a queue that is one client's alone. */
export const alone: JoinPeers = (_queueName, { onElected }) => {
  onElected();
  return { tell() {}, leave() {} };
};
