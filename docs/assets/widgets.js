// Figures that answer to sliders: plain SVG in custom elements, no library.
// A classic script, so that a page opened from disk works as well. The formulas are
// exported as `lemmata` and compared with the Python reference in a test.
(() => {
  "use strict";

  // ---------------------------------------------------------------- formulas

  const sigmoid = (x) => {
    const e = Math.exp(-Math.abs(x)); // never overflows
    return (x >= 0 ? 1 : e) / (1 + e);
  };
  const sigmoidDerivative = (x) => {
    const e = Math.exp(-Math.abs(x));
    return e / ((1 + e) * (1 + e));
  };
  // The derivative through `depth` equal layers of width one, and its bound.
  const chainGradient = (weight, z, depth) => (weight * sigmoidDerivative(z)) ** depth;
  const vanishingBound = (weight, depth) => (Math.abs(weight) / 4) ** depth;
  const softmax = (scores, temperature = 1) => {
    const scaled = scores.map((s) => s / temperature);
    const top = Math.max(...scaled);
    const parts = scaled.map((s) => Math.exp(s - top));
    const total = parts.reduce((a, b) => a + b, 0);
    return parts.map((p) => p / total);
  };
  window.lemmata = { sigmoid, sigmoidDerivative, chainGradient, vanishingBound, softmax };

  // ----------------------------------------------------------------- drawing

  const NS = "http://www.w3.org/2000/svg";
  const draw = (name, attributes, parent, text) => {
    const made = document.createElementNS(NS, name);
    for (const key in attributes) made.setAttribute(key, attributes[key]);
    if (text !== undefined) made.textContent = text;
    parent.append(made);
    return made;
  };
  const minus = (text) => String(text).replace("-", "\u2212");
  const superscript = (n) =>
    String(n).replace(/./g, (c) => "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"["0123456789".indexOf(c)] ?? "\u207b");
  const number = (value) => {
    if (value === 0) return "0";
    if (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e4) return minus(+value.toPrecision(3));
    const [mantissa, exponent] = value.toExponential(1).split("e");
    return `${minus(mantissa)} \u00d7 10${superscript(+exponent)}`;
  };

  class Plot {
    // Maps values to pixels and draws the ticks.
    constructor(parent, label, { x, y, xticks, yticks, ytext = minus, xname = "", height = 200, right = 10 }) {
      this.width = 320;
      this.height = height;
      this.svg = draw("svg", { viewBox: `0 0 ${this.width} ${height}`, role: "img", "aria-label": label }, parent);
      const left = 46, top = 10, bottom = 38;
      this.x = (v) => left + ((v - x[0]) / (x[1] - x[0])) * (this.width - left - right);
      this.y = (v) => height - bottom - ((v - y[0]) / (y[1] - y[0])) * (height - top - bottom);
      for (const v of yticks) {
        draw("line", { x1: left, x2: this.width - right, y1: this.y(v), y2: this.y(v), class: "rule" }, this.svg);
        draw("text", { x: left - 6, y: this.y(v) + 4, "text-anchor": "end" }, this.svg, ytext(v));
      }
      for (const v of xticks) draw("text", { x: this.x(v), y: height - bottom + 16, "text-anchor": "middle" }, this.svg, minus(v));
      draw("text", { x: (left + this.width - right) / 2, y: height - 6, "text-anchor": "middle" }, this.svg, xname);
    }
    path(points) {
      return "M" + points.map(([a, b]) => `${this.x(a).toFixed(1)},${this.y(b).toFixed(1)}`).join("L");
    }
    curve(points, kind) {
      return draw("path", { d: this.path(points), class: kind }, this.svg);
    }
    dot(kind) {
      return draw("circle", { r: 4.5, class: kind }, this.svg);
    }
    place(dot, a, b) {
      dot.setAttribute("cx", this.x(a));
      dot.setAttribute("cy", this.y(b));
    }
    label(a, b, kind, text) {
      return draw("text", { x: this.x(a), y: this.y(b), class: kind }, this.svg, text);
    }
  }

  let made = 0;
  class Widget extends HTMLElement {
    connectedCallback() {
      if (this.dataset.ready) return;
      this.dataset.ready = "1";
      this.controls = document.createElement("div");
      this.controls.className = "controls";
      this.panels = document.createElement("div");
      this.panels.className = "panels";
      this.sentence = document.createElement("p");
      this.sentence.className = "say";
      this.sentence.setAttribute("role", "status");
      this.append(this.controls, this.panels, this.sentence);
      this.sliders = {};
      this.build();
      this.addEventListener("input", () => this.show());
      this.show();
    }
    slider(name, text, { min, max, step, value, write = minus }) {
      const id = `widget-${++made}`;
      const label = document.createElement("label");
      label.htmlFor = id;
      label.textContent = text;
      const input = Object.assign(document.createElement("input"), { id, type: "range", min, max, step, value });
      const output = document.createElement("output");
      output.htmlFor = id;
      this.controls.append(label, input, output);
      this.sliders[name] = { input, output, write };
    }
    value(name) {
      const { input, output, write } = this.sliders[name];
      output.value = write(input.value);
      input.setAttribute("aria-valuetext", output.value);
      return +input.value;
    }
  }

  const grid = (from, to, parts) => Array.from({ length: parts + 1 }, (_, i) => from + ((to - from) * i) / parts);

  // ----------------------------------------------------------------- widgets

  customElements.define("sigmoid-slope", class extends Widget {
    build() {
      this.slider("x", "x", { min: -8, max: 8, step: 0.1, value: 1, write: (v) => minus((+v).toFixed(1)) });
      const xs = grid(-8, 8, 160), ticks = [-8, -4, 0, 4, 8];
      this.value_ = new Plot(this.panels, "The sigmoid with its tangent", { x: [-8, 8], y: [0, 1], xticks: ticks, yticks: [0, 0.5, 1], xname: "x" });
      this.value_.curve(xs.map((x) => [x, sigmoid(x)]), "s1");
      this.value_.label(3.6, 0.86, "t1", "\u03c3(x)");
      this.tangent = this.value_.curve([[0, 0], [0, 0]], "s2 dashed");
      this.dot = this.value_.dot("p1");
      this.slope = new Plot(this.panels, "The slope of the sigmoid", { x: [-8, 8], y: [0, 0.25], xticks: ticks, yticks: [0, 0.125, 0.25], xname: "x" });
      this.slope.curve(xs.map((x) => [x, sigmoidDerivative(x)]), "s2");
      this.slope.label(2, 0.17, "t2", "\u03c3\u2032(x)");
      this.bell = this.slope.dot("p2");
    }
    show() {
      const x = this.value("x"), y = sigmoid(x), s = sigmoidDerivative(x);
      const reach = Math.min(2, 0.5 / Math.max(s, 1e-9));
      const ends = [x - reach, x + reach].map((v) => [Math.min(8, Math.max(-8, v)), 0]).map(([v]) => [v, y + s * (v - x)]);
      this.tangent.setAttribute("d", this.value_.path(ends));
      this.value_.place(this.dot, x, y);
      this.slope.place(this.bell, x, s);
      this.sentence.textContent =
        `At x = ${minus(x.toFixed(1))} the sigmoid is ${number(y)} and its slope ${number(y)} \u00b7 ${number(sigmoid(-x))} = ${number(s)}, ` +
        `${number((100 * s) / 0.25)} % of the steepest.`;
    }
  });

  customElements.define("vanishing-product", class extends Widget {
    build() {
      this.slider("z", "Pre-activation z", { min: -6, max: 6, step: 0.1, value: 1, write: (v) => minus((+v).toFixed(1)) });
      this.slider("w", "Weight w", { min: 0.5, max: 6, step: 0.1, value: 1, write: (v) => (+v).toFixed(1) });
      this.slider("depth", "Depth L", { min: 1, max: 30, step: 1, value: 10 });
      this.low = -24;
      this.high = 6;
      this.plot = new Plot(this.panels, "Size of the gradient against depth, logarithmic", {
        x: [1, 30], y: [this.low, this.high], xticks: [1, 10, 20, 30], yticks: [-24, -18, -12, -6, 0, 6],
        ytext: (v) => (v === 0 ? "1" : `10${superscript(v)}`), xname: "depth L", height: 220, right: 62,
      });
      this.bound = this.plot.curve([[1, 0], [1, 0]], "s1 dashed");
      this.product = this.plot.curve([[1, 0], [1, 0]], "s2");
      this.boundDot = this.plot.dot("p1");
      this.dot = this.plot.dot("p2");
      this.boundText = this.plot.label(1, 0, "t1", "bound");
      this.productText = this.plot.label(1, 0, "t2", "product");
    }
    show() {
      const z = this.value("z"), w = this.value("w"), depth = this.value("depth");
      const height = (v) => Math.min(this.high, Math.max(this.low, v));
      const bound = (l) => l * Math.log10(w / 4);
      const product = (l) => l * Math.log10(w * sigmoidDerivative(z));
      const depths = grid(1, 30, 29);
      const line = (f) => depths.map((l) => [l, f(l)]).filter(([, v]) => v >= this.low && v <= this.high);
      this.bound.setAttribute("d", this.plot.path(line(bound)));
      this.product.setAttribute("d", this.plot.path(line(product)));
      this.plot.place(this.boundDot, depth, height(bound(depth)));
      this.plot.place(this.dot, depth, height(product(depth)));
      // Each name stands behind the end of its line; the lower one makes room.
      const ends = [bound, product].map((f) => line(f).at(-1) ?? [1, this.low]);
      const heights = ends.map(([, v]) => this.plot.y(v) + 4);
      const close = Math.abs(ends[0][0] - ends[1][0]) < 6 && heights[1] - heights[0] < 14;
      if (close) heights[1] = heights[0] + 14;
      [this.boundText, this.productText].forEach((text, i) => {
        text.setAttribute("x", this.plot.x(ends[i][0]) + 7);
        text.setAttribute("y", heights[i]);
      });
      const got = chainGradient(w, z, depth), most = vanishingBound(w, depth);
      const fate = w > 4 ? "With a weight above 4 the bound no longer vanishes." : "";
      this.sentence.textContent =
        `Through ${depth} ${depth === 1 ? "layer" : "layers"} the gradient is ${number(got)}; it can never exceed ${number(most)}. ${fate}`;
    }
  });

  customElements.define("softmax-temperature", class extends Widget {
    build() {
      this.scores = [3, 2, 1, 0];
      this.slider("t", "Temperature", { min: -1, max: 1, step: 0.02, value: 0, write: (v) => number(10 ** v) });
      this.plot = new Plot(this.panels, "Softmax of the scores 3, 2, 1, 0", {
        x: [0, 4], y: [0, 1], xticks: [], yticks: [0, 0.25, 0.5, 0.75, 1], xname: "score", height: 210,
      });
      this.bars = this.scores.map((score, i) => {
        const bar = draw("rect", { x: this.plot.x(i + 0.2), width: this.plot.x(0.6) - this.plot.x(0), class: "bar" }, this.plot.svg);
        draw("text", { x: this.plot.x(i + 0.5), y: 188, "text-anchor": "middle" }, this.plot.svg, score);
        const text = draw("text", { x: this.plot.x(i + 0.5), "text-anchor": "middle" }, this.plot.svg);
        return { bar, text };
      });
    }
    show() {
      const temperature = 10 ** this.value("t"), shares = softmax(this.scores, temperature);
      this.bars.forEach(({ bar, text }, i) => {
        bar.setAttribute("y", this.plot.y(shares[i]));
        bar.setAttribute("height", this.plot.y(0) - this.plot.y(shares[i]));
        text.setAttribute("y", this.plot.y(shares[i]) - 4);
        text.textContent = shares[i].toFixed(3);
      });
      this.sentence.textContent =
        `At temperature ${number(temperature)} the largest score gets ${number(100 * shares[0])} %, ` +
        `${number(shares[0] / shares[1])} times as much as the next. The order never changes.`;
    }
  });
})();
