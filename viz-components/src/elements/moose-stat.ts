// Defines `<moose-stat>`.
import { defineElement } from "./define-element.ts";
import { MooseStat } from "./moose-stat.class.ts";

defineElement("moose-stat", MooseStat);

export { MooseStat };
