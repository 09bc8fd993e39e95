/* Heedful's own script: what HTML and htmx cannot do alone. Pages work without it. At most 150 lines. */
"use strict";
(() => {
  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const narrow = /^(INPUT|SELECT|TEXTAREA)$/;

  // CSRF: forms carry a field for use without script; requests of htmx carry the header.
  document.addEventListener("htmx:config:request", event => {
    const token = find('meta[name="csrf-token"]');
    if (token) event.detail.ctx.request.headers["X-CSRFToken"] = token.content;
  });

  // Toasts, from the header HX-Trigger: {"toast": {...}}. The page holds the same word elsewhere.
  const showToast = ({ message, kind }) => {
    const template = find("#toast-template");
    if (!template || !message) return;
    const toast = template.content.firstElementChild.cloneNode(true);
    find("span", toast).textContent = message;
    toast.dataset.kind = kind;
    find("#toasts").replaceChildren(toast);
  };
  document.addEventListener("toast", event => showToast(event.detail));
  const dropToasts = () => find("#toasts")?.replaceChildren();

  // A banner where the answer itself cannot bring one: no network, too slow, or a stranger's error page.
  const problem = (title, text) => {
    const region = find("#problems");
    if (!region) return;
    find("dialog:modal")?.close(); // what it covers could not be read
    const note = document.createElement("div");
    note.className = "note bad";
    const strong = document.createElement("strong");
    strong.textContent = title + " ";
    const words = document.createElement("div");
    words.append(strong, text);
    note.append(words);
    region.replaceChildren(note);
    region.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("htmx:error", event => {
    if (!event.detail.ctx?.request) return;
    problem("The portal does not answer.", "Your text is still here. Check your connection and try again.");
  });
  document.addEventListener("htmx:response:error", event => {
    const { ctx } = event.detail;
    if (ctx.hx.retarget === "#problems") find("dialog:modal")?.close();
    if (ctx.hx.retarget || ctx.hx.redirect || ctx.response.status === 422) return;
    ctx.hx.reswap = "none";
    problem("That did not work.", "Nothing was changed on this page. Reload it and try again.");
  });
  document.addEventListener("htmx:before:request", event => {
    if (event.detail.ctx.sourceElement.getAttribute("hx-trigger")?.startsWith("every") && document.hidden) event.preventDefault();
  });

  // Focus: a refused form shows its summary first; a new panel its heading; otherwise the focus must not be lost.
  let last = "";
  let focused = find("[data-focus]");
  focused?.focus();
  let anywhere = false; // a page that nobody has touched keeps its place when a part of it changes by itself
  document.addEventListener("htmx:before:swap", () => {
    anywhere = document.activeElement !== document.body;
    last = document.activeElement?.id || "";
  });
  document.addEventListener("htmx:after:swap", () => {
    const summary = find("[data-focus]");
    if (summary && summary !== focused) { focused = summary; summary.focus(); return; }
    if (anywhere && document.activeElement === document.body) (last && document.getElementById(last) || find("#main"))?.focus();
  });

  // Passwords can be looked at.
  document.addEventListener("click", event => {
    const show = event.target.closest("[data-show-password]");
    if (show) {
      const field = document.getElementById(show.getAttribute("aria-controls"));
      const shown = field.type === "password";
      field.type = shown ? "text" : "password";
      show.setAttribute("aria-pressed", String(shown));
    }
    if (event.target.closest("[data-dismiss]")) event.target.closest(".toast").remove();
    if (event.target.closest("[aria-disabled=true]")) event.preventDefault();
  });

  // Chips put their word where the caret is.
  document.addEventListener("click", event => {
    const chip = event.target.closest("[data-insert]");
    const field = chip && document.getElementById(chip.getAttribute("aria-controls"));
    if (!field) return;
    field.setRangeText(chip.dataset.insert, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // Forms that ask for it warn before their text is lost.
  let unsaved = false;
  document.addEventListener("input", event => { if (event.target.closest("form[data-warn]")) unsaved = true; });
  document.addEventListener("submit", event => {
    const form = event.target;
    if (form.matches("form[data-warn]")) unsaved = false;
    if (form.method !== "post" || form.matches("[hx-post], [data-download]")) return;
    if (form.dataset.sent) event.preventDefault(); // a second click; the server's own check stands behind this
    form.dataset.sent = "yes";
  });
  window.addEventListener("beforeunload", event => { if (unsaved) event.preventDefault(); });

  // Back after signing out must ask the server again.
  window.addEventListener("pageshow", event => { if (event.persisted) location.reload(); });

  // Keys. Single ones can be switched off, and never act while somebody writes.
  const rows = () => all("main tbody tr, main .rows > li").filter(row => find("a[href]", row) && row.offsetParent);
  const move = step => {
    const list = rows();
    const at = list.findIndex(row => row.contains(document.activeElement));
    const row = list[at < 0 ? (step > 0 ? 0 : list.length - 1) : Math.min(Math.max(at + step, 0), list.length - 1)];
    if (row) find("a[href]", row).focus();
  };
  const single = {
    "/": () => find("main input[type=search]")?.focus(),
    "?": () => find("#keys")?.showModal(),
    j: () => move(1),
    k: () => move(-1),
  };
  let going = 0;
  const go = key => all("nav [data-key]").find(link => link.dataset.key === key)?.click();
  document.addEventListener("keydown", event => {
    if (event.key === "Escape") dropToasts();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form?.requestSubmit();
    const writing = narrow.test(event.target.tagName) || event.target.isContentEditable;
    if (writing || event.ctrlKey || event.metaKey || event.altKey || find("dialog:modal")) return;
    if (document.body.dataset.keys === "off") return;
    const second = Date.now() - going < 1500;
    going = 0;
    if (second) go(event.key);
    else if (event.key === "g") going = Date.now();
    else if (single[event.key]) { event.preventDefault(); single[event.key](); }
  });
})();
