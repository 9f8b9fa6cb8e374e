// Which coarser buckets can be built exactly from stored ones. Pure.
import type { DimensionSpec, Grain } from "@moose/core";

const coarser: Readonly<Record<Grain, readonly Grain[]>> = {
  second: ["second", "minute", "hour", "day", "week", "month", "quarter", "year"],
  minute: ["minute", "hour", "day", "week", "month", "quarter", "year"],
  hour: ["hour", "day", "week", "month", "quarter", "year"],
  day: ["day", "week", "month", "quarter", "year"],
  // A week can lie in two months, so nothing but weeks can be made of it.
  week: ["week"],
  month: ["month", "quarter", "year"],
  quarter: ["quarter", "year"],
  year: ["year"],
};

/** The stored grain itself and every grain that whole stored buckets add up to. */
export const coarserGrains = (stored: Grain): readonly Grain[] => coarser[stored] ?? [];

/**
 * Stored buckets begin in UTC: they cannot be regrouped for a timezone that begins its own in the middle of one.
 * Calls `refuse` when they would be.
 */
export function requireBucketsAlign(
  dimension: DimensionSpec,
  shown: Grain,
  timezone: string,
  refuse: (path: string, message: string) => never,
): void {
  const stored = dimension.grain!;
  if (stored === "second" || stored === "minute") return;
  if (stored !== "hour") {
    refuse(
      "/timezone",
      `${dimension.name} is stored by ${stored} in UTC and cannot be shown in ${timezone}. Leave out timezone, or store it by hour.`,
    );
  }
  if (shown !== "second" && offsetsMinutes(timezone).some((offset) => offset % 60 !== 0)) {
    refuse(
      "/timezone",
      `${dimension.name} is stored by hour, and ${timezone} is not whole hours away from UTC. Store it by minute to show it there.`,
    );
  }
}

/** The zone's distance from UTC in winter and summer, now and around the epoch. */
function offsetsMinutes(timezone: string): number[] {
  const format = new Intl.DateTimeFormat("en-US", { timeZone: timezone, timeZoneName: "longOffset" });
  const year = new Date().getUTCFullYear();
  return [1975, 2000, year]
    .flatMap((y) => [Date.UTC(y, 0, 15), Date.UTC(y, 6, 15)])
    .map((time) => {
      const name = format.formatToParts(time).find((part) => part.type === "timeZoneName")?.value ?? "GMT";
      const found = /GMT([+-])(\d+)(?::(\d+))?/.exec(name);
      return found ? Number(`${found[1]}1`) * (Number(found[2]) * 60 + Number(found[3] ?? 0)) : 0;
    });
}
