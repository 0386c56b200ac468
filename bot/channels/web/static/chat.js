// The chat with script: what is typed is kept until the desk has it, and each line is shown once.
"use strict";

(() => {
  const page = document.getElementById("page").dataset;
  const log = document.getElementById("log");
  const state = document.getElementById("state");
  const typing = document.getElementById("typing");
  const problem = document.getElementById("problem");
  const newest = document.getElementById("newest");
  const composer = document.getElementById("composer");
  const text = document.getElementById("text");
  const KEPT = "desk-unsent"; // messages that the desk has not answered, oldest first
  const OLD = 24 * 3600 * 1000; // milliseconds after which a message is not sent by itself any more
  const LONGEST_PAUSE = 15000;

  let last = Number(page.last);
  let taken = 0;
  let stream = null;
  let pause = 1000;
  let isSending = false;
  let isConnected = false;
  let later = 0;

  // What is not answered yet, here and in other windows of this browser

  const unsent = () => {
    try {
      return JSON.parse(localStorage.getItem(KEPT) || "[]");
    } catch {
      return memory;
    }
  };
  let memory = [];
  const keep = (messages) => {
    memory = messages;
    try {
      localStorage.setItem(KEPT, JSON.stringify(messages));
    } catch {
      // private windows of some browsers keep nothing; then this page does, for as long as it is open
    }
  };
  const change = (id, values) => keep(unsent().map((one) => (one.id === id ? { ...one, ...values } : one)));
  const drop = (id) => keep(unsent().filter((one) => one.id !== id));
  const fresh = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(15));
    return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
  };

  // Lines

  const lineOf = (key) => log.querySelector(`[data-key="${CSS.escape(key)}"]`);
  const isAtEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 120;
  const toEnd = () => {
    log.scrollTop = log.scrollHeight;
    newest.hidden = true;
  };
  const clock = (moment) =>
    new Intl.DateTimeFormat(document.documentElement.lang, {
      hour: "2-digit",
      minute: "2-digit",
      ...(moment.toDateString() === new Date().toDateString() ? {} : { day: "numeric", month: "short" }),
    }).format(moment);
  const tellTime = (line) => {
    const time = line.querySelector("time[datetime]");
    if (time) time.textContent = clock(new Date(time.dateTime));
  };
  const made = (tag, values) => Object.assign(document.createElement(tag), values);

  const lineMade = (one) => {
    const line = document.getElementById("line").content.firstElementChild.cloneNode(true);
    line.classList.add(one.own ? "own" : "desk");
    line.classList.toggle("notice", Boolean(one.notice));
    line.dataset.key = one.key;
    line.dataset.number = one.number || "";
    line.querySelector("h2").textContent = one.own ? page.you : one.notice ? page.news : page.desk;
    const said = line.querySelector(".said");
    said.textContent = one.text;
    if (one.language) said.lang = one.language;
    if (one.notice) {
      const news = made("p", { className: "news", textContent: page.news });
      news.setAttribute("aria-hidden", "true");
      said.before(news);
    }
    const time = line.querySelector("time");
    time.dateTime = one.at || new Date().toISOString();
    for (const [name, at] of one.files || []) {
      time.before(made("a", { className: "file", href: at, download: name, textContent: page.file.replace("{name}", name) }));
    }
    if (one.choices?.length) {
      const choices = made("div", { className: "choices" });
      for (const [label, payload] of one.choices) {
        const button = made("button", { className: "choice", name: "pressed", value: payload, textContent: label });
        button.setAttribute("form", "composer");
        choices.append(button);
      }
      line.append(choices);
    }
    tellTime(line);
    return line;
  };

  const show = (one) => {
    const wasAtEnd = isAtEnd();
    const old = lineOf(one.key);
    if (old && (old.dataset.number || !one.number)) return;
    if (old && !one.own) {
      old.dataset.number = one.number; // it was shown ahead of its line
      return;
    }
    const line = lineMade(one);
    const first = [...log.querySelectorAll(".line[data-key]")].find((other) => !other.dataset.number);
    line.classList.add("new");
    if (old) old.replaceWith(line);
    else if (one.number && first) first.before(line);
    else log.append(line);
    if (wasAtEnd && line.offsetHeight > log.clientHeight) line.scrollIntoView({ block: "start" }); // read from its top
    else if (wasAtEnd || one.own) toEnd();
    else newest.hidden = false;
  };

  const showFate = (message) => {
    const line = lineOf(`said:${message.id}`);
    if (!line || line.dataset.number) return;
    line.classList.toggle("waiting", !message.isSent);
    line.querySelector(".fate")?.remove();
    if (message.isSent || (isConnected && !message.failed)) return;
    const fate = made("p", { className: "fate", textContent: message.failed ? page.failed : page.waiting });
    if (message.failed) {
      const again = made("button", { type: "button", className: "quiet", textContent: page.again });
      again.addEventListener("click", () => {
        change(message.id, { failed: false, at: Date.now() });
        sendAll();
      });
      fate.append(again);
    }
    line.append(fate);
  };
  const showUnsent = () => {
    for (const message of unsent()) {
      const key = `said:${message.id}`;
      if (!lineOf(key)) show({ key, own: true, text: message.text || message.label, at: new Date(message.at).toISOString() });
      showFate(message);
    }
    typing.hidden = !isConnected || !unsent().some((one) => !one.failed);
    if (!typing.hidden && isAtEnd()) toEnd();
  };

  // Out: one after the other, each until the desk has it

  const tellProblem = (words) => {
    problem.textContent = words;
    problem.hidden = !words;
  };
  const sendLater = (milliseconds) => {
    clearTimeout(later);
    later = setTimeout(sendAll, milliseconds);
  };
  const post = (path, content, options = {}) =>
    fetch(page.root + path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(content),
      signal: AbortSignal.timeout?.(20000),
      ...options,
    });

  const sendOne = async (message, isAgain = false) => {
    const response = await post("/messages", { id: message.id, text: message.text, pressed: message.pressed });
    if (response.status === 202) {
      change(message.id, { isSent: true });
      tellProblem("");
      return true;
    }
    const told = await response.json().catch(() => ({}));
    if (response.status === 403 && !isAgain) {
      await fetch(page.root, { credentials: "same-origin" }); // cookies were deleted: this brings a new one
      connect();
      return sendOne(message, true);
    }
    tellProblem(told.problem || "");
    if (response.status === 429 || response.status >= 500) {
      sendLater(1000 * (told.seconds || 5));
      return false;
    }
    change(message.id, { failed: true });
    return true;
  };

  const sendAll = async () => {
    if (isSending) return;
    isSending = true;
    clearTimeout(later);
    try {
      for (;;) {
        for (const one of unsent()) if (Date.now() - one.at > OLD) change(one.id, { failed: true });
        const message = unsent().find((one) => !one.isSent && !one.failed);
        if (!message || !(await sendOne(message))) break;
        showUnsent();
      }
    } catch {
      tellState(false);
      sendLater(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    } finally {
      isSending = false;
      showUnsent();
    }
  };

  const say = (message) => {
    keep([...unsent(), { id: fresh(), at: Date.now(), ...message }]);
    showUnsent();
    toEnd();
    sendAll();
  };

  // In: a stream that goes on where it ended

  const tellState = (isThere) => {
    isConnected = Boolean(isThere);
    state.classList.toggle("care", isThere === false);
    const words = isThere === false ? page.offline : isThere ? page.about : page.connecting;
    if (state.textContent !== words) state.textContent = words;
    showUnsent();
  };
  const tellTaken = () => {
    const notices = log.querySelectorAll(".notice[data-number]");
    const number = notices.length ? Number(notices[notices.length - 1].dataset.number) : 0;
    if (number <= taken || document.visibilityState !== "visible") return;
    const before = taken;
    taken = number;
    post("/taken", { number }).then(
      (response) => { if (!response.ok) taken = before; },
      () => { taken = before; },
    );
  };

  const connect = () => {
    stream?.close();
    stream = new EventSource(`${page.root}/events?after=${last}`);
    stream.addEventListener("open", () => {
      pause = 1000;
      tellState(true);
      tellTaken();
      sendAll();
    });
    stream.addEventListener("line", (event) => {
      const one = JSON.parse(event.data);
      last = Math.max(last, one.number || 0);
      show(one);
      if (one.key.startsWith("answer:")) drop(one.key.slice("answer:".length));
      showUnsent();
      tellTaken();
    });
    stream.addEventListener("error", () => {
      tellState(navigator.onLine ? undefined : false);
      if (stream.readyState !== EventSource.CLOSED) return; // else it comes back by itself
      tellState(false);
      setTimeout(connect, pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    });
  };

  // The person

  const grow = () => {
    if (CSS.supports("field-sizing", "content")) return;
    text.style.blockSize = "auto";
    text.style.blockSize = `${text.scrollHeight + 2}px`;
  };
  composer.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter;
    if (button?.name === "pressed") {
      say({ pressed: button.value, label: button.textContent });
      return;
    }
    const words = text.value.trim();
    if (!words) return;
    say({ text: words });
    text.value = "";
    grow();
    text.focus();
  });
  text.addEventListener("keydown", (event) => {
    const isMeant = event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
    if (!isMeant) return; // while Chinese, Japanese or Korean is composed, Enter chooses a word
    event.preventDefault();
    composer.requestSubmit();
  });
  text.addEventListener("input", grow);
  log.addEventListener("scroll", () => { if (isAtEnd()) newest.hidden = true; });
  newest.addEventListener("click", () => { toEnd(); text.focus(); });
  document.getElementById("language").addEventListener("change", (event) => event.target.form.requestSubmit());
  document.addEventListener("visibilitychange", tellTaken);
  addEventListener("online", () => { pause = 1000; connect(); sendAll(); });
  addEventListener("offline", () => tellState(false));
  addEventListener("storage", (event) => { if (event.key === KEPT) showUnsent(); });
  addEventListener("resize", () => { if (isAtEnd()) toEnd(); });

  for (const line of log.querySelectorAll(".line[data-key]")) {
    tellTime(line);
    if (line.dataset.key.startsWith("answer:")) drop(line.dataset.key.slice("answer:".length));
  }
  for (const one of unsent()) if (one.isSent) change(one.id, { isSent: false }); // posted again, it changes nothing
  showUnsent();
  toEnd();
  connect();
  sendAll();
  navigator.serviceWorker?.register(`${page.root}/worker.js`, { scope: page.root }).catch(() => {});
  if (matchMedia("(pointer: fine)").matches) text.focus();
})();
