// The bundle for script tags. The provider is defined first, so that it hears its elements ask.
import "./elements/moose-provider.ts";

export * from "./index.ts";
