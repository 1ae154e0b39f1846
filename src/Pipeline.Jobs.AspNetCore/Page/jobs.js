"use strict";
// All texts that come from jobs go into the page as text, never as markup.
const words = {
  en: { title: "Jobs", key: "API key", enter: "Enter", empty: "No jobs.", more: "More", all: "all", queued: "queued", running: "running", canceling: "canceling", done: "done", failed: "failed", canceled: "canceled",
    cancel: "Cancel", retry: "Retry", download: "Download", of: "of", deaths: "workers died", errors: "errors", late: "late results refused", attempts: "attempts", away: "The service does not answer. Trying again.", other: "한국어", refused: "Refused" },
  ko: { title: "작업", key: "API 키", enter: "들어가기", empty: "작업이 없습니다.", more: "더 보기", all: "전체", queued: "대기", running: "실행 중", canceling: "취소 중", done: "완료", failed: "실패", canceled: "취소됨",
    cancel: "취소", retry: "다시 시도", download: "내려받기", of: "/", deaths: "작업자 종료", errors: "오류", late: "늦은 결과 거부", attempts: "시도", away: "서비스가 응답하지 않습니다. 다시 시도합니다.", other: "English", refused: "거부됨" },
};
const states = ["all", "running", "queued", "done", "failed", "canceled"];
let language = localStorage.getItem("language") || (navigator.language.startsWith("ko") ? "ko" : "en");
let filter = "all", limit = 20, timer = 0;
const $ = id => document.getElementById(id);
const say = word => words[language][word] ?? word;
const photos = new Map();

async function call(path, method = "GET") {
  const headers = {};
  const key = sessionStorage.getItem("key");
  if (key) headers["X-Api-Key"] = key;
  const answer = await fetch(path, { method, headers });
  if (answer.status === 401) { $("login").hidden = false; throw new Error("401"); }
  return answer;
}

function text(element, value) { if (element.textContent !== value) element.textContent = value; }

function make(tag, className, parent) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  parent?.append(element);
  return element;
}

function translate() {
  document.documentElement.lang = language;
  document.title = say("title");
  for (const element of document.querySelectorAll("[data-text]")) text(element, say(element.dataset.text));
  text($("language"), say("other"));
  $("filters").replaceChildren(...states.map(state => {
    const button = make("button");
    button.type = "button";
    button.textContent = say(state);
    button.setAttribute("aria-pressed", String(state === filter));
    button.addEventListener("click", () => { filter = state; limit = 20; translate(); show(); });
    return button;
  }));
}

