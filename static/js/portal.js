// Everything here makes a page that already works work better.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  const all = (selector) => [...document.querySelectorAll(selector)];

  // ---- live: one stream of events a page; a part that names what it shows is fetched again when that changes.
  const POLL = 10000;
  const REOPEN = 8000;
  const seen = new Set();
  let source = null, polling = null, reopening = null;

  const refresh = (parts) => parts.forEach((part) => window.htmx.trigger(part, "changed"));
  const concerns = (part, event) => {
    const about = part.dataset.live;
    return about === "all" || about === "tray" || about === `job:${event.subject_id}` || about === `server:${event.server_id}` ||
      (event.after && about === `server:${event.after.target_id}`);
  };
  const heard = (message) => {
    const event = JSON.parse(message.data);
    if (seen.has(event.id)) return;
    seen.add(event.id);
    refresh(all("[data-live]").filter((part) => concerns(part, event)));
  };
  const poll = (on) => {
    if (on && !polling) polling = setInterval(() => refresh(all("[data-live]")), POLL);
    if (!on && polling) { clearInterval(polling); polling = null; }
  };
  const close = () => {
    if (source) source.close();
    clearTimeout(reopening);
    source = null;
  };
  const listen = () => {
    if (!root.dataset.stream || !window.EventSource) return;
    close();
    const mine = source = new EventSource(root.dataset.stream);
    root.dataset.kinds.split(" ").forEach((kind) => mine.addEventListener(kind, heard));
    let lost = false;
    mine.onopen = () => {
      root.dataset.live = "on";
      poll(false);
      if (lost) refresh(all("[data-live]"));  // what was missed
      lost = false;
    };
    mine.onerror = () => {
      root.dataset.live = "off";
      lost = true;
      poll(true);
      // A refusal ends a stream for good: ask again later. A cut one comes back by itself.
      if (mine.readyState === EventSource.CLOSED) reopening = setTimeout(listen, REOPEN);
    };
  };
  const stop = () => {  // the sign-in has ended
    close();
    poll(false);
    root.dataset.stream = "";
    const word = document.getElementById("signed-out");
    if (word) word.hidden = false;
  };
  window.addEventListener("pagehide", () => { close(); poll(false); });
  window.addEventListener("pageshow", (shown) => { if (shown.persisted) { listen(); refresh(all("[data-live]")); } });
  document.addEventListener("htmx:responseError", (failed) => { if (failed.detail.xhr.status === 401) stop(); });

  // ---- what changed is said to those who do not see it
  let said = "";
  const say = (words) => {
    const place = document.getElementById("said");
    if (place && words && words !== said) { said = words; place.textContent = words; }
  };
  document.addEventListener("htmx:load", (loaded) => {
    const part = loaded.detail.elt;
    if (part.dataset && part.dataset.say) say(part.dataset.say);
    tick();
  });

  // ---- the clock of ages and bars
  const ago = (seconds) => {
    const words = root.dataset.ago ? root.dataset.ago.split("|") : [];
    const [limit, word] = seconds < 60 ? [1, words[0]] : seconds < 3600 ? [60, words[1]] : [3600, words[2]];
    return word && seconds < 86400 ? word.replace("{n}", Math.floor(seconds / limit)) : null;
  };
  const tick = () => {
    all("time[data-ago]").forEach((time) => {
      const text = ago(Math.max(0, (Date.now() - Date.parse(time.dateTime)) / 1000));
      if (text && text !== time.textContent) time.textContent = text;
    });
    // The same rule as apps/panel/progress.py: three quarters by the median, then slower, never full before the end.
    all("progress[data-since]").forEach((bar) => {
      const age = Math.max(0, (Date.now() - Date.parse(bar.dataset.since)) / 1000);
      const median = Number(bar.dataset.median), ninetieth = Number(bar.dataset.ninetieth);
      const slow = Math.max(ninetieth - median, median / 2, 1);
      bar.value = age <= median ? (age / Math.max(median, 1)) * 75 : 75 + Math.min((age - median) / slow, 1) * 20;
      const late = document.getElementById(bar.dataset.late);
      if (late) late.hidden = age <= ninetieth;
    });
  };

  // ---- small helps
  const menus = () => all("details.menu[open]");
  document.addEventListener("click", (click) => {
    const button = click.target.closest("[data-copy]");
    if (button && navigator.clipboard) {
      navigator.clipboard.writeText(button.dataset.copy).then(() => {
        said = "";
        say(button.dataset.done);
        button.classList.add("copied");
        setTimeout(() => button.classList.remove("copied"), 1500);
      });
    }
    menus().forEach((menu) => { if (!menu.contains(click.target)) menu.open = false; });
  });
  document.addEventListener("keydown", (key) => {
    if ((key.ctrlKey || key.metaKey) && key.key.toLowerCase() === "k") {
      const find = all("#find, #q").find((field) => field.offsetParent);
      if (find) { key.preventDefault(); find.focus(); find.select(); }
    }
    if (key.key === "Escape") menus().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });
  document.addEventListener("change", (change) => {
    if (change.target.matches("[data-submits]")) change.target.form.requestSubmit();
  });
  // A second click while the first is on its way does nothing.
  document.addEventListener("submit", (submit) => {
    const form = submit.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { submit.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => { delete form.dataset.sent; }, 5000);
  });
  window.addEventListener("pageshow", () => { [...document.forms].forEach((form) => { delete form.dataset.sent; }); });
  document.addEventListener("DOMContentLoaded", () => { listen(); tick(); setInterval(tick, 1000); });
})();
