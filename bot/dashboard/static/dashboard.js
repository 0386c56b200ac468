// Keeps what is on a page as it is in the desk: when the stream says that something is new, the page is fetched again
// and what differs takes its place. Without this script every page can be read and used; a reload shows what is new.
"use strict";

const main = document.querySelector("main[data-events]");
const QUIET = 1500; // milliseconds between two looks, however much is new
let waiting = null;
let last = 0;

function keep(fresh) {
  let isNew = false;
  for (const part of document.querySelectorAll("[data-live][id]")) {
    const other = fresh.getElementById(part.id);
    if (!other || other.innerHTML === part.innerHTML) continue;
    if (part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")) continue;
    const open = [...part.querySelectorAll("details")].map((one) => one.open);
    const at = document.activeElement && part.contains(document.activeElement)
      ? [...part.querySelectorAll("a, button, summary")].indexOf(document.activeElement) : -1;
    part.innerHTML = other.innerHTML;
    part.querySelectorAll("details").forEach((one, place) => { one.open = open[place] || one.open; });
    if (at >= 0) part.querySelectorAll("a, button, summary")[at]?.focus();
    part.classList.remove("fresh");
    void part.offsetWidth; // so that the highlight begins anew
    part.classList.add("fresh");
    isNew = true;
  }
  const news = document.getElementById("live-news");
  if (isNew && news) news.textContent = news.textContent ? "" : news.dataset.news;
}

async function look() {
  waiting = null;
  last = Date.now();
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (answer.status === 401) { location.reload(); return; }
    if (answer.ok) keep(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch { /* the network is away: the stream comes back by itself, and says then what is new */ }
}

function soon() {
  if (waiting === null) waiting = setTimeout(look, Math.max(50, last + QUIET - Date.now()));
}

if (main && document.querySelector("[data-live]")) {
  let told = null;
  const stream = new EventSource(main.dataset.events);
  stream.addEventListener("hello", (event) => {
    if (told !== null && told !== event.data) soon();
    told = event.data;
    document.documentElement.dataset.live = "on";
  });
  stream.addEventListener("changed", (event) => { told = event.data; soon(); });
  stream.addEventListener("over", () => { stream.close(); location.reload(); });
  stream.addEventListener("error", () => { document.documentElement.dataset.live = "off"; });
}

for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", () => {
    setTimeout(() => { for (const one of form.querySelectorAll("button")) one.disabled = true; }, 0);
  });
}
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const one of document.querySelectorAll("button[disabled]")) one.disabled = false;
});
