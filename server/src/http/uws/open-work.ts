// What a listener waits for when it closes: the requests under way, and the connections that may still bring one.

export interface EndLimits {
  /** The longest wait. */
  readonly limitMs: number;
  /**
   * How long a connection without a request may stay: a client that just sent one on it gets its answer, which tells it to close,
   * and no reset.
   */
  readonly lingerMs: number;
}

export class OpenWork {
  #requests = 0;
  #connections = 0;
  #changed: (() => void) | undefined;

  requestBegan(): void {
    this.#requests++;
  }

  requestEnded(): void {
    this.#requests--;
    this.#changed?.();
  }

  /** By 1 or -1. A connection that becomes a WebSocket counts no more. */
  connectionsChanged(by: number): void {
    this.#connections += by;
    this.#changed?.();
  }

  /** Resolves when all of it has ended, or at the limits. */
  ended({ limitMs, lingerMs }: EndLimits): Promise<void> {
    return new Promise((resolve) => {
      let lingering = lingerMs > 0;
      const finish = (): void => {
        clearTimeout(limit);
        clearTimeout(linger);
        this.#changed = undefined;
        resolve();
      };
      const look = (): void => {
        if (this.#requests === 0 && !(lingering && this.#connections > 0)) finish();
      };
      const limit = setTimeout(finish, limitMs);
      const linger = setTimeout(() => {
        lingering = false;
        look();
      }, lingerMs);
      this.#changed = look;
      look();
    });
  }
}
