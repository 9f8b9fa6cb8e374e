// The path that reads one aggregation or API: its own parameters, body and columns.
import {
  componentName,
  type Draft,
  freeName,
  pathParameters,
  queryOperationId,
  resolve,
  schemaReference,
  segment,
  type Values,
  withResponse,
} from "./draft.ts";
import { exampleOf } from "./example-of.ts";
import { filterMembers, filterParameters } from "./filter-schemas.ts";
import type { ProjectAggregation, ProjectApi } from "./project.ts";

const QUERY_PATH = "/query/{name}";

export function addAggregationPath(draft: Draft, aggregation: ProjectAggregation): void {
  const { name, dimensions, measures } = aggregation;
  const columns = [...dimensions, ...measures].map((column) => column.name);
  const bodyName = freeName(draft.schemas, `${componentName(name)}Query`);
  draft.schemas[bodyName] = queryBody(draft, aggregation);
  const lines = [...dimensions, ...measures].map(
    (column) => `- \`${column.name}\`${column.description ? `: ${column.description}` : ""}`,
  );
  addPath(draft, {
    name,
    description: [aggregation.description ?? `An aggregation of ${aggregation.from}.`, "", ...lines].join("\n"),
    columns,
    parameters: (fixed) => ownParameters(draft, fixed, aggregation),
    body: { schema: schemaReference(bodyName), example: { measures: measures.map((measure) => measure.name) } },
  });
}

export function addApiPath(draft: Draft, api: ProjectApi): void {
  const declared = Object.entries(api.parameters);
  const after = (draft.document.components!.schemas!.QueryBody as Values).properties as Values;
  const bodyName = freeName(draft.schemas, `${componentName(api.name)}Query`);
  const required = declared.filter(([, parameter]) => parameter.required === true).map(([name]) => name);
  const schema = {
    type: "object",
    additionalProperties: false,
    ...(required.length === 0 ? {} : { required }),
    properties: {
      ...Object.fromEntries(declared.map(([name, parameter]) => [name, parameter.schema])),
      after: after.after,
    },
  };
  draft.schemas[bodyName] = schema;
  const example = exampleOf(schema);
  addPath(draft, {
    name: api.name,
    description: api.description ?? "A query of the project.",
    columns: api.columns,
    parameters: (fixed) => [
      ...declared.map(([name, parameter]) => ({
        name,
        in: "query",
        description: String(parameter.schema.description ?? `The parameter ${name}.`),
        ...(parameter.required === true ? { required: true } : {}),
        schema: parameter.schema,
      })),
      ...fixed.filter((parameter) => resolve(draft.document, parameter).name === "after"),
    ],
    body: { schema: schemaReference(bodyName), ...(example === undefined ? {} : { example }) },
  });
}

interface QueryPath {
  readonly name: string;
  readonly description: string;
  readonly columns: readonly string[] | undefined;
  /** Those of the fixed route to those of this one. */
  readonly parameters: (fixed: readonly Values[]) => readonly Values[];
  readonly body: Values;
}

function addPath(draft: Draft, { name, description, columns, parameters, body }: QueryPath): void {
  const fixed = draft.document.paths[QUERY_PATH]!;
  const operationId = queryOperationId(name);
  const operation = (from: Values, more: Values): Values =>
    withResponse({ ...from, summary: `Query ${name}.`, description, ...more }, "200", (response) =>
      withColumns(response, columns),
    );
  const get = fixed.get as Values;
  draft.paths[`/query/${segment(name)}`] = {
    parameters: pathParameters(draft, QUERY_PATH),
    get: operation(get, { operationId, parameters: parameters((get.parameters ?? []) as readonly Values[]) }),
    post: operation(fixed.post as Values, {
      operationId: `${operationId}ByBody`,
      requestBody: { required: true, content: { "application/json": body } },
    }),
  };
}

