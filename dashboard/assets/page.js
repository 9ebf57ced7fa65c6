// The few things that are done in the browser itself.
window.dash_clientside = Object.assign({}, window.dash_clientside, {
    address: {
        // The state of the page goes into its address, without a step in the browser's history;
        // the way to the page Day leads to the run that is shown.
        write: function (said) {
            window.history.replaceState(null, "", window.location.pathname + said.search);
            return said.run ? "/day?run=" + encodeURIComponent(said.run) : "/day";
        },
    },
    form: {
        // What stands in the fields, by the path of each.
        filled: function (values, truths, fields, switches) {
            const pairs = [...fields.map((id, i) => [id.path, values[i]]), ...switches.map((id, i) => [id.path, truths[i]])];
            return Object.fromEntries(pairs);
        },
        // The message of each field, or none.
        errors: function (messages, fields) {
            return fields.map((id) => (messages || {})[id.path] || null);
        },
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
