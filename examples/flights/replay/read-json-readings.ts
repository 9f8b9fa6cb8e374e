// Reads the 200,000 delays by time of day from a stream of JSON text, object by object.
import { createReadStream } from "node:fs";
import { dataFile } from "./data-file.ts";

export interface JsonReading {
  readonly hour: number;
  readonly timeOfDay: number;
  readonly delay: number;
  readonly distance: number;
}

export const readingsJson = (): string => dataFile("flights-200k.json");

/** Yields readings in the order of the file, up to `batchRows` at a time. The file is one array of flat objects. */
export async function* readJsonReadings(path: string, batchRows: number): AsyncGenerator<JsonReading[]> {
  let text = "";
  let readings: JsonReading[] = [];
  for await (const chunk of createReadStream(path, { encoding: "utf8", highWaterMark: 64 * 1024 })) {
    text += chunk as string;
    let at = 0;
    for (let end = text.indexOf("}", at); end !== -1; end = text.indexOf("}", at)) {
      readings.push(toReading(JSON.parse(text.slice(text.indexOf("{", at), end + 1))));
      at = end + 1;
      if (readings.length >= batchRows) {
        yield readings;
        readings = [];
      }
    }
    text = text.slice(at);
  }
  if (readings.length > 0) yield readings;
}

function toReading(row: { delay: number; distance: number; time: number }): JsonReading {
  return { hour: Math.floor(row.time), timeOfDay: row.time, delay: row.delay, distance: row.distance };
}
