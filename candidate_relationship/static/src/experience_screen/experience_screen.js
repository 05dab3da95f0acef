import { Component, onWillStart, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { KeepLast } from "@web/core/utils/concurrency";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const MODEL = "hr.experience.report";

/** Halves away from 0, as the printed report does. */
function round(value) {
    return Math.sign(value) * Math.round(Math.abs(value));
}

/**
 * What candidates say, on one page: everything on it is made of published blocks, see
 * hr.experience.batch. The charts are tables with bars, so that they are read aloud and fit a phone.
 */
export class ExperienceScreen extends Component {
    static template = "candidate_relationship.ExperienceScreen";
    static components = { ControlPanel };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.keepLast = new KeepLast();
        this.commentsTitle = useRef("commentsTitle");
        this.filterRefs = { departmentId: useRef("department"), quarter: useRef("quarter") };
        this.display = { layoutActions: true };
        const { department_id, quarter } = this.props.action.context || {};
        this.state = useState({
            departmentId: department_id || false,
            quarter: quarter || false,
            busy: false,
            data: null,
        });
        onWillStart(() => this.load());
    }

    get filters() {
        return { department_id: this.state.departmentId, quarter: this.state.quarter };
    }

    get isFiltered() {
        return Boolean(this.state.departmentId || this.state.quarter);
    }

    async load() {
        const call = this.orm.call(MODEL, "get_experience", [], this.filters);
        this.state.data = await this.keepLast.add(call);
    }

    async chooseDepartment(ev) {
        this.state.departmentId = Number(ev.target.value) || false;
        await this.load();
    }

    async chooseQuarter(ev) {
        this.state.quarter = ev.target.value || false;
        await this.load();
    }

    async clearFilters() {
        Object.assign(this.state, { departmentId: false, quarter: false });
        await this.load();
    }

    /** The next or previous page of comments; whoever uses the keyboard is taken to its beginning. */
    async turnPage(step) {
        const { offset, limit } = this.state.data.comments;
        const call = this.orm.call(MODEL, "get_experience_comments", [], {
            ...this.filters,
            offset: offset + step * limit,
        });
        this.state.data.comments = await this.keepLast.add(call);
        this.commentsTitle.el?.focus();
    }

    async publish() {
        this.state.busy = true;
        try {
            const { done, message } = await this.orm.call(
                "hr.experience.batch",
                "action_publish_and_tell",
                []
            );
            this.notification.add(message, { type: done ? "success" : "info" });
            await this.load();
        } finally {
            this.state.busy = false;
        }
    }

    async print() {
        const action = await this.orm.call(MODEL, "action_print_experience", [], this.filters);
        return this.action.doAction(action);
    }

    /** A department or quarter of a table becomes the filter, where the keyboard is then. */
    async show(name, value) {
        this.state[name] = value;
        await this.load();
        this.filterRefs[name].el?.focus();
    }

    // ------------------------------------------------------------------
    // Words and numbers
    // ------------------------------------------------------------------

    signed(value) {
        const rounded = round(value);
        return rounded > 0 ? `+${rounded}` : rounded < 0 ? `−${-rounded}` : "0";
    }

    percent(value) {
        return value === false ? "–" : _t("%s%", round(value));
    }

    decimal(value, digits) {
        return value === false ? "–" : formatFloat(value, { digits: [false, digits] });
    }

    interval(row) {
        return _t("%(low)s to %(high)s", {
            low: this.signed(row.nps_low),
            high: this.signed(row.nps_high),
        });
    }

    partOf(part, whole) {
        return _t("%(part)s of %(whole)s", { part, whole });
    }

    /** Where the interval and the NPS are on an axis from -100 to 100. */
    span(row) {
        const place = (value) => (100 + value) / 2;
        return `left: ${place(row.nps_low)}%; width: ${place(row.nps_high) - place(row.nps_low)}%`;
    }

    dot(row) {
        return `left: ${(100 + row.nps) / 2}%`;
    }

    get commentsRange() {
        const { offset, rows, total } = this.state.data.comments;
        return _t("%(first)s–%(last)s of %(total)s", {
            first: offset + 1,
            last: offset + rows.length,
            total,
        });
    }

    get waiting() {
        return this.state.data.state.enough
            ? _t("Enough answers for the next figures are there.")
            : _t("Too few answers wait for the next figures.");
    }
}

registry.category("actions").add("candidate_relationship.experience", ExperienceScreen);
