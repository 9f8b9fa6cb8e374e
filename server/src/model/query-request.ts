// What is asked of an aggregation: columns, conditions, order, page.

/** The request of an aggregation query, already parsed from the URL or body. */
export interface QueryRequest {
  readonly dimensions?: readonly string[];
  readonly measures?: readonly string[];
  readonly filters?: readonly QueryFilter[];
  readonly grain?: Readonly<Record<string, string>> | string;
  readonly orderBy?: readonly { readonly column: string; readonly direction: "asc" | "desc" }[];
  readonly limit?: number;
  readonly offset?: number;
  readonly timezone?: string;
}

export type FilterOperator = "eq" | "neq" | "in" | "gt" | "gte" | "lt" | "lte" | "between" | "like";

export interface QueryFilter {
  readonly dimension: string;
  readonly op: FilterOperator;
  readonly value: unknown;
}
