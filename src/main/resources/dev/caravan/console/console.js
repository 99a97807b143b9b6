// Times in the reader's own zone, copying, and the first delivery of an empty log.
(function () {
  "use strict";
  const clock = new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "medium" });

  function localTimes(part) {
    for (const time of part.querySelectorAll("time[datetime]:not([title])")) {
      const date = new Date(time.getAttribute("datetime"));
      if (!isNaN(date)) {
        time.title = time.textContent;
        time.textContent = clock.format(date);
      }
    }
  }

  window.caravanCopy = function (text, button) {
    const label = button.dataset.label || (button.dataset.label = button.textContent);
    const say = (word) => {
      button.textContent = word;
      setTimeout(() => { button.textContent = label; }, 1200);
    };
    if (navigator.clipboard) {
      navigator.clipboard.writeText(text).then(() => say("Copied"), () => say("The browser forbids it"));
    } else {
      say("Needs HTTPS or localhost");
    }
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-copy]");
    if (button) {
      window.caravanCopy(document.getElementById(button.dataset.copy).textContent, button);
    }
  });

  document.addEventListener("htmx:load", (event) => localTimes(event.detail.elt.parentElement || document.body));
  document.addEventListener("htmx:afterSettle", (event) => {
    localTimes(event.target.ownerDocument.body);
    const first = document.getElementById("first");
    if (first && document.querySelector("#rows tr")) {
      first.remove();
    }
  });
  document.addEventListener("DOMContentLoaded", () => localTimes(document.body));
  localTimes(document.body);
})();
