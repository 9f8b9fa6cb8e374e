// The models of the conformance set, as `models.json` holds them.
import { createCore, model, modelSpec, t } from "@moose/core";

export const Click = model("Click", {
  at: t.dateTime64(3).key(),
  page: t.string().max(20),
  count: t.int64().optional(),
});
export const Sale = model("Sale", { at: t.dateTime64(3).key(), cents: t.int32() }, { version: "2.1" });
export const conformanceModels = [Click, Sale] as const;

/** What the file holds. */
export async function modelsFile(): Promise<object> {
  const core = await createCore();
  const models = conformanceModels.map((each) => {
    const { spec, schemaId, program } = core.load(modelSpec(each));
    return { name: spec.name, version: spec.version, schemaId, program: Buffer.from(program).toString("base64"), spec };
  });
  return { models };
}
