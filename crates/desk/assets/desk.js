// What a browser with scripts gets on top; every page works without.
(function () {
  "use strict";
  document.documentElement.classList.add("desk-js");

  // A slider beside a field for a day: moving it sets the day, letting go sends the form.
  document.querySelectorAll("input[type=range][data-day-field]").forEach(function (slider) {
    var field = document.getElementById(slider.dataset.dayField);
    var start = Date.parse(slider.dataset.start + "T00:00:00Z");
    if (!field || isNaN(start)) return;
    var shown = function () { return new Date(start + Number(slider.value) * 86400000).toISOString().slice(0, 10); };
    slider.addEventListener("input", function () {
      field.value = shown();
      slider.setAttribute("aria-valuetext", field.value);
    });
    slider.addEventListener("change", function () { slider.form.submit(); });
  });

  // Print buttons.
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.addEventListener("click", function () { window.print(); });
  });

  // After the idle time the page hides itself; the server has ended the session by then.
  var idle = Number(document.body.dataset.idleSeconds || 0);
  if (idle > 0) {
    var timer;
    var lock = function () { document.body.textContent = ""; location.replace("/log-in?idle=1"); };
    var reset = function () { clearTimeout(timer); timer = setTimeout(lock, idle * 1000); };
    ["keydown", "pointerdown", "scroll"].forEach(function (name) { addEventListener(name, reset, { passive: true }); });
    reset();
  }
})();
