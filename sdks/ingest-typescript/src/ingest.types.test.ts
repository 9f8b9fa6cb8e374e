// What must not compile. tsc checks the expectations; nothing here runs against a server.
import { model, t } from "@moose/core";
import { describe, expect, expectTypeOf, it } from "vitest";
import { createIngest } from "./create-ingest.ts";
import type { Ingest } from "./ingest.ts";
import type { CompiledModel, EventOf, ModelRef } from "./model-types.ts";

const Click = model("Click", { at: t.dateTime64(3).key(), page: t.string(), count: t.int64().optional() });
const Sale = model("Sale", {
  at: t.dateTime64(3).key(),
  cents: t.int32(),
  currency: t.enum(["EUR", "USD"]).default("EUR"),
});
const Other = model("Other", { at: t.dateTime64(3).key() });
type Models = readonly [typeof Click, typeof Sale];

it("takes a model or its name", () => {
  expectTypeOf<ModelRef<Models>>().toEqualTypeOf<typeof Click | typeof Sale | "Click" | "Sale">();
});

it("infers the event from either", () => {
  interface SentClick {
    readonly at: Date | string;
    readonly page: string;
    readonly count?: bigint | number | string | null | undefined;
  }
  expectTypeOf<EventOf<Models, typeof Click>>().toEqualTypeOf<SentClick>();
  expectTypeOf<EventOf<Models, "Click">>().toEqualTypeOf<SentClick>();
});

it("knows the models of a client from its options", () => {
  const create = () => createIngest({ url: "http://localhost:4000", models: [Click, Sale] });
  expectTypeOf(create).returns.toEqualTypeOf<Ingest<Models>>();
});

it("refuses what does not fit", () => {
  const wrong = (ingest: Ingest<Models>) => {
    const at = new Date();
    // @ts-expect-error a field is missing
    void ingest.send(Click, { at });
    // @ts-expect-error a field has the wrong type
    void ingest.send(Click, { at, page: 1 });
    // @ts-expect-error an unknown field
    void ingest.send(Click, { at, page: "/", pge: "/" });
    // @ts-expect-error the event of another model
    void ingest.send("Sale", { at, page: "/" });
    // @ts-expect-error not one of the enum's names
    void ingest.sendMany("Sale", [{ at, cents: 1, currency: "GBP" }]);
    // @ts-expect-error a name that is no model of the client
    void ingest.send("Clik", { at, page: "/" });
    // @ts-expect-error a model that the client was not created with
    void ingest.send(Other, { at });
    // @ts-expect-error one event is not many
    void ingest.sendMany(Click, { at, page: "/" });
    // These do fit.
    void ingest.send(Click, { at: "2026-01-01T00:00:00Z", page: "/", count: 1n });
    void ingest.sendMany("Sale", [
      { at, cents: 1 },
      { at, cents: 2, currency: "USD" },
    ]);
  };
  expect(wrong).toBeTypeOf("function");
});

describe("models that were compiled before", () => {
  interface OrderEvent {
    readonly at: Date | string;
    readonly cents: number;
  }
  type Order = CompiledModel<OrderEvent, "Order">;
  type Mixed = readonly [typeof Click, Order];

  it("give their events and names to the client", () => {
    expectTypeOf<EventOf<Mixed, Order>>().toEqualTypeOf<OrderEvent>();
    expectTypeOf<EventOf<Mixed, "Order">>().toEqualTypeOf<OrderEvent>();
    expectTypeOf<ModelRef<Mixed>>().toEqualTypeOf<typeof Click | Order | "Click" | "Order">();
    const wrong = (ingest: Ingest<Mixed>, order: Order) => {
      const at = new Date();
      // @ts-expect-error a field is missing
      void ingest.send(order, { at });
      // @ts-expect-error a field has the wrong type
      void ingest.send("Order", { at, cents: "1" });
      // @ts-expect-error an unknown field
      void ingest.send("Order", { at, cents: 1, tip: 1 });
      // @ts-expect-error the event of another model
      void ingest.send("Click", { at, cents: 1 });
      void ingest.send(order, { at, cents: 1 });
      void ingest.send("Click", { at, page: "/" });
    };
    expect(wrong).toBeTypeOf("function");
  });
});

it("lets events leave out what the context adds, and nothing else", () => {
  const create = () => createIngest({ url: "http://localhost:4000", models: [Click, Sale], context: { page: "/" } });
  const wrong = (ingest: ReturnType<typeof create>) => {
    const at = new Date();
    void ingest.send(Click, { at });
    void ingest.send(Click, { at, page: "/own" });
    void ingest.send("Sale", { at, cents: 1 });
    // @ts-expect-error the context does not have it
    void ingest.send(Click, { page: "/" });
    // @ts-expect-error the wrong type, although it may be left out
    void ingest.send(Click, { at, page: 1 });
    // @ts-expect-error the context adds nothing to this model
    void ingest.send("Sale", { at });
  };
  expect(wrong).toBeTypeOf("function");
});
