/* The self-assessment: one question at a time, a list to check before sending, and a frame as tall as what is in it. */
(() => {
  "use strict";
  const doc = document;
  const make = (tag, className, text) => Object.assign(doc.createElement(tag), { className, textContent: text || "" });

  /* One question at a time. Without this, or after an error, the whole form stands on the page. */
  const form = doc.querySelector("form[data-assessment]:not([data-whole])");
  if (form) {
    const say = (name) => form.getAttribute(`data-text-${name}`);
    const steps = [...form.querySelectorAll("[data-step]")];
    const questions = steps.filter((step) => step.dataset.question);
    const last = steps.length - 1;
    const picked = (step) => step.querySelector("input:checked");
    const bar = form.querySelector("[data-progress]");
    const row = make("div", "actions");
    const next = Object.assign(make("button", "button button-primary"), { type: "button" });
    const back = Object.assign(make("button", "button button-secondary", say("back")), { type: "button" });
    let current = 0;
    let toList = false;

    const complain = (step) => {
      let error = step.querySelector("[data-missing]");
      if (!error) {
        error = make("p", "form-error-message");
        error.dataset.missing = "";
        error.id = `${step.id}-missing`;
        error.setAttribute("role", "alert");
        step.querySelector("legend").after(error);
        step.setAttribute("aria-describedby", error.id);
        step.classList.add("form-error");
      }
      error.textContent = say("missing");
      step.querySelector("input").focus();
    };
    const forgive = (step) => {
      const error = step.querySelector("[data-missing]");
      if (error) { error.remove(); }
      step.removeAttribute("aria-describedby");
      step.classList.remove("form-error");
    };

    /* The answers once more, each with a way back to its question. */
    const list = () => {
      const answers = make("dl", "answers");
      questions.forEach((step) => {
        const label = picked(step).labels[0];
        const line = make("div");
        const change = Object.assign(make("button", "button button-secondary", say("change")), { type: "button" });
        change.setAttribute("aria-label", `${say("change")}: ${step.dataset.question}`);
        change.addEventListener("click", () => { toList = true; show(steps.indexOf(step)); });
        const said = (label.querySelector("b") || label).textContent;
        const way = make("dd");
        way.append(change);
        line.append(make("dt", "", step.dataset.question), make("dd", "", said.trim()), way);
        answers.append(line);
      });
      const place = steps[last];
      const old = place.querySelector(".answers");
      if (old) { old.remove(); }
      place.querySelector("h2").after(answers);
    };

    const show = (index, quiet) => {
      current = index;
      const ready = index === last;
      if (ready) { toList = false; list(); }
      steps.forEach((step, place) => { step.hidden = place !== index; });
      next.hidden = ready;
      back.hidden = index === 0;
      const asks = Boolean(steps[index].dataset.question);
      next.textContent = say(toList || index === last - 1 ? "check" : asks ? "next" : "start");
      bar.hidden = !asks;
      bar.querySelector(".on").setAttribute("width", String((100 * (questions.indexOf(steps[index]) + 1)) / questions.length));
      if (!quiet) { (steps[index].querySelector("legend, h2") || steps[index].querySelector("select, input")).focus(); }
    };
    const forward = () => {
      const step = steps[current];
      if (step.dataset.question && !picked(step)) { complain(step); return; }
      show(toList ? last : current + 1);
    };

    next.addEventListener("click", forward);
    back.addEventListener("click", () => show(toList ? last : current - 1));
    form.addEventListener("change", (event) => { const step = event.target.closest("[data-question]"); if (step) { forgive(step); } });
    /* Enter in a choice means "next", not "send". */
    form.addEventListener("submit", (event) => {
      if (current === last) { return; }
      event.preventDefault();
      event.stopImmediatePropagation();
      forward();
    }, true);

    const send = steps[last];
    const heading = send.querySelector("h2");
    heading.textContent = heading.dataset.check;
    send.querySelector("[data-send-text]").prepend(`${say("lead")} `);
    row.append(next, back);
    form.append(row);
    show(0, true);
  }

  /* Inside a frame: tell how tall the content is, and begin the result at its top. */
  if (window.parent !== window) {
    /* Not the body's own height: that is never less than the frame's, and the two would drive each other on. */
    const bottom = () => Math.max(...[...doc.body.children].map((part) => part.getBoundingClientRect().bottom));
    const tell = () => window.parent.postMessage({ assessmentHeight: Math.ceil(bottom() + window.scrollY) }, "*");
    new ResizeObserver(tell).observe(doc.querySelector("main"));
    const title = doc.querySelector("[data-result] h1");
    if (title) { title.tabIndex = -1; title.focus(); }
  }

  /* Around a frame of ours. */
  const frames = [...doc.querySelectorAll("iframe.assessment-frame")];
  if (frames.length) {
    window.addEventListener("message", (event) => {
      const frame = frames.find((candidate) => candidate.contentWindow === event.source);
      const height = event.data && event.data.assessmentHeight;
      if (frame && Number.isFinite(height)) { frame.style.height = `${Math.min(height + 4, 20000)}px`; }
    });
  }
})();
