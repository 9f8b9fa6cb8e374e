// What `<moose-provider>` gives to every element inside it.
import { createContext } from "@lit/context";

export interface ProviderValue {
  /** Origin of the Moose server. */
  readonly url: string;
  readonly token?: string | undefined;
  /** A BCP 47 tag. */
  readonly locale?: string | undefined;
  /** An IANA time zone. */
  readonly timeZone?: string | undefined;
}

export const providerContext = createContext<ProviderValue>(Symbol.for("moose.provider"));
