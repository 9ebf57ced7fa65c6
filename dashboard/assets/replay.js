// A day on the floor plan. Every place comes from the server (dashboard/figures/replay.py); here is only which key holds
// at a moment, and the drawing. Nothing is loaded, nothing is sent.
(function () {
    const MOVE_S = 90, PAD = 14, MOST_PER_M = 58, QUIET = "(prefers-reduced-motion: reduce)";
    const SPEEDS = [[60, "1 min a second"], [300, "5 min a second"], [900, "15 min a second"], [1800, "30 min a second"]];

    function element(tag, about, ...inside) {
        const made = Object.assign(document.createElement(tag), about || {});
        for (const [name, value] of Object.entries((about || {}).aria || {})) made.setAttribute("aria-" + name, value);
        made.append(...inside);
        return made;
    }

    // The last of what is sorted by its first number that is not after a moment; -1: none.
    function before(keys, t) {
        let low = 0, high = keys.length;
        while (low < high) { const mid = (low + high) >> 1; if (keys[mid][0] <= t) low = mid + 1; else high = mid; }
        return low - 1;
    }

    // Where something is: on its way for at most MOVE_S after a key, then at it; null: away.
    function place(keys, t, still) {
        const k = before(keys, t);
        if (k < 0 || keys[k].length < 3) return null;
        const [from, x, y] = keys[k], last = k > 0 && keys[k - 1].length === 3 ? keys[k - 1] : null;
        const span = Math.min(MOVE_S, k + 1 < keys.length ? keys[k + 1][0] - from : MOVE_S);
        const part = last && !still && span > 0 ? Math.min(1, (t - from) / span) : 1;
        const eased = part * part * (3 - 2 * part);
        return last ? [last[1] + (x - last[1]) * eased, last[2] + (y - last[2]) * eased] : [x, y];
    }

    const during = (spans, t) => spans.find((span) => span[0] <= t && t < span[1]);
    const activity = (animal, t) => animal.injected.reduce((sum, [at, mbq, decay]) => sum + (at <= t ? mbq * Math.exp(-decay * (t - at)) : 0), 0);
    const inVials = (series, t) => (series || []).reduce((sum, own) => {
        const k = before(own, t);
        return sum + (k < 0 ? 0 : own[k][1] * Math.exp(-own[k][2] * (t - own[k][0])));
    }, 0);
    const number = (value) => value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
    const clock = (t) => { const m = Math.floor(t / 60 + 1e-6); return String(Math.floor(m / 60) % 24).padStart(2, "0") + ":" + String(m % 60).padStart(2, "0"); };
    const words = (name) => name.replace(/_/g, " ");

    function shape(pen, kind, x, y, r) {
        pen.beginPath();
        if (kind === "square") pen.rect(x - r, y - r, 2 * r, 2 * r);
        else if (kind === "diamond") { pen.moveTo(x, y - 1.3 * r); pen.lineTo(x + 1.3 * r, y); pen.lineTo(x, y + 1.3 * r); pen.lineTo(x - 1.3 * r, y); pen.closePath(); }
        else if (kind === "triangle-up") { pen.moveTo(x, y - 1.3 * r); pen.lineTo(x + 1.2 * r, y + r); pen.lineTo(x - 1.2 * r, y + r); pen.closePath(); }
        else pen.arc(x, y, r, 0, 2 * Math.PI);
    }

    // What the day looks like at a moment: everything that is drawn and told is made from this.
    function scene(day, t, still) {
        const animals = [], people = [], rooms = {};
        for (const room of day.rooms) {
            const steps = (day.steps[room.name] || []).filter((step) => step[0] <= t && t < step[1]);
            rooms[room.name] = { room, steps, mbq: inVials(day.vials[room.name], t), scanning: steps.some((step) => step[3]) };
        }
        for (const animal of day.animals) {
            const at = place(animal.keys, t, still);
            if (!at) continue;
            const mbq = activity(animal, t), home = day.rooms.find((r) => at[0] >= r.x && at[0] <= r.x + r.w && at[1] >= r.y && at[1] <= r.y + r.h);
            if (home) rooms[home.name].mbq += mbq;
            animals.push({ animal, at, mbq, asleep: Boolean(during(animal.asleep, t)) });
        }
        for (const person of day.people) {
            const at = place(person.keys, t, still);
            if (at) people.push({ person, at, doing: during(person.doing, t) });
        }
        return { t, animals, people, rooms };
    }

    function said(now) {
        const asleep = now.animals.filter((one) => one.asleep).length, mbq = now.animals.reduce((sum, one) => sum + one.mbq, 0);
        const scans = Object.values(now.rooms).filter((one) => one.scanning).length;
        return `${clock(now.t)}: ${now.animals.length} animals in the rooms, ${asleep} asleep, ${number(mbq)} MBq in them; ${scans} ` +
            `${scans === 1 ? "scanner scans" : "scanners scan"}` + (now.people.length ? `; ${now.people.length} people here` : "") + ".";
    }

    function show(box, day) {
        const quiet = window.matchMedia(QUIET);
        const xs = day.rooms.flatMap((r) => [r.x, r.x + r.w]), ys = day.rooms.flatMap((r) => [r.y, r.y + r.h]);
        const left = Math.min(...xs), top = Math.min(...ys), wide = Math.max(...xs) - left, deep = Math.max(...ys) - top;
        let t = day.begin, playing = false, last = 0, hover = null, now = null, paper = false;

        const canvas = element("canvas", { className: "replay-plan", tabIndex: 0, aria: { label: "Floor plan with animals and people; space plays, arrows go back and on" } });
        canvas.setAttribute("role", "img");
        const play = element("button", { className: "replay-button", type: "button" }, "▶ Play");
        const slow = element("select", { className: "replay-pick", aria: { label: "Speed" } }, ...SPEEDS.map(([value, label]) => element("option", { value, selected: value === 300 }, label)));
        const jump = element("select", { className: "replay-pick", aria: { label: "Jump to a scan" } }, element("option", { value: "" }, day.marks.length ? "Jump to a scan…" : "No scan on this day"),
            ...day.marks.map(([at, label]) => element("option", { value: at }, `${clock(at)} ${label}`)));
        const range = element("input", { type: "range", className: "replay-time", min: day.begin, max: day.end, step: 60, value: t, aria: { label: "Time of day" } });
        const step = (by) => element("button", { className: "replay-button", type: "button", onclick: () => go(t + by), aria: { label: by < 0 ? "15 minutes back" : "15 minutes on" } }, by < 0 ? "−15 min" : "+15 min");
        const picture = element("button", { className: "file", type: "button", onclick: save, aria: { label: "Download PNG of the floor plan at this moment" } }, "PNG");
        const line = element("p", { className: "replay-said" }), tip = element("div", { className: "replay-tip", hidden: true });
        const studies = new Map(day.animals.map((one) => [one.study, one]));
        const legend = element("p", { className: "replay-legend" }, ...[...studies].map(([study, one]) => {
            const mark = element("canvas", { width: 14, height: 14, aria: { hidden: "true" } }), pen = mark.getContext("2d");
            pen.fillStyle = one.colour; shape(pen, one.shape, 7, 7, 5); pen.fill();
            return element("span", {}, mark, " " + words(study));
        }), element("span", {}, "○ awake, ● asleep"), element("span", {}, "halo: activity in the animal"), ...(day.people.length ? [element("span", {}, "▣ people")] : []));
        box.replaceChildren(element("div", { className: "replay-bar no-print" }, play, step(-900), step(900), slow, jump, picture), range,
            line, element("div", { className: "replay-stage" }, canvas, tip), legend);

        function scale() {
            const room = Math.max(300, box.clientWidth), unit = Math.min(MOST_PER_M, (room - 2 * PAD) / wide), dots = window.devicePixelRatio || 1;
            const width = Math.round(unit * wide + 2 * PAD), height = Math.round(unit * deep + 2 * PAD);
            if (canvas.width !== Math.round(width * dots) || canvas.height !== Math.round(height * dots)) {
                canvas.width = Math.round(width * dots); canvas.height = Math.round(height * dots);
                canvas.style.height = height + "px";
                canvas.style.width = width + "px";
            }
            return { unit, dots, x: (m) => PAD + (m - left) * unit, y: (m) => PAD + (m - top) * unit };
        }

        function draw() {
            const { unit, dots, x, y } = scale(), pen = canvas.getContext("2d"), style = getComputedStyle(box);
            const ink = paper ? "#000" : style.getPropertyValue("--mantine-color-text") || style.color, faint = "rgba(128,128,128,0.75)";
            const small = Math.max(10, Math.min(13, unit * 0.3)), r = Math.max(3, Math.min(7, unit * 0.13));
            now = scene(day, t, quiet.matches);
            pen.setTransform(dots, 0, 0, dots, 0, 0);
            pen.clearRect(0, 0, canvas.width, canvas.height);
            for (const { room, steps, mbq, scanning } of Object.values(now.rooms)) {
                pen.lineWidth = scanning ? 3 : 1.2;
                pen.strokeStyle = scanning ? "#0072B2" : faint;
                pen.setLineDash(room.kind === "desk" ? [5, 4] : []);
                if (mbq > 0.05) { pen.fillStyle = `rgba(230,159,0,${Math.min(0.32, 0.04 + 0.06 * Math.log10(1 + mbq))})`; pen.fillRect(x(room.x), y(room.y), room.w * unit, room.h * unit); }
                pen.strokeRect(x(room.x), y(room.y), room.w * unit, room.h * unit);
                pen.setLineDash([]);
                pen.fillStyle = ink;
                pen.font = `600 ${small}px system-ui, sans-serif`;
                pen.fillText(words(room.name), x(room.x) + 6, y(room.y) + small + 3, room.w * unit - 12);
                pen.font = `${small - 1}px system-ui, sans-serif`;
                const notes = [mbq > 0.05 ? `${number(mbq)} MBq` : "", scanning ? "scanning" : "", steps.length ? `${steps.length} ${steps.length === 1 ? "step" : "steps"}` : ""];
                pen.fillText(notes.filter(Boolean).slice(0, unit < 36 ? 1 : 3).join(", "), x(room.x) + 6, y(room.y) + 2 * small + 5, room.w * unit - 12);
            }
            for (const [kind, x0, y0, x1, y1] of day.walls || []) {
                pen.lineWidth = 3; pen.strokeStyle = kind === "door" ? "#E69F00" : faint;
                pen.beginPath(); pen.moveTo(x(x0), y(y0)); pen.lineTo(x(x1), y(y1)); pen.stroke();
            }
            for (const { animal, at, mbq, asleep } of now.animals) {
                const cx = x(at[0]), cy = y(at[1]);
                if (mbq > 0.01) { pen.fillStyle = "rgba(230,159,0,0.38)"; pen.beginPath(); pen.arc(cx, cy, r + 2 + Math.min(1.2 * r, r * 0.6 * Math.log10(1 + 10 * mbq)), 0, 2 * Math.PI); pen.fill(); }
                pen.lineWidth = 2; pen.strokeStyle = animal.colour; pen.fillStyle = animal.colour;
                shape(pen, animal.shape, cx, cy, r);
                if (asleep) pen.fill();
                pen.stroke();
                pen.lineWidth = 0.6; pen.strokeStyle = ink;
                shape(pen, animal.shape, cx, cy, r + 1.4);
                pen.stroke();
            }
            for (const { at } of now.people) {
                const cx = x(at[0]), cy = y(at[1]);
                pen.fillStyle = ink; pen.beginPath(); pen.arc(cx, cy - r, 0.6 * r, 0, 2 * Math.PI); pen.fill();
                pen.fillRect(cx - 0.8 * r, cy - 0.3 * r, 1.6 * r, 1.4 * r);
            }
            line.textContent = said(now);
            range.value = t; range.setAttribute("aria-valuetext", said(now));
            canvas.setAttribute("data-time", String(Math.round(t)));
            tell();
        }

        // What is under the pointer: the nearest animal or person within a finger's breadth.
        function tell() {
            tip.hidden = true;
            if (!hover || !now) return;
            const { x, y } = scale();
            let best = 14, text = "";
            for (const { animal, at, mbq, asleep } of now.animals) {
                const far = Math.hypot(x(at[0]) - hover[0], y(at[1]) - hover[1]);
                if (far < best) { best = far; text = `${animal.name}: ${asleep ? "asleep" : "awake"}${mbq > 0.01 ? `, ${number(mbq)} MBq` : ""}`; }
            }
            for (const { person, at, doing } of now.people) {
                const far = Math.hypot(x(at[0]) - hover[0], y(at[1]) - hover[1]);
                if (far < best) { best = far; text = `${person.name}${doing ? `: ${doing[2]}` : ""}`; }
            }
            if (!text) return;
            tip.textContent = text; tip.hidden = false;
            tip.style.left = Math.min(hover[0] + 12, canvas.clientWidth - tip.offsetWidth - 4) + "px"; tip.style.top = hover[1] + 14 + "px";
        }

        function go(to) { t = Math.max(day.begin, Math.min(day.end, to)); draw(); }
        function toggle(on) {
            playing = on === undefined ? !playing : on;
            if (playing && t >= day.end) t = day.begin;
            play.textContent = playing ? "❚❚ Pause" : "▶ Play";
            play.setAttribute("aria-pressed", String(playing));
            last = performance.now();
            if (playing) requestAnimationFrame(tick);
        }
        function tick(at) {
            if (!playing || !box.isConnected) return;
            const passed = at - last;
            // Who wants no motion gets a still picture each second instead.
            if (!quiet.matches || passed >= 1000) { last = at; go(t + Math.max(0, Math.min(passed, 1000)) / 1000 * Number(slow.value)); }
            if (t >= day.end) return toggle(false);
            requestAnimationFrame(tick);
        }
        function save() {
            const link = element("a", { href: canvas.toDataURL("image/png"), download: `replay-${clock(t).replace(":", "-")}.png` });
            link.click();
        }
        const KEYS = { " ": () => toggle(), ArrowLeft: () => go(t - 300), ArrowRight: () => go(t + 300), PageUp: () => go(t - 3600), PageDown: () => go(t + 3600), Home: () => go(day.begin), End: () => go(day.end) };
        canvas.addEventListener("keydown", (event) => { if (KEYS[event.key]) { event.preventDefault(); KEYS[event.key](); } });
        canvas.addEventListener("mousemove", (event) => { hover = [event.offsetX, event.offsetY]; tell(); });
        canvas.addEventListener("mouseleave", () => { hover = null; tell(); });
        play.onclick = () => toggle();
        range.oninput = () => go(Number(range.value));
        jump.onchange = () => { if (jump.value) go(Number(jump.value)); };
        new ResizeObserver(() => { if (box.isConnected) draw(); }).observe(box);
        new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-mantine-color-scheme"] });
        for (const [event, on] of [["beforeprint", true], ["afterprint", false]]) {
            window.addEventListener(event, () => { paper = on; if (box.isConnected) draw(); });
        }
        go(day.marks.length ? day.marks[0][0] : day.begin);
    }

    window.dash_clientside = Object.assign({}, window.dash_clientside, {
        replay: {
            show: function (day) {
                const box = document.getElementById("replay");
                if (!box || !day) return window.dash_clientside.no_update;
                if (day.trouble) box.replaceChildren(element("p", {}, day.trouble));
                else show(box, day);
                return day.start || "";
            },
        },
    });
})();
