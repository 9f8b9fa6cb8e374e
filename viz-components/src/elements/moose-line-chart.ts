// Defines `<moose-line-chart>`.
import { defineElement } from "./define-element.ts";
import { MooseLineChart } from "./moose-line-chart.class.ts";

defineElement("moose-line-chart", MooseLineChart);

export { MooseLineChart };
