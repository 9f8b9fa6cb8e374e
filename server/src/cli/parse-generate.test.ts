// The arguments of `moose generate`, and what it says when they are wrong.
import { describe, expect, it } from "vitest";
import { parseGenerate } from "./parse-generate.ts";

describe("parseGenerate", () => {
  it.each([
    [
      ["sdk", "--lang", "typescript", "--out", "src/moose"],
      { language: "typescript", out: "src/moose", from: { dir: "." }, json: false },
    ],
    [
      ["sdk", "project", "--lang", "python", "--out", "app", "--json"],
      { language: "python", out: "app", from: { dir: "project" }, json: true },
    ],
    [
      ["sdk", "--lang", "python", "--out", "app", "--url", "https://events.example"],
      { language: "python", out: "app", from: { url: "https://events.example" }, json: false },
    ],
    [["--help"], "help"],
    [["sdk", "-h"], "help"],
  ])("reads %j", (args, command) => expect(parseGenerate(args)).toEqual(command));

  it.each([
    [[], /Say what to generate/],
    [["client"], /"client" is not something to generate/],
    [["sdk", "--out", "x"], /--lang typescript or --lang python/],
    [["sdk", "--lang", "rust", "--out", "x"], /not "rust"/],
    [["sdk", "--lang", "python"], /--out <folder>/],
    [["sdk", "--lang", "python", "--out"], /argument missing/],
    [["sdk", "a", "b", "--lang", "python", "--out", "x"], /"b" is one too many/],
    [["sdk", "a", "--lang", "python", "--out", "x", "--url", "http://a"], /not both/],
    [["sdk", "--lang", "python", "--out", "x", "--url", "events.example"], /address of a server/],
    [["sdk", "--nope"], /--nope/],
  ])("refuses %j", (args, message) => expect(() => parseGenerate(args)).toThrow(message));
});
