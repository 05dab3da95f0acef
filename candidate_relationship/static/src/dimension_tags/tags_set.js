import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

// long enough to read what was done and to think better of it
const TIME_TO_UNDO = 12000;

/** Says what was done with the tags of many, and offers to take it back. */
async function tagsSet(env, { params }) {
    const { message, wizard_id: wizardId } = params;
    const close = env.services.notification.add(message, {
        type: wizardId ? "success" : "info",
        autocloseDelay: TIME_TO_UNDO,
        buttons: wizardId ? [{ name: _t("Undo"), onClick: () => undo(env, wizardId, close) }] : [],
    });
    return { type: "ir.actions.act_window_close" };
}

async function undo(env, wizardId, close) {
    close();
    await env.services.orm.call("hr.applicant.set.tags", "action_undo", [wizardId]);
    return env.services.action.doAction("soft_reload");
}

registry.category("actions").add("candidate_relationship.tags_set", tagsSet);
