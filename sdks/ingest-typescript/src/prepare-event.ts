// What happens to an event before it is checked: sampling, the context's fields, the app's own `beforeSend`.
import { IngestError } from "./errors.ts";

export interface SamplingRule {
  /** Share of the events that are sent, above 0 and up to 1. */
  readonly rate: number;
  /** Field of the model that gets the rate, so that counts can be scaled: a float, `count / rate` is the estimate. */
  readonly field: string;
}

export type EventContext = Readonly<Record<string, unknown>>;

/** Returns the event to send, which may be another one, or null for none. */
export type BeforeSend = (event: Record<string, unknown>, of: { readonly model: string }) => object | null;

export interface PrepareConfig {
  readonly context: EventContext | (() => EventContext) | undefined;
  readonly sampling: Readonly<Record<string, SamplingRule>>;
  readonly beforeSend: BeforeSend | undefined;
  /** In [0, 1). */
  readonly random: () => number;
}

export interface PrepareCounts {
  sampledOut: number;
  dropped: number;
}

/** What `prepare` does for one model. Undefined: the event is not sent, and was counted. */
export type PrepareEvent = (event: object) => object | undefined;

/** Fields of the context that the model does not declare are left out; those of the event win. Throws IngestError `invalid_option`. */
export function prepareFor(
  model: string,
  fields: ReadonlySet<string> | undefined,
  config: PrepareConfig,
  counts: PrepareCounts,
): PrepareEvent {
  const { context, beforeSend, random } = config;
  const rule = config.sampling[model];
  if (rule && !(rule.rate > 0 && rule.rate <= 1 && (fields?.has(rule.field) ?? true))) {
    const message = `sampling of ${model}: a rate above 0 and up to 1, and a field of the model that records it, not ${rule.rate} and "${rule.field}".`;
    throw new IngestError("invalid_option", message);
  }
  const known = (values: EventContext): EventContext =>
    fields ? Object.fromEntries(Object.entries(values).filter(([name]) => fields.has(name))) : values;
  const fixed = typeof context === "function" ? undefined : context && known(context);
  if (!rule && !context && !beforeSend) return (event) => event;
  return (event) => {
    if (rule && random() >= rule.rate) {
      counts.sampledOut++;
      return undefined;
    }
    const added = typeof context === "function" ? known(context()) : fixed;
    const whole = { ...added, ...event, ...(rule && { [rule.field]: rule.rate }) };
    const sent = beforeSend ? beforeSend(whole, { model }) : whole;
    if (sent === null) counts.dropped++;
    return sent ?? undefined;
  };
}
