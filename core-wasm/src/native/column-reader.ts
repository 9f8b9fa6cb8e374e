// What reads one column of a block. No code here.
import type { NativeBytes } from "./native-bytes.ts";

export interface ColumnReader {
  /** Reads what stands before the column's values: versions of its serialization. Called once a block that has rows. */
  prefix?(from: NativeBytes): void;
  /** Reads `rows` values. Throws NativeError; allocates no more than the bytes allow. What stands where `nulls` has a 1 says nothing. */
  values(from: NativeBytes, rows: number, nulls?: Uint8Array): unknown[];
}
