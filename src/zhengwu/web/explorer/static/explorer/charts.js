// Draws the figures of a page with Apache ECharts: amounts on pointing, a click to the place that prints one.
//
// Every [data-chart] names the JSON of its figure (explorer/live.py) and holds the picture that the server drew; that
// picture stays for print, and for who has no script. The library is fetched when the first figure comes into sight.
"use strict";
(function () {
  const boxes = document.querySelectorAll("[data-chart]");
  const library = document.currentScript && document.currentScript.dataset.library;
  if (!boxes.length || !library || !window.IntersectionObserver || !window.ResizeObserver) return;

  const NARROW = 620; // px: below, names stand over their bars
  const SMALL = 50; // an amount under a fiftieth of the largest gets a scale of its own
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const contrast = window.matchMedia("(prefers-contrast: more)");
  const drawn = [];
  let fetched;

  function fetchLibrary() {
    fetched = fetched || new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = library;
      script.onload = () => done(window.echarts);
      script.onerror = failed;
      document.head.append(script);
    });
    return fetched;
  }

  // The colours of explorer.css, which knows light and dark.
  function colours() {
    const style = getComputedStyle(document.documentElement);
    const named = (name) => style.getPropertyValue(name).trim();
    const row = (name) => [1, 2, 3, 4, 5, 6, 7].map((n) => named(`--${name}-${n}`));
    return {
      ink: named("--ink"), soft: named("--soft"), sheet: named("--sheet"), line: named("--line"),
      edge: named("--chart-edge"), on: named("--chart-on"), grey: named("--chart-grey"),
      tints: row("chart-tint"), deeps: row("chart-deep"), font: getComputedStyle(document.body).fontFamily,
    };
  }

  // About how many pixels a text takes, as chart_parts.ems counts.
  function pixels(text, size) {
    let ems = 0;
    for (const letter of text) ems += /[\u2018-\u201f\u2e80-\uffff]/.test(letter) ? 1.03 : 0.62;
    return Math.ceil(ems * size);
  }

  function tip(item, data, series) {
    const box = document.createElement("div");
    box.className = "chart-tip";
    const add = (tag, text) => {
      if (!text) return;
      const part = document.createElement(tag);
      part.textContent = text;
      box.append(part);
    };
    add("strong", series && series !== item.name ? `${item.name} · ${series}` : item.name);
    add("span", item.share ? `${item.exact} · ${item.share}` : item.exact);
    if (item.href) add("small", data.source);
    return box;
  }

  function common(data, paint) {
    return {
      animation: !still.matches, animationDuration: 400, animationDurationUpdate: 200,
      backgroundColor: "transparent",
      textStyle: { fontFamily: paint.font, fontSize: 13, color: paint.ink },
      aria: { enabled: true, label: { description: data.description }, decal: { show: contrast.matches } },
      tooltip: {
        trigger: "item", confine: true, backgroundColor: paint.sheet, borderColor: paint.edge, padding: 8,
        textStyle: { color: paint.ink, fontSize: 13, fontFamily: paint.font },
        extraCssText: "max-width: 22rem; white-space: normal;",
        formatter: (told) => (told.data && told.data.item ? tip(told.data.item, data, told.data.series) : ""),
      },
    };
  }

  // The root of a treemap and the like have no item.
  // A legend over the bars: beside each other, or one below the other where they have no room.
  function legend(series, paint, width) {
    const row = series.reduce((sum, name) => sum + pixels(name, 13) + 42, 0) < width;
    return {
      height: row ? 34 : 10 + series.length * 24,
      option: {
        data: series, top: 0, left: 0, orient: row ? "horizontal" : "vertical", selectedMode: false, icon: "rect",
        textStyle: { color: paint.ink, fontSize: 13 }, itemStyle: { borderColor: paint.edge, borderWidth: 1 },
      },
    };
  }

  const words = (item) => !item ? "" : `${item.name}\n${item.said}${item.share ? " " + item.share : ""}`;

  // ---- money: from the sources through the department to what it is for
  function flow(data, paint, width) {
    if (width < NARROW) return sides(data, paint, width);
    const label = Math.min(210, Math.round(width * 0.24));
    const node = (item, name, depth, colour, position) => ({
      name, depth, item,
      itemStyle: { color: colour, borderColor: paint.edge, borderWidth: 1 },
      label: { position, formatter: () => words(item), width: label - 12, overflow: "break", align: position === "left" ? "right" : "left" },
    });
    const sources = data.sources.map((item, n) => node(item, `s${n}`, 0, paint.grey, "left"));
    const uses = data.uses.map((item, n) => node(item, `u${n}`, 2, paint.deeps[n % 7], "right"));
    const centre = { ...node(data.centre, "c", 1, paint.soft, "top"), label: { position: "top", formatter: () => words(data.centre), align: "center", fontWeight: 600 } };
    const links = [
      ...data.sources.map((item, n) => ({ source: `s${n}`, target: "c", value: item.value, item })),
      ...data.uses.map((item, n) => ({ source: "c", target: `u${n}`, value: item.value, item, lineStyle: { color: paint.tints[n % 7] } })),
    ];
    const most = Math.max(sources.length, uses.length);
    return {
      height: Math.max(340, 106 + most * 60),
      option: {
        series: [{
          type: "sankey", data: [...sources, centre, ...uses], links, left: label, right: label, top: 64, bottom: 30,
          nodeWidth: 16, nodeGap: 36, layoutIterations: 0, draggable: false, emphasis: { focus: "adjacency" },
          label: { color: paint.ink, fontSize: 13, lineHeight: 18, textBorderWidth: 0 },
          lineStyle: { color: paint.grey, opacity: 0.75, curveness: 0.5 },
        }],
      },
    };
  }

  // The same on a narrow screen: bars, what comes in above what goes out.
  function sides(data, paint, width) {
    const one = (items, colour) => items.map((item, n) => ({ name: item.name, change: "", values: [item], colour: colour(n) }));
    return grids([
      { title: data.headings[0], items: one(data.sources, () => paint.grey) },
      { title: data.headings[1], items: one(data.uses, (n) => paint.deeps[n % 7]) },
    ], [""], "", paint, width, () => paint.grey);
  }

  // ---- purposes: areas
  function tree(data, paint, width) {
    const piece = (item, colour) => ({
      name: item.name, value: item.value, item,
      itemStyle: { color: colour, borderColor: paint.edge, borderWidth: 1 },
    });
    const items = data.items.map((item, n) => ({
      ...piece(item, paint.tints[n % 7]),
      itemStyle: { color: paint.tints[n % 7], borderColor: paint.deeps[n % 7], borderWidth: 3, gapWidth: 1 },
      children: item.children ? item.children.map((child) => piece(child, paint.tints[n % 7])) : undefined,
      upperLabel: { show: Boolean(item.children), backgroundColor: paint.deeps[n % 7], color: paint.on },
    }));
    return {
      height: width < NARROW ? 460 : 440,
      option: {
        series: [{
          type: "treemap", data: items, left: 0, right: 0, top: 0, bottom: 0, roam: false, nodeClick: false,
          breadcrumb: { show: false }, levels: [{ upperLabel: { show: false }, itemStyle: { borderWidth: 0, gapWidth: 2, borderColor: paint.sheet } }], visibleMin: 0, childrenVisibleMin: 0,
          label: { show: true, position: "insideTopLeft", padding: 2, color: paint.on, fontSize: 13, lineHeight: 17, overflow: "break",
            formatter: (told) => words(told.data.item).replace(/ (?=[\d.]+%$)/, "\n") },
          upperLabel: { show: true, height: 24, fontSize: 13, fontWeight: 600, padding: [0, 4], overflow: "truncate",
            formatter: (told) => words(told.data.item).replace("\n", " ") },
          emphasis: { label: { color: paint.on }, upperLabel: { color: paint.on } },
        }],
      },
    };
  }

  // ---- natures: a ring, around it the parts
  function rings(data, paint, width) {
    const narrow = width < NARROW;
    const slice = (item, colour) => ({ name: item.name, value: item.value, item, itemStyle: { color: colour, borderColor: paint.edge, borderWidth: 1 } });
    const divided = data.items.some((item) => item.children);
    const inner = data.items.map((item, n) => slice(item, paint.deeps[n % 7]));
    const outer = data.items.flatMap((item, n) => (item.children || [item]).map((part) => slice(part, paint.tints[n % 7])));
    const outside = {
      show: true, position: "outside", color: paint.ink, lineHeight: 17, width: 180, overflow: "break", formatter: (told) => words(told.data.item),
    };
    const inside = {
      show: true, position: "inside", color: paint.on, lineHeight: 16, fontSize: narrow ? 12 : 13,
      formatter: (told) => (told.percent < 9 ? "" : `${told.data.item.name}\n${told.data.item.share}`),
    };
    const parts = Object.fromEntries(outer.map((part) => [part.name, part.item]));
    const ring = (items, radius, label) => ({
      type: "pie", data: items, radius, label: narrow && label === outside ? { show: false } : label, center: ["50%", narrow ? 120 : "52%"], startAngle: 90, labelLine: { show: !narrow, length: 8, length2: 10, lineStyle: { color: paint.edge } },
      emphasis: { scaleSize: 3 },
    });
    return {
      height: narrow ? 250 + outer.length * 24 : 360,
      option: {
        legend: narrow
          ? { data: outer.map((part) => part.name), orient: "vertical", left: 0, top: 244, itemGap: 10, selectedMode: false, icon: "rect", textStyle: { color: paint.ink, fontSize: 13 }, itemStyle: { borderColor: paint.edge, borderWidth: 1 }, formatter: (name) => words(parts[name]).replace("\n", " ") }
          : undefined,
        series: divided
          ? [ring(inner, narrow ? [26, 78] : ["26%", "58%"], inside), ring(outer, narrow ? [82, 112] : ["61%", "76%"], outside)]
          : [ring(outer, narrow ? [50, 112] : ["40%", "74%"], outside)],
      },
    };
  }

  // ---- bars: one for each number of a row
  function bars(data, paint, width) {
    const top = (item) => Math.max(...item.values.map((value) => (value ? Math.abs(value.value) : 0)));
    const largest = Math.max(...data.items.map(top));
    const large = data.items.filter((item) => !data.note || !top(item) || top(item) * SMALL >= largest);
    const small = data.items.filter((item) => !large.includes(item));
    const groups = [{ title: "", items: large }];
    if (small.length) groups.push({ title: data.note, items: small });
    // Of two years the one before is grey; departments are equals.
    const colour = data.note ? (n) => (n < data.series.length - 1 ? paint.grey : paint.deeps[0]) : (n) => paint.deeps[n % 7];
    return grids(groups, data.series, data.missing, paint, width, colour);
  }

  // Groups of bars below each other, each to a scale of its own.
  function grids(groups, series, missing, paint, width, colour) {
    const narrow = width < NARROW;
    const all = groups.flatMap((group) => group.items);
    const said = all.flatMap((item) => item.values.map((value) => (value ? value.said : missing)));
    const right = 14 + Math.max(...said.map((text) => pixels(text, 13)));
    const longest = Math.max(...all.map((item) => pixels(item.name, 13)));
    const left = narrow ? 4 : Math.min(longest + 14, Math.round(width * 0.3));
    const thick = narrow ? 18 : 20;
    const key = legend(series, paint, width);
    const option = {
      legend: series.length > 1 ? key.option : undefined,
      grid: [], xAxis: [], yAxis: [], series: [],
    };
    let y = series.length > 1 ? key.height : 4;
    groups.forEach((group, index) => {
      const lines = narrow ? 24 : 12; // over a group of bars: room, or its name
      const high = group.items.length * (series.length * (thick + 3) + lines + (narrow ? 8 : 6));
      const heading = group.title ? 30 : 0;
      option.grid.push({ left, right, top: y + heading, height: high });
      option.xAxis.push({ gridIndex: index, type: "value", show: false, max: "dataMax", min: (range) => Math.min(0, range.min) });
      option.yAxis.push({
        gridIndex: index, type: "category", inverse: true, data: group.items.map((item) => item.name), axisTick: { show: false },
        name: group.title, nameLocation: "start", nameGap: 10, nameTextStyle: { align: "left", color: paint.soft, fontSize: 13, padding: [0, 0, 0, -left], width: width - 8, overflow: "break" },
        axisLine: { show: !narrow, lineStyle: { color: paint.edge } },
        axisLabel: {
          color: paint.ink, fontSize: 13, lineHeight: 16, margin: 8, interval: 0,
          ...(narrow
            ? { inside: true, align: "left", verticalAlign: "bottom", margin: 0, padding: [0, 0, series.length * (thick + 3) / 2 + 3, 0], width: width - 8, overflow: "truncate" }
            : { width: left - 14, overflow: "break" }),
          formatter: (name, place) => {
            const change = group.items[place].change;
            return change ? `${name}${narrow ? "  " : "\n"}${change}` : name;
          },
        },
        z: 3,
      });
      series.forEach((name, n) => {
        option.series.push({
          type: "bar", name, xAxisIndex: index, yAxisIndex: index, barWidth: thick, barGap: "12%",
          itemStyle: { color: colour(n), borderColor: paint.edge, borderWidth: 1 },
          label: { show: true, position: "right", color: paint.ink, fontSize: 13, formatter: (told) => (told.data.item ? told.data.item.said : missing) },
          data: group.items.map((item) => {
            const value = item.values[n];
            const own = item.colour ? { itemStyle: { color: item.colour, borderColor: paint.edge, borderWidth: 1 } } : {};
            return value ? { value: value.value, item: value, series: name, ...own } : { value: 0, itemStyle: { borderWidth: 0 } };
          }),
        });
      });
      y += heading + high + 10;
    });
    return { height: y, option };
  }

  // ---- stacks: a bar for each year or department, made of its parts
  function stacks(data, paint, width) {
    const narrow = width < NARROW;
    const label = (item) => `${item.name}\n${item.total}`;
    const longest = Math.max(...data.items.map((item) => Math.max(pixels(item.name, 13), pixels(item.total, 13))));
    const left = Math.min(longest + 14, Math.round(width * 0.36));
    const key = legend(data.series, paint, width);
    const most = Math.max(...data.items.map((item) => item.values.reduce((sum, value) => sum + (value ? value.value : 0), 0)));
    const room = (item) => ((width - left - 6) * item.value) / most;
    return {
      height: key.height + 16 + data.items.length * 58,
      option: {
        legend: key.option,
        grid: [{ left, right: 6, top: key.height, bottom: 6 }],
        xAxis: [{ type: "value", show: false, max: "dataMax" }],
        yAxis: [{ type: "category", inverse: true, data: data.items.map((item) => item.name), axisTick: { show: false }, axisLine: { lineStyle: { color: paint.edge } },
          axisLabel: { color: paint.ink, fontSize: 13, lineHeight: 17, width: left - 12, overflow: "break", interval: 0, formatter: (_name, place) => label(data.items[place]) } }],
        series: data.series.map((name, n) => ({
          type: "bar", stack: "all", name, barWidth: 34,
          itemStyle: { color: paint.deeps[n % 7], borderColor: paint.edge, borderWidth: 1 },
          label: { show: true, position: "inside", color: paint.on, fontSize: narrow ? 12 : 13, formatter: (told) => (told.data.item && room(told.data.item) > 50 ? told.data.item.share : "") },
          data: data.items.map((item) => (item.values[n] ? { value: item.values[n].value, item: item.values[n], series: item.name } : { value: 0 })),
        })),
      },
    };
  }

  const KINDS = { flow, tree, rings, bars, stacks };

  // A figure is seldom as high as the picture in whose place it comes: what has the focus stays where it is seen.
  function steadily(act) {
    const focused = document.activeElement || document.body;
    const before = focused.getBoundingClientRect();
    act();
    const moved = focused.getBoundingClientRect().top - before.top;
    if (moved && before.bottom > 0 && before.top < window.innerHeight) window.scrollBy({ top: moved, behavior: "instant" });
  }

  function paintAll() {
    steadily(() => drawn.forEach((one) => one.paint()));
  }

  function draw(box, echarts) {
    const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
    const place = document.createElement("div");
    place.className = "live";
    box.prepend(place);
    box.classList.add("is-live");
    let chart = null;
    let width = 0;
    const one = {
      paint: () => {
        width = place.clientWidth;
        if (!width) return; // hidden, or being printed
        const paint = colours();
        const made = KINDS[data.kind](data, paint, width);
        place.style.height = `${made.height}px`;
        if (!chart) {
          chart = echarts.init(place, null, { renderer: "svg", width, height: made.height });
          chart.on("click", (told) => {
            const item = told.data && told.data.item;
            if (item && item.href) window.location.assign(item.href);
          });
        } else {
          chart.resize({ width, height: made.height });
        }
        chart.setOption({ ...common(data, paint), ...made.option }, { notMerge: true });
      },
    };
    one.paint();
    drawn.push(one);
    new ResizeObserver(() => { if (place.clientWidth && place.clientWidth !== width) steadily(one.paint); }).observe(place);
  }

  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      fetchLibrary().then((echarts) => steadily(() => draw(entry.target, echarts))).catch((error) => {
        console.error(error);
        entry.target.classList.remove("is-live"); // the server's picture stays
        for (const place of entry.target.querySelectorAll(".live")) place.remove();
      });
    }
  }, { rootMargin: "200px" });
  for (const box of boxes) seen.observe(box);
  for (const query of [dark, still, contrast]) query.addEventListener("change", paintAll);
})();
