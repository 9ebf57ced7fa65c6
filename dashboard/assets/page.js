// The few things that are done in the browser itself.

// On a narrow screen some charts have another form (dashboard/figures); whoever turns a telephone gets the other one.
const NARROW = window.matchMedia("(max-width: 48em)");
NARROW.addEventListener("change", () => window.dash_clientside.set_props("narrow", { data: NARROW.matches }));

window.dash_clientside = Object.assign({}, window.dash_clientside, {
    address: {
        // The state of the page goes into its address, without a step in the browser's history;
        // the ways to the pages of a run lead to the run that is shown.
        write: function (said, ways) {
            // It was said by a page that is left by now: an answer may come late.
            if (said.path !== window.location.pathname) return ways.map(() => window.dash_clientside.no_update);
            window.history.replaceState(null, "", window.location.pathname + said.search);
            // What Dash knows of the address goes with it: else it goes back to the old one when a callback leads away.
            const { href, search } = window.location;
            window.dash_clientside.set_props("location", { href, search });
            return ways.map((id) => id.page + (said.run ? "?run=" + encodeURIComponent(said.run) : ""));
        },
        // What the page has waited for is there.
        again: function (done) {
            if (done) window.location.reload();
            return window.dash_clientside.no_update;
        },
    },
    screen: {
        narrow: (path, before) => (before === NARROW.matches ? window.dash_clientside.no_update : NARROW.matches),
    },
    days: {
        // The day that is so many days or weeks later, as far as the run has it; weeks begin on Monday.
        moved: function (steps, day, choices, view) {
            const size = view === "week" ? 7 : 1;
            const first = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(choices[0].label.slice(0, 3));
            const there = Math.min(Math.max(day + steps * size, 0), choices.length - 1);
            const stretch = (one) => (size === 1 ? one : Math.floor((one + first) / size));
            return stretch(there) === stretch(day) ? day : there;
        },
        turn: function (back, on, day, choices, view) {
            const steps = { previous: -1, next: 1 }[window.dash_clientside.callback_context.triggered_id];
            return String(window.dash_clientside.days.moved(steps, Number(day), choices, view));
        },
    },
    form: {
        // What stands in the fields, by the path of each; what is folded away keeps what it had.
        filled: function (values, truths, fields, switches, before) {
            const pairs = [...fields.map((id, i) => [id.path, values[i]]), ...switches.map((id, i) => [id.path, truths[i]])];
            return Object.assign({}, before, Object.fromEntries(pairs));
        },
        // Of each part whether it has ever been opened.
        opened: function (open, parts, before) {
            const { no_update } = window.dash_clientside;
            return parts.map((id, i) => (!before[i] && (open || []).includes(id.part) ? true : no_update));
        },
        // Opens the part of a setting and what it is folded away in, and goes to its field once it is there.
        find: function (said, open) {
            if (!said) return [window.dash_clientside.no_update, window.dash_clientside.no_update];
            const [part, group, path, kind] = said.split("|"), until = Date.now() + 10000;
            const id = JSON.stringify({ path: path, type: kind === "switch" ? "switch" : "field" });
            (function go() {
                const folded = group && document.querySelector(`[data-group="${CSS.escape(group)}"]`);
                if (folded && !folded.open) folded.querySelector("summary").click();
                const field = document.getElementById(id);
                if (field && field.offsetParent) { field.scrollIntoView({ block: "center" }); field.focus(); }
                else if (Date.now() < until) setTimeout(go, 100);
            })();
            return [[...new Set([...(open || []), part])], null];
        },
        // The message of each field, or none; a field whose message stays is left alone.
        errors: function (messages, fields, before) {
            const said = fields.map((id) => (messages || {})[id.path] || null);
            return said.map((one, i) => (one === (before[i] || null) ? window.dash_clientside.no_update : one));
        },
    },
});

