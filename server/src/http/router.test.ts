// Paths match exactly, segment by segment.
import { describe, expect, it } from "vitest";
import { Router } from "./router.ts";

const handler = () => {};
const router = new Router([
  { method: "POST", path: "/ingest/{model}", handler },
  { method: "POST", path: "/ingest/{model}/{version}", handler },
  { method: "GET", path: "/query/{name}", handler },
  { method: "POST", path: "/query/{name}", handler },
  { method: "GET", path: "/quarantine/{id}", handler },
  { method: "POST", path: "/quarantine/replay", handler },
]);

describe("Router", () => {
  it.each([
    ["POST", "/ingest/Foo", "/ingest/{model}", ["Foo"]],
    ["POST", "/ingest/Foo/2.0", "/ingest/{model}/{version}", ["Foo", "2.0"]],
    ["POST", "/ingest/a%2Fb%20c", "/ingest/{model}", ["a/b c"]],
    ["HEAD", "/query/q", "/query/{name}", ["q"]],
  ])("%s %s", (method, path, route, parameters) => {
    const found = router.find(method, path);
    expect(found?.route.path).toBe(route);
    expect(found?.parameters).toEqual(parameters);
    expect(router.find(method, path)).toEqual(found);
  });

  it.each([
    "/",
    "/ingest",
    "/ingest/",
    "/ingest/Foo/",
    "/ingest/Foo/1/2",
    "/Ingest/Foo",
    "/ingest//1.0",
    "//ingest/Foo",
  ])("finds nothing at %s", (path) => expect(router.find("POST", path)).toBeUndefined());

  it("keeps a path that a route names in so many words from the templates that it fits", () => {
    expect(router.methods("/quarantine/replay")).toEqual(["OPTIONS", "POST"]);
    expect(() => router.find("GET", "/quarantine/replay")).toThrow(
      expect.objectContaining({ code: "method_not_allowed" }),
    );
    expect(router.find("GET", "/quarantine/other")?.parameters).toEqual(["other"]);
  });

  it("names the methods of a path", () => {
    expect(() => router.find("DELETE", "/query/q")).toThrow(
      expect.objectContaining({ code: "method_not_allowed", extra: { allow: ["GET", "HEAD", "OPTIONS", "POST"] } }),
    );
    expect(router.methods("/ingest/Foo")).toEqual(["OPTIONS", "POST"]);
  });

  it("refuses a broken escape", () => {
    expect(() => router.find("POST", "/ingest/%E0%A4")).toThrow(expect.objectContaining({ code: "invalid_parameter" }));
  });

  it("forgets rather than grows", () => {
    for (let count = 0; count < 5000; count++) router.find("POST", `/ingest/m${count}`);
    expect(router.find("POST", "/ingest/m0")?.parameters).toEqual(["m0"]);
  });
});
