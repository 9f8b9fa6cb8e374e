// Reads the query attributes of an element (`order-by`, `filter`, lists) into the parameters of a query.

/** What an element asks for, the same members as the body of `POST /query/{name}`. */
export interface ElementQueryParams {
  readonly dimensions: readonly string[];
  readonly measures: readonly string[];
  readonly filters?: Readonly<Record<string, unknown>>;
  readonly grain?: string;
  readonly orderBy?: readonly string[];
  readonly limit?: number;
  readonly timezone?: string;
}

export interface QueryAttributes {
  readonly dimensions: readonly string[];
  readonly measures: readonly string[];
  readonly filter?: string | undefined;
  readonly grain?: string | undefined;
  readonly orderBy?: string | undefined;
  readonly limit?: number | undefined;
  readonly timeZone?: string | undefined;
}

/** `"flights, delay"` → `["flights", "delay"]`. */
export function listOf(attribute: string | undefined): string[] {
  return (attribute ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** `{"origin":"SEA"}` as JSON, or the short form `origin=SEA,carrier=AA`. Throws a TypeError that names the attribute. */
export function filtersOf(attribute: string | undefined): Record<string, unknown> | undefined {
  const text = attribute?.trim();
  if (!text) return undefined;
  if (text.startsWith("{")) {
    try {
      return JSON.parse(text) as Record<string, unknown>;
    } catch (cause) {
      throw new TypeError(`The filter attribute is not valid JSON: ${text}. Write {"origin":"SEA"} or origin=SEA.`, {
        cause,
      });
    }
  }
  const filters: Record<string, unknown> = {};
  for (const part of listOf(text)) {
    const at = part.indexOf("=");
    if (at < 1) throw new TypeError(`The filter "${part}" has no "=". Write origin=SEA, or JSON for other operators.`);
    filters[part.slice(0, at).trim()] = part.slice(at + 1).trim();
  }
  return filters;
}

/** The parameters to send; members that are not set are left out, so that equal questions have equal JSON. */
export function queryParamsOf(attributes: QueryAttributes): ElementQueryParams {
  const filters = filtersOf(attributes.filter);
  const orderBy = listOf(attributes.orderBy);
  if (attributes.limit !== undefined && !(Number.isInteger(attributes.limit) && attributes.limit > 0)) {
    throw new TypeError(`The limit attribute must be a whole number above 0, but is ${attributes.limit}.`);
  }
  return {
    dimensions: attributes.dimensions,
    measures: attributes.measures,
    ...(filters && { filters }),
    ...(attributes.grain && { grain: attributes.grain }),
    ...(orderBy.length > 0 && { orderBy }),
    ...(attributes.limit !== undefined && { limit: attributes.limit }),
    ...(attributes.timeZone && { timezone: attributes.timeZone }),
  };
}
