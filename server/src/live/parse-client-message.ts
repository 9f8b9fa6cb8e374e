// Reads one text frame from a client into a message of the protocol, or says what is wrong with it.
import { MooseError } from "../model/errors.ts";

export interface SubscribeMessage {
  readonly type: "subscribe";
  readonly id: string;
  readonly query?: string;
  readonly stream?: string;
  readonly params: unknown;
  readonly after?: string;
  readonly throttleMs: number;
}

export type ClientMessage =
  | { readonly type: "hello"; readonly token?: string }
  | SubscribeMessage
  | { readonly type: "unsubscribe"; readonly id: string }
  | { readonly type: "ping" }
  | { readonly type: "pong" };

const maxIdLength = 100;

/** Throws MooseError `invalid_message`; `extra.id` names the subscription when the frame got that far. */
export function parseClientMessage(text: string, maxThrottleMs: number): ClientMessage {
  let message: Record<string, unknown>;
  try {
    message = JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    throw new MooseError("invalid_message", "The message is not JSON. Send one JSON object in each text frame.", {
      cause,
    });
  }
  if (typeof message !== "object" || message === null || Array.isArray(message)) {
    throw new MooseError(
      "invalid_message",
      "The message is not a JSON object. Send one JSON object in each text frame.",
    );
  }
  switch (message.type) {
    case "ping":
    case "pong":
      return { type: message.type };
    case "hello":
      return typeof message.token === "string" ? { type: "hello", token: message.token } : { type: "hello" };
    case "unsubscribe":
      return { type: "unsubscribe", id: idOf(message) };
    case "subscribe":
      return subscribe(message, maxThrottleMs);
    default:
      throw new MooseError(
        "invalid_message",
        `The message type ${JSON.stringify(message.type) ?? "is missing and"} is not known. Use hello, subscribe, unsubscribe, ping or pong.`.slice(
          0,
          300,
        ),
      );
  }
}

function idOf(message: Record<string, unknown>): string {
  const { id } = message;
  if (typeof id !== "string" || id === "" || id.length > maxIdLength) {
    throw new MooseError(
      "invalid_message",
      `A ${String(message.type)} needs an id: a string of 1 to ${maxIdLength} characters.`,
    );
  }
  return id;
}

function subscribe(message: Record<string, unknown>, maxThrottleMs: number): SubscribeMessage {
  const id = idOf(message);
  const refuse = (reason: string): never => {
    throw new MooseError("invalid_message", reason, { extra: { id } });
  };
  const { query, stream, after, throttleMs } = message;
  if ((typeof query === "string") === (typeof stream === "string"))
    refuse("A subscribe names either a query or a stream.");
  if (after !== undefined && typeof after !== "string") refuse("`after` must be a position that this server gave.");
  if (throttleMs !== undefined && !(typeof throttleMs === "number" && throttleMs >= 0 && throttleMs <= maxThrottleMs)) {
    refuse(`throttleMs must be a number from 0 to ${maxThrottleMs}.`);
  }
  return {
    type: "subscribe",
    id,
    ...(typeof query === "string" ? { query } : {}),
    ...(typeof stream === "string" ? { stream } : {}),
    params: message.params,
    ...(typeof after === "string" ? { after } : {}),
    throttleMs: typeof throttleMs === "number" ? throttleMs : 0,
  };
}
