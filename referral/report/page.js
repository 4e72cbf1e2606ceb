"use strict";
// Tables that sort and filter. Without it they are complete, in their own order.
(function () {
  var words = document.body.dataset;
  var collator = new Intl.Collator(document.documentElement.lang || undefined, { numeric: true, sensitivity: "base" });
  document.querySelectorAll(".table").forEach(function (box) {
    var body = box.querySelector("tbody");
    var rows = Array.prototype.slice.call(body.rows);
    var heads = Array.prototype.slice.call(box.querySelectorAll("thead th"));
    var tools = document.createElement("div");
    tools.className = "tools";
    var label = document.createElement("label");
    label.append(words.filter);
    var input = document.createElement("input");
    input.type = "search";
    input.setAttribute("aria-controls", box.id);
    input.setAttribute("aria-describedby", box.id + "-c");
    label.append(input);
    var count = document.createElement("output");
    count.setAttribute("aria-live", "polite");
    tools.append(label, count);
    box.prepend(tools);
    var texts = null;
    function show() {
      var wanted = input.value.trim().toLowerCase().split(/\s+/);
      var n = 0;
      texts = texts || rows.map(function (r) { return r.textContent.toLowerCase(); });
      rows.forEach(function (r, i) {
        r.hidden = !wanted.every(function (w) { return texts[i].includes(w); });
        n += r.hidden ? 0 : 1;
      });
      count.textContent = words.row + " " + n + " " + words.of + " " + rows.length;
    }
    input.addEventListener("input", show);
    count.textContent = words.row + " " + rows.length + " " + words.of + " " + rows.length;
    function value(row, i) {
      var cell = row.cells[i];
      if (!heads[i].classList.contains("n")) {
        return cell.textContent;
      }
      var v = cell.dataset.v === undefined ? cell.textContent : cell.dataset.v;
      return v === "" ? null : Number(v);
    }
    // What has no number stands last in both directions.
    function compare(a, b, down) {
      if (a === null || b === null) {
        return (a === null ? 1 : 0) - (b === null ? 1 : 0);
      }
      var c = typeof a === "number" ? a - b : collator.compare(a, b);
      return down ? -c : c;
    }
    heads.forEach(function (th, i) {
      var button = document.createElement("button");
      button.type = "button";
      button.title = words.sort;
      while (th.firstChild) {
        button.append(th.firstChild);
      }
      th.append(button);
      button.addEventListener("click", function () {
        var down = th.getAttribute("aria-sort") === "ascending";
        heads.forEach(function (h) { h.removeAttribute("aria-sort"); });
        th.setAttribute("aria-sort", down ? "descending" : "ascending");
        var keys = new Map(rows.map(function (r) { return [r, value(r, i)]; }));
        var sorted = rows.map(function (r, at) { return [r, at]; });
        sorted.sort(function (x, y) { return compare(keys.get(x[0]), keys.get(y[0]), down) || x[1] - y[1]; });
        body.append.apply(body, sorted.map(function (x) { return x[0]; }));
      });
    });
  });
})();
