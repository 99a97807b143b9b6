// Draws what the server has kept of the last minutes to days, and looks again every quarter of a minute.
(function () {
  "use strict";
  const place = document.getElementById("charts");
  if (!place) return;
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const perMinute = (value, step) => (value * 60) / step;
  const same = (value) => value;
  const CHARTS = [
    ["Accepted per minute", [["accepted", "--good", perMinute]]],
    ["99 % answered within, ms", [["append_time", "--test", (value) => value / 1000]]],
    ["Refused per minute", [["wrong_signature", "--bad", perMinute], ["bad_request", "--wait", perMinute], ["unavailable", "--test", perMinute]]],
    ["Attempts per minute", [["attempts", "--good", perMinute], ["failures", "--bad", perMinute]]],
    ["Waiting", [["lag", "--wait", same], ["due", "--test", same]]],
    ["Dead letters", [["dead_letters", "--bad", same]]],
    ["On disk, MiB", [["on_disk", "--good", (value) => value / 1048576]]],
  ];
  const drawn = [];

  // Where nothing was recorded, as while the program was down, a line would be made up.
  function withGaps(time, values, step) {
    const points = [[], []];
    time.forEach((at, index) => {
      if (index > 0 && at - time[index - 1] > 2 * step) {
        points[0].push(time[index - 1] + step);
        points[1].push(null);
      }
      points[0].push(at);
      points[1].push(values[index]);
    });
    return points;
  }

  // For those who do not see it.
  function inWords(title, lines, data) {
    const rounded = (value) => Math.round(value * 10) / 10;
    return title + ": " + lines.map(([name], index) => {
      const known = data[index + 1].filter((value) => value !== null);
      return name.replace(/_/g, " ") + (known.length ? " " + rounded(known[known.length - 1]) + ", at most " + rounded(Math.max(...known)) : " unknown");
    }).join("; ");
  }

  function draw(answer) {
    CHARTS.forEach(([title, lines], index) => {
      const series = lines.map(([name, , scale]) => withGaps(answer.time, answer.series[name].map((value) => scale(value, answer.step)), answer.step));
      const data = [series[0][0]].concat(series.map(([, values]) => values));
      const chart = drawn[index];
      if (chart) {
        chart.root.parentElement.setAttribute("aria-label", inWords(title, lines, data));
        chart.setData(data);
        chart.setScale("x", { min: answer.from, max: answer.to });
        return;
      }
      const box = document.createElement("figure");
      const caption = document.createElement("figcaption");
      caption.textContent = title;
      box.setAttribute("role", "img");
      box.setAttribute("aria-label", inWords(title, lines, data));
      box.append(caption);
      place.append(box);
      const axis = { stroke: colour("--quiet"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line") } };
      drawn[index] = new uPlot({
        width: Math.max(260, box.clientWidth),
        height: 170,
        scales: { x: { min: answer.from, max: answer.to }, y: { range: (self, low, high) => [0, Math.max(1, high * 1.1)] } },
        axes: [axis, Object.assign({ size: 55 }, axis)],
        series: [{}].concat(lines.map(([name, line]) => ({ label: name.replace(/_/g, " "), stroke: colour(line), width: 2, points: { show: data[0].length < 30 } }))),
      }, data, box);
      drawn[index].setScale("x", { min: answer.from, max: answer.to });
    });
  }

  function look() {
    fetch("/overview/series?span=" + encodeURIComponent(place.dataset.span), { credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
      .then(draw)
      .catch(() => {}); // the next look may find it again
  }

  window.addEventListener("resize", () => {
    for (const chart of drawn) chart.setSize({ width: Math.max(260, chart.root.parentElement.clientWidth), height: 170 });
  });
  look();
  setInterval(look, 15000);
})();
