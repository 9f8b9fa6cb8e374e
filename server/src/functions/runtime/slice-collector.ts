// Gathers what the events of a slice came to, in the order of the events however they ran.
import type { Emitted } from "../api/emit.ts";
import type { Attempted } from "./attempt.ts";
import type { SliceFailure, SliceOutput, SliceResult, StateChange } from "./slice.ts";

export class SliceCollector {
  readonly #outputs: SliceOutput[] = [];
  readonly #failures: SliceFailure[] = [];
  #retried = 0;
  #dropped = 0;

  readonly retried = (): void => {
    this.#retried++;
  };

  dropped(): void {
    this.#dropped++;
  }

  failed(failure: SliceFailure): void {
    this.#failures.push(failure);
  }

  take(event: number, result: Attempted<readonly Emitted[]>): void {
    if (result.ok) for (const { model, text } of result.value) this.#outputs.push([event, model, text]);
    else this.failed(result.failure);
  }

  result(changes: readonly StateChange[]): SliceResult {
    // Stable: outputs of one event, and of windows that it closed, stay as they came.
    this.#outputs.sort(([a], [b]) => a - b);
    this.#failures.sort((a, b) => a.event - b.event);
    return {
      outputs: this.#outputs,
      failures: this.#failures,
      retried: this.#retried,
      dropped: this.#dropped,
      changes,
    };
  }
}
