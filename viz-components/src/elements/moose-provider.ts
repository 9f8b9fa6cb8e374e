// Defines `<moose-provider>`.
import { defineElement } from "./define-element.ts";
import { MooseProvider } from "./moose-provider.class.ts";

defineElement("moose-provider", MooseProvider);

export { MooseProvider };
