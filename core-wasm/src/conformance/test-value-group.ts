// What a group of values says: one field, and texts that it takes or refuses.
import type { RowErrorCode } from "../host/core-interface.ts";
import type { Field, FieldKind, Presence } from "../language/field.ts";

export interface ValueGroup {
  /** Name of the file and of its model. */
  readonly name: string;
  readonly field: Field<unknown, unknown, FieldKind, Presence>;
  /** What an error of the field says was expected. */
  readonly says: string;
  /** JSON text of the value, and what ClickHouse shows for it. "digits": a double cannot tell it, so JSON.parse cannot either. */
  readonly accepts: ReadonlyArray<readonly [sent: string, shown: unknown, why?: "digits"]>;
  readonly refuses: ReadonlyArray<readonly [sent: string, code: RowErrorCode, why?: "digits"]>;
}

export const group = (
  name: string,
  field: unknown,
  says: string,
  accepts: ValueGroup["accepts"],
  refuses: ValueGroup["refuses"],
): ValueGroup => ({ name, field: field as ValueGroup["field"], says, accepts, refuses });
