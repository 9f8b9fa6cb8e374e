// Hot path: the header that holds an event's id, "<producer>;<sequence>": written and read without a string for each event.
import type { BatchEventIds } from "../../model/event-ids.ts";
import { varintBytes, writeVarint } from "./record-batch-layout.ts";
import { EVENT_ID_HEADER } from "./record-headers.ts";

const SEMICOLON = 0x3b;
const ZERO = 0x30;
const name = Buffer.from(EVENT_ID_HEADER);
const NAME_BYTES = varintBytes(name.length) + name.length;

const digitsOf = (sequence: number): number => {
  let digits = 1;
  for (let rest = sequence; rest >= 10; rest = Math.floor(rest / 10)) digits++;
  return digits;
};

/** Bytes of the header of one event. */
export function eventIdBytes(producer: string, sequence: number): number {
  const value = producer.length + 1 + digitsOf(sequence);
  return NAME_BYTES + varintBytes(value) + value;
}

/** Writes the header; returns where the next byte goes. A producer is plain ASCII (model/event-ids.ts). */
export function writeEventId(target: Buffer, from: number, producer: string, sequence: number): number {
  let at = writeVarint(target, from, name.length);
  target.set(name, at);
  at += name.length;
  const digits = digitsOf(sequence);
  at = writeVarint(target, at, producer.length + 1 + digits);
  for (let i = 0; i < producer.length; i++) target[at++] = producer.charCodeAt(i);
  target[at++] = SEMICOLON;
  for (let i = digits - 1, rest = sequence; i >= 0; i--, rest = Math.floor(rest / 10))
    target[at + i] = ZERO + (rest % 10);
  return at + digits;
}

/** Gathers the ids of the rows of one record batch, neighbours joined. */
export class EventIdReader {
  readonly #ids: { firstRow: number; producer: string; ranges: [number, number][] }[] = [];
  #producer = Buffer.alloc(0);
  #row = 0;

  /** `begin` to `end` is the header of the next row. */
  add(bytes: Buffer, begin: number, end: number): void {
    let at = begin + NAME_BYTES;
    while (bytes[at]! > 0x7f) at++;
    const producerFrom = at + 1;
    let digitsFrom = end;
    while (digitsFrom > producerFrom && bytes[digitsFrom - 1] !== SEMICOLON) digitsFrom--;
    let sequence = 0;
    for (let i = digitsFrom; i < end; i++) sequence = sequence * 10 + bytes[i]! - ZERO;
    this.#note(bytes, producerFrom, digitsFrom - 1, sequence);
    this.#row++;
  }

  get ids(): readonly BatchEventIds[] {
    return this.#ids;
  }

  #note(bytes: Buffer, producerFrom: number, producerTo: number, sequence: number): void {
    const last = this.#ids.at(-1);
    const same = this.#producer.compare(bytes, producerFrom, producerTo) === 0;
    if (last === undefined || !same) {
      this.#producer = Buffer.from(bytes.subarray(producerFrom, producerTo));
      this.#ids.push({
        firstRow: this.#row,
        producer: this.#producer.toString("latin1"),
        ranges: [[sequence, sequence]],
      });
      return;
    }
    const range = last.ranges.at(-1)!;
    if (sequence === range[1] + 1) range[1] = sequence;
    else if (sequence > range[1]) last.ranges.push([sequence, sequence]);
    // Ranges ascend: what comes from before begins a part of its own.
    else this.#ids.push({ firstRow: this.#row, producer: last.producer, ranges: [[sequence, sequence]] });
  }
}
