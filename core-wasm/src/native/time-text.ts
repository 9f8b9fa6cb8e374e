// Days and times as ClickHouse prints them, in the zone of the column.
import type { NativeBytes } from "./native-bytes.ts";

const DAY_MS = 86_400_000;
/** What Date can say, in seconds. */
const MAX_SECONDS = 8_640_000_000_000;

/** `YYYY-MM-DD`. */
export function dayText(from: NativeBytes, day: number): string {
  const time = day * DAY_MS;
  if (Math.abs(time) > MAX_SECONDS * 1000) throw from.error(`day ${day} since 1970 is outside of every calendar`);
  return new Date(time).toISOString().slice(0, -14);
}

/** `YYYY-MM-DD hh:mm:ss` with `precision` sub-second digits, of ticks of 10^-precision seconds. */
export function timeText(from: NativeBytes, ticks: bigint, precision: number, offsetAt: ZoneOffset): string {
  const scale = 10n ** BigInt(precision);
  const fraction = ((ticks % scale) + scale) % scale;
  const seconds = Number((ticks - fraction) / scale);
  if (Math.abs(seconds) > MAX_SECONDS - DAY_MS)
    throw from.error(`${seconds} s since 1970 are outside of every calendar`);
  const text = new Date((seconds + offsetAt(seconds)) * 1000).toISOString().slice(0, -5).replace("T", " ");
  return precision === 0 ? text : `${text}.${fraction.toString().padStart(precision, "0")}`;
}

/** Seconds that a zone is ahead of UTC at a time. */
export type ZoneOffset = (seconds: number) => number;

/** Zones change their offset at full quarters of an hour. */
const QUARTER = 900;
const MAX_CACHED = 100_000;

/** The zone's offsets by the data of the host; undefined when it does not know the zone. UTC when none is named. */
export function zoneOffset(zone: string | undefined): ZoneOffset | undefined {
  if (zone === undefined || zone === "UTC" || zone === "Etc/UTC") return () => 0;
  const format = zoneFormat(zone);
  if (format === undefined) return undefined;
  const cache = new Map<number, number>();
  return (seconds) => {
    const quarter = Math.floor(seconds / QUARTER);
    const known = cache.get(quarter);
    if (known !== undefined) return known;
    const at = quarter * QUARTER;
    const parts = Object.fromEntries(format.formatToParts(at * 1000).map(({ type, value }) => [type, Number(value)]));
    const { year, month, day, hour, minute, second } = parts as Record<string, number>;
    const offset = Date.UTC(year!, month! - 1, day, hour, minute, second) / 1000 - at;
    if (cache.size >= MAX_CACHED) cache.clear();
    cache.set(quarter, offset);
    return offset;
  };
}

function zoneFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  const numeric = "numeric" as const;
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    });
  } catch {
    return undefined;
  }
}
