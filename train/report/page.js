/** The report's page: numbers under the pointer, choice of sheets, fresh news. */

/** A page from a file is loaded anew, which can be seen, so it waits longer. */
const FROM_FILE = location.protocol === "file:";
const REFRESH_MS = FROM_FILE ? 60_000 : 15_000;

/** Shows the values of a chart at the pointer. */
function watchChart(figure) {
  const svg = figure.querySelector("svg");
  const cursor = figure.querySelector(".cursor");
  const tip = figure.querySelector(".tip");
  const series = JSON.parse(figure.dataset.series);
  const nearest = (points, x) =>
    points.reduce((a, b) => Math.abs(b[0] - x) < Math.abs(a[0] - x) ? b : a);

  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const width = svg.viewBox.baseVal.width;
    const x = (event.clientX - box.left) / box.width * width;
    const rows = series.map(({ name, colour, points }) => {
      const point = nearest(points, x);
      return { name, colour, point, away: Math.abs(point[0] - x) };
    });
    const first = rows.reduce((a, b) => b.away < a.away ? b : a);
    cursor.setAttribute("x1", first.point[0]);
    cursor.setAttribute("x2", first.point[0]);
    cursor.style.visibility = "visible";
    tip.replaceChildren(
      `${first.point[2]} images`,
      ...rows.map(({ name, colour, point }) => {
        const row = document.createElement("span");
        row.className = `c${colour}`;
        row.textContent = `${name}: ${point[3]}`;
        return row;
      }),
    );
    tip.hidden = false;
    const left = box.left - figure.getBoundingClientRect().left +
      first.point[0] / width * box.width;
    const right = left + 12 + tip.offsetWidth > figure.clientWidth;
    tip.style.left = `${right ? left - 12 - tip.offsetWidth : left + 12}px`;
  });
  svg.addEventListener("pointerleave", () => {
    tip.hidden = true;
    cursor.style.visibility = "hidden";
  });
}

/** Shows the sheet of the button that is pressed; the newest until one is. */
function watchSheets(figure) {
  const large = figure.querySelector(":scope > img");
  const buttons = [...figure.querySelectorAll("button")];
  function show(button) {
    for (const other of buttons) {
      other.setAttribute("aria-pressed", String(other === button));
    }
    const small = button.querySelector("img");
    large.src = small.src;
    large.alt = small.alt;
  }
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const newest = button === buttons.at(-1);
      history.replaceState(null, "", newest ? "#" : `#${button.value}`);
      show(button);
    });
  }
  const chosen = buttons.find(({ value }) => `#${value}` === location.hash);
  if (chosen) show(chosen);
  const list = figure.querySelector("ol");
  list.scrollLeft = list.scrollWidth;
}

function start() {
  document.querySelectorAll("[data-series]").forEach(watchChart);
  document.querySelectorAll(".sheets").forEach(watchSheets);
}

/** Takes over what a newer page says; a page from a file cannot read itself. */
async function refresh() {
  const reading = document.querySelector(".tip:not([hidden])");
  const running = document.querySelector(".state.running");
  if (document.hidden || reading || !running) return;
  if (FROM_FILE) return location.reload();
  try {
    const response = await fetch(location.pathname, { cache: "no-store" });
    const text = await response.text();
    const page = new DOMParser().parseFromString(text, "text/html");
    if (!response.ok || !page.querySelector("main")) return;
    const open = document.querySelector("details").open;
    document.querySelector("main").replaceWith(page.querySelector("main"));
    document.querySelector("details").open = open;
    document.title = page.title;
    start();
  } catch {
    // The server is away; the next turn asks again.
  }
}

start();
setInterval(refresh, REFRESH_MS);