// A choice among hundreds: those that have all the words, in any order.
window.dashMantineFunctions = Object.assign({}, window.dashMantineFunctions, {
    words: function ({ options, search, limit }) {
        const words = search.toLowerCase().split(/[\s,]+/).filter(Boolean);
        const has = (one) => words.every((word) => one.label.toLowerCase().includes(word));
        let left = limit;
        const some = (found) => { const shown = found.filter(has).slice(0, left); left -= shown.length; return shown; };
        return options.map((one) => ("items" in one ? { ...one, items: some(one.items) } : some([one])[0]))
            .filter((one) => one && (!("items" in one) || one.items.length));
    },
});

// The figures that came with the page itself give way as soon as the page is there.
(function () {
    const first = document.getElementById("first");
    if (!first) return;
    new MutationObserver(function (_, watching) {
        const page = document.getElementById("page");
        if (page && page.childElementCount) { first.remove(); watching.disconnect(); }
    }).observe(document.body, { childList: true, subtree: true });
})();

// The ways to the pages, where they stand behind a button: a click on it, on a way, anywhere else, or Escape.
(function () {
    function shown(open) {
        const ways = document.getElementById("ways"), button = document.getElementById("ways-button");
        if (!ways || !button) return;
        ways.classList.toggle("open", open);
        button.setAttribute("aria-expanded", String(open));
    }
    document.addEventListener("click", function (event) {
        const button = event.target.closest("#ways-button");
        const inside = event.target.closest("#ways") && !event.target.closest("a");
        if (!inside) shown(!!button && button.getAttribute("aria-expanded") !== "true");
    });
    document.addEventListener("keydown", function (event) {
        const button = document.getElementById("ways-button");
        if (event.key !== "Escape" || !button || button.getAttribute("aria-expanded") !== "true") return;
        shown(false);
        button.focus();
    });
})();

// What Dash knows of a component; null where the page has none of that name, of which Dash itself makes an error.
function propsOf(id) {
    try { return window.dash_component_api.getLayout(id).props; } catch { return null; }
}

// What was typed or picked last has not reached its store yet when somebody clicks on a button that asks for runs (or presses
// Enter on it): the click waits until it has, else the runs would be of what stood there before.
(function () {
    const EVERY_MS = 30, MOST_MS = 5000, typed = new Set();
    let touched = false, goes = null;
    document.addEventListener("input", function (event) {
        if (!event.target.closest("#page")) return;
        touched = true;
        typed.add(event.target);
    }, true);
    document.addEventListener("click", (event) => { if (event.target.closest("[role=option]")) touched = true; }, true);
    // Whether what a field shows is what Dash knows of it; only of one that waits for a pause in the typing can it differ for long.
    function arrived(field) {
        const id = field.id.startsWith("{") ? JSON.parse(field.id) : field.id;
        const known = field.isConnected && id ? propsOf(id) : null;
        if (!known || !known.debounce) return true;
        const said = known.value ?? "";
        return typeof said === "number" ? parseFloat(field.value) === said : field.value === said;
    }
    // Whether everything is where it belongs: nothing on its way from a field, no callback that is not answered.
    function settled() {
        typed.forEach((field) => { if (arrived(field)) typed.delete(field); });
        return !typed.size && !document.querySelector("._dash-loading-callback");
    }
    document.addEventListener("click", function (event) {
        const button = event.target.closest("[data-settles]");
        if (!button || !touched || goes === button) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        const until = Date.now() + MOST_MS;
        setTimeout(function wait() {
            if (!settled() && Date.now() < until) { setTimeout(wait, EVERY_MS); return; }
            touched = false;
            typed.clear();
            goes = button;
            button.click();
            goes = null;
        }, EVERY_MS);
    }, true);
})();

// A page that asks how far a run is does not ask again before it was answered (dashboard/callbacks/watch.py). When no answer
// can come, since the server or the network was away, it asks again after a while, or as soon as the network is back.
(function () {
    const TIMERS = ["poll", "job-poll"], LONG_MS = 15000, asked = {};
    const waits = (id) => (propsOf(id) || {}).disabled;
    const again = (id) => { delete asked[id]; window.dash_clientside.set_props(id, { disabled: false, max_intervals: -1 }); };
    setInterval(() => TIMERS.forEach(function (id) {
        if (!waits(id)) { delete asked[id]; return; }
        asked[id] = asked[id] || Date.now();
        if (Date.now() - asked[id] > LONG_MS) again(id);
    }), 1000);
    window.addEventListener("online", () => TIMERS.filter(waits).forEach(again));
})();

