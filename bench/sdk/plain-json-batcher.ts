// What the SDK is compared with: batching of plain JSON as analytics libraries do it. No validation, no ids, no queue that lasts.

const MAX_UNDER_WAY = 4;
const TRIES = 3;

export class PlainJsonBatcher {
  readonly #url: string;
  readonly #flushAt: number;
  #events: object[] = [];
  readonly #underWay = new Set<Promise<void>>();

  constructor(url: string, flushAt: number) {
    this.#url = url;
    this.#flushAt = flushAt;
  }

  /** Undefined, or what to wait for when too much is under way. */
  capture(event: object): Promise<void> | undefined {
    this.#events.push(event);
    if (this.#events.length < this.#flushAt) return undefined;
    this.#post();
    return this.#underWay.size < MAX_UNDER_WAY ? undefined : Promise.race(this.#underWay);
  }

  async close(): Promise<void> {
    if (this.#events.length > 0) this.#post();
    await Promise.all(this.#underWay);
  }

  #post(): void {
    const body = JSON.stringify(this.#events);
    this.#events = [];
    const done = this.#send(body, TRIES).finally(() => this.#underWay.delete(done));
    this.#underWay.add(done);
  }

  async #send(body: string, tries: number): Promise<void> {
    let response: Response;
    try {
      response = await fetch(this.#url, { method: "POST", headers: { "content-type": "application/json" }, body });
    } catch (error) {
      // A kept connection that the server has closed meanwhile.
      if (tries === 1) throw error;
      return this.#send(body, tries - 1);
    }
    const reply = await response.text();
    if (response.status !== 200) throw new Error(`HTTP ${response.status}: ${reply.slice(0, 200)}`);
  }
}
