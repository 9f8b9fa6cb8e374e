// Measurements of sensors that differ from each other as real ones do, and are the same in every run.

/** JSON text of about 99 bytes: with its new line an event takes 100. */
export function measurementText(index: number, at: Date): string {
  const seed = Math.imul(index + 1, 2654435761) >>> 0;
  return JSON.stringify({
    at: at.toISOString(),
    sensor: `sensor${String(seed % 1000).padStart(3, "0")}`,
    temperature: ((seed % 4000) * 10 + 10_001) / 1000,
    humidity: 10 + (seed % 90),
    ok: seed % 50 !== 0,
  });
}
