/* What was entered stays in this browser until it is sent. The page works without this script. */
(() => {
    const prefix = "candidate_experience_";
    const { storage, draft } = find();
    if (!storage || !draft) {
        return;
    }

    /** Some browsers keep nothing, and say so by an error. */
    function find() {
        const place = document.querySelector("[data-draft]");
        try {
            return { storage: window.localStorage, draft: place && prefix + place.dataset.draft };
        } catch {
            return {};
        }
    }

    function getFields(form) {
        return [...form.elements].filter((field) => /^q\d+$/.test(field.name));
    }

    function save(form) {
        const entered = getFields(form)
            .filter((field) => field.checked || (field.type === "textarea" && field.value))
            .map((field) => [field.name, field.value]);
        try {
            storage.setItem(draft, JSON.stringify(entered));
        } catch {
            storage.removeItem(draft);
        }
    }

    function restore(form) {
        const entered = JSON.parse(storage.getItem(draft) || "[]");
        for (const field of getFields(form)) {
            if (field.type === "textarea") {
                field.value =
                    (entered.find(([name]) => name === field.name) || [])[1] || field.value;
            } else {
                field.checked = entered.some(
                    ([name, value]) => name === field.name && value === field.value
                );
            }
        }
    }

    const form = document.querySelector("form[data-draft]");
    if (!form) {
        storage.removeItem(draft);
        return;
    }
    if (!form.dataset.entered) {
        restore(form);
    }
    save(form);
    form.addEventListener("input", () => save(form));
})();
