// Public API of the package: importing it defines every element.
export type { ElementState, MooseStateChangeDetail, MooseStateChangeEvent } from "./binding/element-state.ts";
export type { ChartRow } from "./data/cell-value.ts";
export { MooseBarChart } from "./elements/moose-bar-chart.ts";
export { MooseLineChart } from "./elements/moose-line-chart.ts";
export { MooseProvider } from "./elements/moose-provider.ts";
export { MooseStat } from "./elements/moose-stat.ts";
