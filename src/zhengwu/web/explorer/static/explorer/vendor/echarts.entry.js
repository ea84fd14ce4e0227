// The parts of Apache ECharts that charts.js draws with; README says how echarts.min.js is made of this.
import * as core from "echarts/core";
import { BarChart, PieChart, SankeyChart, TreemapChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";

core.use([BarChart, PieChart, SankeyChart, TreemapChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);
export const { init } = core;
