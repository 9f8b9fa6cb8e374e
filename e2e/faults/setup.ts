// What a campaign needs of the system under faults, embedded or on Kafka. No code here.
import type { Urls } from "./urls.ts";

export interface Fault {
  readonly name: string;
  /** Strikes, and takes back what does not end by itself (a stopped process goes on). What died stays dead until `recover`. */
  strike(): Promise<void>;
}

export interface Setup {
  readonly urls: Urls;
  readonly faults: readonly Fault[];
  /** Starts what is not running. Resolves when the API answers. */
  recover(): Promise<void>;
  /** The command line of `moose audit` against this setup; resolves with its exit code and what it wrote. */
  audit(): Promise<{ code: number | null; output: string }>;
  /** Data and the logs of the processes. */
  readonly folder: string;
  /** Ends everything, by process id, and removes the folder, unless it is to be looked at. */
  dispose(keepFolder: boolean): Promise<void>;
}