function row(job) {
  const old = document.getElementById("job-" + job.id);
  if (old && old.dataset.seen === JSON.stringify(job) + language) return old;
  const focused = old?.contains(document.activeElement) ? document.activeElement.dataset.action : null;
  const item = make("li", "job");
  item.id = "job-" + job.id;
  item.dataset.seen = JSON.stringify(job) + language;
  const head = make("div", "head", item);
  make("span", "state " + job.state, head).textContent = say(job.state);
  make("span", "", head).textContent = job.kind;
  make("span", "small", head).textContent = new Date(job.createdAt).toLocaleString(language) + " · " + job.id.slice(-8);
  const notes = [];
  if (job.progress) notes.push(job.progress.done + (job.progress.total == null ? "" : " " + say("of") + " " + job.progress.total) + (job.progress.text ? " · " + job.progress.text : ""));
  if (job.leases > 1) notes.push(say("attempts") + ": " + job.leases);
  if (job.deaths) notes.push(say("deaths") + ": " + job.deaths);
  if (job.errors) notes.push(say("errors") + ": " + job.errors);
  if (job.lateCommits) notes.push(say("late") + ": " + job.lateCommits);
  if (notes.length) make("span", "small", head).textContent = notes.join(" · ");
  const actions = make("div", "actions", item);
  const action = (name, run) => {
    const button = make("button", "", actions);
    button.type = "button";
    button.textContent = say(name);
    button.dataset.action = name;
    button.setAttribute("aria-label", say(name) + " " + job.kind + " " + job.id.slice(-8));
    button.addEventListener("click", run);
  };
  if (job.state === "queued" || job.state === "running") action("cancel", () => act(`jobs/${job.id}`, "DELETE"));
  if (job.state === "failed" || job.state === "canceled") action("retry", () => act(`jobs/${job.id}/retry`, "POST"));
  if (job.result) action("download", () => download(`jobs/${job.id}/result`));
  if (job.progress?.total && (job.state === "running" || job.state === "canceling")) {
    const bar = make("progress", "", item);
    bar.max = job.progress.total;
    bar.value = job.progress.done;
    bar.setAttribute("aria-label", say(job.state));
  }
  if (job.problem && job.state !== "done") {
    const problem = make("div", "problem", item);
    make("div", "", problem).textContent = job.problem.title;
    make("div", "small", problem).textContent = job.problem.detail;
  }
  const thumbnails = Array.isArray(job.summary?.thumbnails) ? job.summary.thumbnails.slice(0, 12) : [];
  if (thumbnails.length) {
    const list = make("div", "photos", item);
    for (const name of thumbnails) {
      const picture = make("img", "", list);
      picture.alt = String(name).split("/").pop();
      picture.loading = "lazy";
      load(`jobs/${job.id}/file?name=${encodeURIComponent(name)}`).then(url => { if (url) picture.src = url; });
    }
  }
  if (old) old.replaceWith(item);
  if (focused) item.querySelector(`[data-action="${focused}"]`)?.focus();
  return item;
}

// The link behind a picture lives for minutes; the page keeps the bytes instead.
async function load(path) {
  if (!photos.has(path)) photos.set(path, call(path).then(async answer => answer.ok ? URL.createObjectURL(await answer.blob()) : null).catch(() => null));
  return photos.get(path);
}

// Without a key the browser follows the redirect itself and can resume; with one the page must send it.
async function download(path) {
  const link = make("a");
  if (sessionStorage.getItem("key")) {
    const answer = await call(path);
    if (!answer.ok) return notice(say("refused") + ": " + answer.status);
    const name = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get("Content-Disposition") ?? "");
    link.download = name ? decodeURIComponent(name[1]) : "result";
    link.href = URL.createObjectURL(await answer.blob());
  } else { link.href = path; link.download = ""; }
  link.click();
}

function notice(value) { text($("notice"), value); }

async function act(path, method) {
  try {
    const answer = await call(path, method);
    notice(answer.ok ? "" : (await answer.json()).detail ?? say("refused"));
  } catch { notice(say("away")); }
  show();
}

async function show() {
  clearTimeout(timer);
  let wait = 1000;
  try {
    const answer = await call(`jobs?limit=${limit}` + (filter === "all" ? "" : `&state=${filter}`));
    if (!answer.ok) throw new Error(String(answer.status));
    const page = await answer.json();
    const rows = page.jobs.map(row);
    const list = $("jobs");
    rows.forEach((item, i) => { if (list.children[i] !== item) list.insertBefore(item, list.children[i] ?? null); });
    while (list.children.length > rows.length) list.lastChild.remove();
    $("empty").hidden = rows.length > 0;
    $("more").hidden = !page.next || limit >= 500;
    $("login").hidden = true;
    if ($("notice").textContent === say("away")) notice("");
  } catch (error) {
    if (error.message === "401") return;
    notice(say("away"));
    wait = 3000;
  }
  timer = setTimeout(show, document.hidden ? 10000 : wait);
}

document.addEventListener("DOMContentLoaded", () => {
  translate();
  $("language").addEventListener("click", () => { language = language === "ko" ? "en" : "ko"; localStorage.setItem("language", language); translate(); show(); });
  $("more").addEventListener("click", () => { limit = Math.min(500, limit + 40); show(); });
  $("login").addEventListener("submit", event => { event.preventDefault(); sessionStorage.setItem("key", $("key").value); $("key").value = ""; show(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) show(); });
  show();
});
