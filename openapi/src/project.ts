// What the generator is told of a project. No code here.
import type { JsonSchema } from "./open-api-document.ts";

export interface ProjectModel {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  /** Of one event. */
  readonly schema: JsonSchema;
}

export interface ProjectDimension {
  readonly name: string;
  readonly description?: string;
  /** Of a value that it is compared with in a filter. */
  readonly schema: JsonSchema;
  /** Filter operators that it takes; empty when it cannot be filtered. */
  readonly operators: readonly string[];
  /** Of a time dimension: the bucket that is stored, and those that it can be shown in. */
  readonly grains?: readonly string[];
}

export interface ProjectMeasure {
  readonly name: string;
  readonly description?: string;
}

export interface ProjectAggregation {
  readonly name: string;
  readonly description?: string;
  /** Name of the model it reads. */
  readonly from: string;
  readonly dimensions: readonly ProjectDimension[];
  readonly measures: readonly ProjectMeasure[];
}

/** A consumption API: a query of the project's own with declared parameters. */
export interface ProjectApi {
  readonly name: string;
  readonly description?: string;
  /** Each parameter by name. */
  readonly parameters: Readonly<Record<string, { readonly schema: JsonSchema; readonly required?: boolean }>>;
  /** Names of the result's columns; absent when they are not declared. */
  readonly columns?: readonly string[];
}

export interface Project {
  readonly models: readonly ProjectModel[];
  readonly aggregations: readonly ProjectAggregation[];
  readonly apis?: readonly ProjectApi[];
}