// A button that goes to something further down.
document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-goes]"), place = button && document.getElementById(button.dataset.goes);
    if (!place) return;
    place.scrollIntoView({ block: "start", behavior: window.matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    const first = place.querySelector("button");
    if (first) first.focus({ preventScroll: true });
});

// A chart as a picture: on white, with its title, in the size of a page's column.
(function () {
    const WIDTH = 900, ROOM = 56;
    document.addEventListener("click", function (event) {
        const button = event.target.closest("[data-chart]");
        const place = button && document.getElementById(button.dataset.chart);
        const drawn = place && place.querySelector(".js-plotly-plot");
        if (!drawn || !window.Plotly) return;
        const old = drawn.layout, height = (old.height || 400) + ROOM;
        const title = { text: button.dataset.title, x: 0.01, xanchor: "left", y: 1 - 18 / height, font: { size: 16, color: "#000" } };
        const margin = Object.assign({}, old.margin, { t: ((old.margin || {}).t || 0) + ROOM });
        const layout = Object.assign({}, old, { title, margin, height, width: WIDTH, autosize: false, paper_bgcolor: "#fff" });
        const file = { format: button.dataset.format, width: WIDTH, height, scale: 2, filename: button.dataset.chart.replace(/-graph$/, "") };
        window.Plotly.downloadImage({ data: drawn.data, layout: layout }, file);
    });
})();

// On paper every chart is as wide as the paper, and grey: the colours that charts tell apart become greys that differ as much.
(function () {
    const PAPER = 656, LEVELS = { "0,114,178": 51, "0,158,115": 80, "213,94,0": 110, "230,159,0": 145, "204,121,167": 168, "86,180,233": 190, "240,228,66": 220 };
    const DARKEST_LINE = 110, changed = new Map();
    // A colour as a grey, or null; what is drawn as a line is never so light that it is lost.
    function grey(colour, isLine) {
        const found = /^rgba?\((\d+), (\d+), (\d+)(, [\d.]+)?\)$/.exec(colour);
        if (!found) return null;
        const [red, green, blue] = found.slice(1, 4).map(Number);
        if (red === green && green === blue) return null;
        const level = LEVELS[`${red},${green},${blue}`] ?? Math.round(0.2126 * red + 0.7152 * green + 0.0722 * blue);
        const shown = isLine ? Math.min(level, DARKEST_LINE) : level;
        return `rgb${found[4] ? "a" : ""}(${shown}, ${shown}, ${shown}${found[4] || ""})`;
    }
    function inked(node) {
        const seen = getComputedStyle(node), ink = grey(seen.fill, false), line = grey(seen.stroke, true);
        if (changed.has(node) || !(ink || line)) return;
        changed.set(node, [node.style.fill, node.style.stroke]);
        if (ink) node.style.fill = ink;
        if (line) node.style.stroke = line;
    }
    function resized(change) {
        document.querySelectorAll(".js-plotly-plot").forEach((drawn) => window.Plotly && window.Plotly.relayout(drawn, change));
    }
    window.addEventListener("beforeprint", function () {
        resized({ width: PAPER, autosize: false });
        document.querySelectorAll(".js-plotly-plot .main-svg :is(path, rect, circle, line, text)").forEach(inked);
    });
    window.addEventListener("afterprint", function () {
        changed.forEach(([fill, stroke], node) => { node.style.fill = fill; node.style.stroke = stroke; });
        changed.clear();
        resized({ width: null, autosize: true });
    });
    document.addEventListener("click", (event) => { if (event.target.closest(".prints")) window.print(); });
})();

