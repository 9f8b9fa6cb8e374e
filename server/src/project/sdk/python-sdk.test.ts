// What the generated Python says of types and names that need care; mypy and a server judge the rest in e2e/contract.
import { createCore, model, modelSpec, t } from "@moose/core";
import { expect, it } from "vitest";
import { pythonSdk } from "./python-sdk.ts";
import type { SdkModel } from "./sdk-source.ts";

const core = await createCore();

function moduleOf(...models: readonly Parameters<typeof modelSpec>[0][]): string {
  const compiled = models.map((one): SdkModel => {
    const { spec, schemaId, program } = core.load(modelSpec(one));
    return { spec, schemaId, program: Buffer.from(program).toString("base64") };
  });
  return pythonSdk({ models: compiled, aggregations: [] })[0]!.text;
}

it("writes names that Python keeps for itself as they go over the wire", () => {
  const text = moduleOf(model("Trip", { class: t.string(), from: t.string().optional() }));
  expect(text).toContain('_TripRequired = TypedDict(\n    "_TripRequired",\n    {\n        "class": str,\n    },\n)');
  expect(text).toContain('        "from": Optional[str],\n    },\n    total=False,\n)');
  expect(text).toContain("class Trip(_TripRequired, _TripOptional):");
});

it("gives objects a class of their own, before what holds them", () => {
  const legs = t.array(t.object({ miles: t.uint32() }));
  const text = moduleOf(model("Trip", { at: t.dateTime(), legs }));
  expect(text).toContain("    legs: List[Trip_legs]");
  expect(text.indexOf("class Trip_legs(")).toBeLessThan(text.indexOf("class _TripRequired("));
  expect(text).toContain("import datetime\nfrom typing");
});

it("tells constants of like names apart, and none from a class", () => {
  const fields = { key: t.string() };
  const text = moduleOf(model("FlightLeg", fields), model("Flight_Leg", fields), model("GATE", fields));
  expect(text).toContain("FLIGHT_LEG: Model[FlightLeg]");
  expect(text).toContain("FLIGHT_LEG_2: Model[Flight_Leg]");
  expect(text).toContain("GATE_2: Model[GATE]");
});
