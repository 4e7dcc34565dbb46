// Draws charts from JSON islands: <div data-chart="ID"> and <script type="application/json" id="ID">
// with the options of ECharts.  A table with the same numbers stands beside each chart.

import { BarChart, LineChart, PieChart } from "echarts/charts";
import { AriaComponent, DatasetComponent, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([
  BarChart, LineChart, PieChart, AriaComponent, DatasetComponent, GridComponent, LegendComponent,
  MarkLineComponent, TitleComponent, TooltipComponent, CanvasRenderer,
]);

const charts = [];
for (const place of document.querySelectorAll("[data-chart]")) {
  const options = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  const chart = echarts.init(place);
  chart.setOption({
    animation: false,
    aria: { enabled: true },
    ...options,
    // The page's policy allows no style written as text: the tip is drawn inside the canvas.
    tooltip: { ...options.tooltip, renderMode: "richText" },
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, ...options.textStyle },
  });
  charts.push(chart);
}
window.addEventListener("resize", () => charts.forEach((chart) => chart.resize()));

/** A button with data-chart-png="ID" saves that chart as a picture. */
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-chart-png]");
  if (!button) return;
  const chart = charts.find((one) => one.getDom().dataset.chart === button.dataset.chartPng);
  if (!chart) return;
  const link = document.createElement("a");
  link.href = chart.getDataURL({ pixelRatio: 2, backgroundColor: "#fff" });
  link.download = `${button.dataset.name || "chart"}.png`;
  link.click();
});