/** The fixed route's examples are of another query. */
function withColumns(response: Values, columns: readonly string[] | undefined): Values {
  const content = Object.fromEntries(
    Object.entries(response.content as Record<string, Values>).map(([type, { example: _other, ...media }]) => [
      type,
      media,
    ]),
  );
  const json = content["application/json"]!;
  if (columns !== undefined) {
    const named = { properties: { columns: { items: { properties: { name: { enum: columns } } } } } };
    content["application/json"] = { ...json, schema: { allOf: [json.schema, named] } };
  }
  return { ...response, content };
}

function ownParameters(draft: Draft, fixed: readonly Values[], aggregation: ProjectAggregation): readonly Values[] {
  const { dimensions, measures } = aggregation;
  const timed = dimensions.filter(({ grains }) => grains !== undefined);
  const listOf = (names: readonly string[]): Values => ({
    type: "array",
    items: { type: "string", enum: names },
    uniqueItems: true,
  });
  const own: Record<string, Values | undefined> = {
    dimensions: dimensions.length === 0 ? undefined : listOf(dimensions.map(({ name }) => name)),
    measures: measures.length === 0 ? undefined : listOf(measures.map(({ name }) => name)),
    orderBy: { type: "array", items: { type: "string", enum: orderNames(aggregation) }, maxItems: 100 },
    filters: filterParameters(dimensions),
    grain: timed.length === 0 ? undefined : { type: "string", enum: commonGrains(aggregation) },
    grains:
      timed.length === 0
        ? undefined
        : {
            type: "object",
            additionalProperties: false,
            properties: Object.fromEntries(
              timed.map(({ name, grains }) => [`grain.${name}`, { type: "string", enum: grains }]),
            ),
          },
  };
  return fixed.flatMap((parameter) => {
    const { example: _other, ...full } = resolve(draft.document, parameter);
    const name = full.name as string;
    if (!(name in own)) return [parameter];
    return own[name] === undefined ? [] : [{ ...full, schema: own[name] }];
  });
}

function queryBody(draft: Draft, aggregation: ProjectAggregation): Values {
  const { dimensions, measures, name } = aggregation;
  const fixed = draft.document.components!.schemas!.QueryBody as Values;
  const common = fixed.properties as Record<string, Values>;
  const timed = dimensions.filter(({ grains }) => grains !== undefined);
  const listOf = (names: readonly string[]): Values =>
    names.length === 0
      ? { type: "array", maxItems: 0 }
      : { type: "array", items: { type: "string", enum: names }, uniqueItems: true };
  const { grain: _fixed, ...rest } = common;
  return {
    ...fixed,
    description: `What is asked of ${name}.`,
    properties: {
      ...rest,
      dimensions: listOf(dimensions.map((dimension) => dimension.name)),
      measures: listOf(measures.map((measure) => measure.name)),
      filters: { type: "object", additionalProperties: false, properties: filterMembers(dimensions) },
      ...(timed.length === 0
        ? {}
        : {
            grain: {
              oneOf: [
                { type: "string", enum: commonGrains(aggregation) },
                {
                  type: "object",
                  additionalProperties: false,
                  properties: Object.fromEntries(
                    timed.map((dimension) => [dimension.name, { type: "string", enum: dimension.grains }]),
                  ),
                },
              ],
            },
          }),
      orderBy: { type: "array", items: { type: "string", enum: orderNames(aggregation) }, maxItems: 100 },
    },
  };
}

const orderNames = ({ dimensions, measures }: ProjectAggregation): readonly string[] => {
  const columns = [...dimensions, ...measures].map(({ name }) => name);
  return [...columns, ...columns.map((column) => `-${column}`)];
};

/** The grains that every time dimension can be shown in. */
const commonGrains = ({ dimensions }: ProjectAggregation): readonly string[] => {
  const [first = [], ...others] = dimensions.flatMap(({ grains }) => (grains === undefined ? [] : [grains]));
  return first.filter((grain) => others.every((grains) => grains.includes(grain)));
};
