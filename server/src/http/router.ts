// Finds the route of a request by exact path segments; knows which methods a path has. Hot path: results are remembered by path.
import { MooseError } from "../model/errors.ts";
import type { Route } from "./http-types.ts";

export interface RouteMatch {
  readonly route: Route;
  /** Decoded, in the order of the template. */
  readonly parameters: readonly string[];
}

interface Candidate {
  readonly route: Route;
  readonly segments: readonly string[];
}

const MAX_REMEMBERED = 1024;

export class Router {
  readonly #candidates: readonly Candidate[];
  readonly #remembered = new Map<string, readonly RouteMatch[]>();

  constructor(routes: readonly Route[]) {
    this.#candidates = routes.map((route) => ({ route, segments: route.path.split("/").slice(1) }));
  }

  /** Undefined when no route has this path. HEAD takes the GET route. Throws `method_not_allowed`, or `invalid_parameter` for a broken escape. */
  find(method: string, path: string): RouteMatch | undefined {
    const matches = this.#matches(path);
    if (matches.length === 0) return undefined;
    const wanted = method === "HEAD" ? "GET" : method;
    for (const match of matches) if (match.route.method === wanted) return match;
    const allow = allowedMethods(matches);
    throw new MooseError("method_not_allowed", `${method} is not a method of ${path}. Use ${allow.join(" or ")}.`, {
      extra: { allow },
    });
  }

  /** For OPTIONS; empty when no route has this path. */
  methods(path: string): readonly string[] {
    return allowedMethods(this.#matches(path));
  }

  #matches(path: string): readonly RouteMatch[] {
    const known = this.#remembered.get(path);
    if (known !== undefined) return known;
    const segments = path.split("/").slice(1);
    const found: RouteMatch[] = [];
    for (const candidate of this.#candidates) {
      const parameters = match(candidate.segments, segments);
      if (parameters !== undefined) found.push({ route: candidate.route, parameters });
    }
    // A path that a route names in so many words is that route's alone: /quarantine/replay is no /quarantine/{id}.
    const exact = found.filter(({ parameters }) => parameters.length === 0);
    const matches = exact.length > 0 ? exact : found;
    if (matches.length > 0) {
      if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
      this.#remembered.set(path, matches);
    }
    return matches;
  }
}

function allowedMethods(matches: readonly RouteMatch[]): readonly string[] {
  if (matches.length === 0) return [];
  const methods = new Set<string>(matches.map((match) => match.route.method));
  if (methods.has("GET")) methods.add("HEAD");
  methods.add("OPTIONS");
  return [...methods].sort();
}

function match(template: readonly string[], segments: readonly string[]): string[] | undefined {
  if (template.length !== segments.length) return undefined;
  const parameters: string[] = [];
  for (let index = 0; index < template.length; index++) {
    const wanted = template[index]!;
    const segment = segments[index]!;
    if (!wanted.startsWith("{")) {
      if (wanted !== segment) return undefined;
      continue;
    }
    if (segment === "") return undefined;
    parameters.push(decode(segment, wanted.slice(1, -1)));
  }
  return parameters;
}

function decode(segment: string, parameter: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new MooseError("invalid_parameter", `The ${parameter} "${segment}" in the path has a broken percent escape.`);
  }
}