// Tables come as data: a component for each of a thousand cells would cost the browser seconds.
(function () {
    function element(tag, about, ...inside) {
        const made = document.createElement(tag);
        Object.entries(about).forEach(([name, value]) => { if (value) made.setAttribute(name, value); });
        made.append(...inside);
        return made;
    }
    function heading(said) {
        const mark = element("span", { class: "order-mark", "aria-hidden": "true" });
        const button = element("button", { class: "orders", "data-column": said.column }, said.text, mark);
        button.dataset.orders = said.orders || "";
        return element("th", { scope: "col", class: said.right && "n", "aria-sort": said.sort }, button);
    }
    function piece(said) {
        if (said.href) return element("a", { href: said.href, rel: "noreferrer", target: "_blank" }, said.text);
        return said.title ? element("abbr", { title: said.title }, said.text) : said.text;
    }
    function cell(said, head) {
        const inside = typeof said === "string" ? [said] : said.flatMap((one) => [piece(one), " "]);
        return element("td", { class: head.right && "n", "data-heading": head.text }, ...inside);
    }
    function drawn(place) {
        const { heads, body } = JSON.parse(place.dataset.rows);
        const lines = body.map((row) => element("tr", {}, ...row.map((one, i) => cell(one, heads[i]))));
        const head = element("thead", {}, element("tr", {}, ...heads.map(heading)));
        place.replaceChildren(element("table", {}, head, element("tbody", {}, ...lines)));
        place.said = place.dataset.rows;
    }
    new MutationObserver(function () {
        document.querySelectorAll("[data-rows]").forEach((place) => { if (place.said !== place.dataset.rows) drawn(place); });
    }).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-rows"] });
})();

// A heading orders the rows of its table: of one that is on the page as a whole here, of one that is cut the server does.
document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-orders]"), head = button && button.closest("th");
    if (!head) return;
    const down = head.getAttribute("aria-sort") === "ascending";
    if (button.dataset.orders) {
        window.dash_clientside.set_props(button.dataset.orders, { data: { column: button.dataset.column, down } });
        // The table is made anew, and its heading has the focus again.
        const { orders, column } = button.dataset, until = Date.now() + 10000;
        new MutationObserver(function (_, watching) {
            const same = document.querySelector(`[data-orders="${CSS.escape(orders)}"][data-column="${CSS.escape(column)}"]`);
            if (same && same !== button && document.activeElement === document.body) same.focus();
            if ((same && same !== button) || Date.now() > until) watching.disconnect();
        }).observe(document.getElementById("page"), { childList: true, subtree: true });
        return;
    }
    const place = [...head.parentNode.children].indexOf(head), body = head.closest("table").tBodies[0];
    head.parentNode.querySelectorAll("[aria-sort]").forEach((one) => one.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const said = (row) => (row.cells[place] ? row.cells[place].textContent.trim() : "");
    const number = (text) => parseFloat(text.replace(/^[^\d−+-]*/, "").replace(/[\s\u202f\u00a0](?=\d)/g, "").replace("−", "-"));
    const numeric = [...body.rows].filter((row) => !isNaN(number(said(row)))).length * 2 > body.rows.length;
    const order = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" }).compare;
    const compare = (a, b) => (numeric ? number(a) - number(b) || 0 : order(a, b)) * (down ? -1 : 1);
    const missing = (text) => text === "" || text === "–" || text === "not defined" || (numeric && isNaN(number(text)));
    [...body.rows].map((row) => [said(row), row])
        .sort(([a], [b]) => missing(a) - missing(b) || (missing(a) ? 0 : compare(a, b)))
        .forEach(([, row]) => body.append(row));
});

// A field above a table hides the rows that do not have all its words.
document.addEventListener("input", function (event) {
    const place = event.target.closest("[data-filters]");
    const table = place && document.getElementById(place.dataset.filters);
    if (!table) return;
    const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    table.querySelectorAll("tbody tr, li").forEach(function (row) {
        const said = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => said.includes(word));
        shown += row.hidden ? 0 : 1;
    });
    const noun = place.dataset.counts || "rows";
    place.querySelector(".counted").textContent = shown + " " + (shown === 1 ? noun.replace(/s$/, "") : noun);
});

// The field of a file has a name for whoever does not see it; its component takes none.
new MutationObserver(function () {
    document.querySelectorAll(".upload input[type=file]:not([aria-label])").forEach(function (field) {
        field.setAttribute("aria-label", "Open a file (YAML, XLSX)");
    });
}).observe(document.documentElement, { childList: true, subtree: true });
