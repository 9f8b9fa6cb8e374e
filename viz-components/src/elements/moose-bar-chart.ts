// Defines `<moose-bar-chart>`.
import { defineElement } from "./define-element.ts";
import { MooseBarChart } from "./moose-bar-chart.class.ts";

defineElement("moose-bar-chart", MooseBarChart);

export { MooseBarChart };
