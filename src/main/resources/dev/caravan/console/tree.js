// The payload as a tree that draws what is unfolded, and no more: 25 MiB are no more work than 25 KiB.
(function () {
  "use strict";
  const AT_ONCE = 200;
  const MOST_FOUND = 100;
  const EXACT_NUMBERS_UP_TO = 4 * 1024 * 1024;
  const LONGEST_TEXT = 400;
  const place = document.getElementById("tree");
  if (!place) return;

  fetch(place.dataset.payload, { credentials: "same-origin" })
    .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)))
    .then((text) => show(parse(text)))
    .catch(() => {}); // the text below, or the download, is still there

  // Numbers beyond 2^53 as they were written, where the browser can tell.
  function parse(text) {
    if (text.length > EXACT_NUMBERS_UP_TO) return JSON.parse(text);
    return JSON.parse(text, (key, value, context) =>
      typeof value === "number" && context && !Number.isSafeInteger(value) && /^-?\d+$/.test(context.source)
        ? { exact: context.source, toJSON() { return this.exact; } }
        : value);
  }

  function isExact(value) { return value !== null && typeof value === "object" && typeof value.toJSON === "function"; }
  function isBranch(value) { return value !== null && typeof value === "object" && !isExact(value); }
  function make(tag, className, text) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  }

  // None for a name that would end the expression, and begin whatever its sender likes.
  function simple(path) {
    if (path.some((step) => typeof step !== "number" && /[\[\]{}$'"\\]/.test(step))) return "";
    return "${body" + path.map((step) => (typeof step === "number" ? "[" + step + "]" : "?[" + step + "]")).join("") + "}";
  }
  function jsonpath(path) {
    return "$" + path.map((step) =>
      typeof step === "number" ? "[" + step + "]" : /^[A-Za-z_]\w*$/.test(step) ? "." + step : "['" + step.replace(/[\\']/g, "\\$&") + "']").join("");
  }

  function show(payload) {
    const text = document.getElementById("payload");
    if (text) text.remove();
    const tools = make("div", "tree-tools");
    const label = make("label", "", "Search the payload ");
    const search = make("input");
    search.type = "search";
    label.append(search);
    const found = make("span", "quiet");
    found.setAttribute("role", "status");
    tools.append(label, found);
    const chosen = make("div", "expressions");
    chosen.setAttribute("aria-live", "polite");
    const results = make("div", "results");
    const tree = make("div", "tree");
    const top = make("ul");
    tree.append(top);
    fill(top, payload, []);
    place.append(tools, chosen, results, tree);

    let waiting;
    search.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        const paths = search.value ? find(payload, search.value.toLowerCase()) : [];
        found.textContent = !search.value ? "" : paths.length >= MOST_FOUND ? "first " + MOST_FOUND + " matches" : paths.length + (paths.length === 1 ? " match" : " matches");
        results.replaceChildren(...paths.map((path) => {
          const button = make("button", "plain", jsonpath(path));
          button.type = "button";
          button.addEventListener("click", () => open(path));
          const line = make("div");
          line.append(button);
          return line;
        }));
      }, 200);
    });

    function find(value, wanted) {
      const paths = [];
      const stack = [[value, []]];
      while (stack.length && paths.length < MOST_FOUND) {
        const [node, path] = stack.pop();
        if (isBranch(node)) {
          const keys = Array.isArray(node) ? [...node.keys()] : Object.keys(node);
          for (let index = keys.length - 1; index >= 0; index--) stack.push([node[keys[index]], path.concat([keys[index]])]);
        }
        const name = path.length ? String(path[path.length - 1]).toLowerCase() : "";
        const leaf = isBranch(node) ? "" : String(isExact(node) ? node.exact : node).toLowerCase();
        if ((typeof path[path.length - 1] === "string" && name.includes(wanted)) || leaf.includes(wanted)) paths.push(path);
      }
      return paths;
    }

    function choose(line, path, value) {
      for (const other of tree.querySelectorAll(".chosen")) other.classList.remove("chosen");
      line.classList.add("chosen");
      chosen.replaceChildren(...[["Simple", simple(path)], ["JSONPath", jsonpath(path)], ["Value", JSON.stringify(value, null, 2)]].filter(([, text]) => text).map(([name, text]) => {
        const row = make("div");
        const copy = make("button", "", "Copy");
        copy.type = "button";
        copy.addEventListener("click", () => window.caravanCopy(text, copy));
        row.append(name + " ", make("code", "", text.length > LONGEST_TEXT ? text.slice(0, LONGEST_TEXT) + " …" : text), " ", copy);
        return row;
      }));
    }

    function open(path) {
      let list = top;
      let line;
      for (let depth = 0; depth < path.length; depth++) {
        while (!(line = [...list.children].find((child) => child.step === path[depth])) && list.lastElementChild && list.lastElementChild.more) {
          list.lastElementChild.more();
        }
        if (!line) return;
        if (depth < path.length - 1) list = line.unfold();
      }
      if (line) {
        line.scrollIntoView({ block: "center" });
        line.choose();
        line.querySelector("button").focus({ preventScroll: true });
      }
    }

    function fill(list, value, path, from) {
      const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
      const start = from || 0;
      for (const key of keys.slice(start, start + AT_ONCE)) list.append(line(key, value[key], path.concat([key])));
      if (keys.length > start + AT_ONCE) {
        const rest = make("li");
        const button = make("button", "plain", "… " + (keys.length - start - AT_ONCE) + " more");
        button.type = "button";
        rest.more = () => { rest.remove(); fill(list, value, path, start + AT_ONCE); };
        button.addEventListener("click", rest.more);
        rest.append(button);
        list.append(rest);
      }
    }

    function line(key, value, path) {
      const item = make("li");
      item.step = key;
      const name = make("button", "key", String(key));
      name.type = "button";
      item.choose = () => choose(name, path, value);
      if (!isBranch(value)) {
        name.addEventListener("click", item.choose);
        const shown = isExact(value) ? value.exact : JSON.stringify(value);
        item.append(name, ": ", make("span", typeof value === "string" ? "text" : "value", shown.length > LONGEST_TEXT ? shown.slice(0, LONGEST_TEXT) + " …" : shown));
        return item;
      }
      const size = Array.isArray(value) ? value.length : Object.keys(value).length;
      const fold = make("button", "", "▸");
      fold.type = "button";
      fold.setAttribute("aria-expanded", "false");
      fold.setAttribute("aria-label", "Unfold " + key);
      let inner;
      item.unfold = () => {
        if (!inner) {
          inner = make("ul");
          fill(inner, value, path);
          item.append(inner);
        }
        inner.hidden = false;
        fold.textContent = "▾";
        fold.setAttribute("aria-expanded", "true");
        return inner;
      };
      fold.addEventListener("click", () => {
        if (inner && !inner.hidden) {
          inner.hidden = true;
          fold.textContent = "▸";
          fold.setAttribute("aria-expanded", "false");
        } else {
          item.unfold();
        }
      });
      name.addEventListener("click", () => { item.unfold(); item.choose(); });
      item.append(fold, name, make("span", "quiet", Array.isArray(value) ? " [" + size + "]" : " {" + size + "}"));
      return item;
    }
  }
})();
