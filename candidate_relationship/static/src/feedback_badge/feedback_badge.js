import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatSelection } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import {
    DUE_ICONS,
    formatDeadline,
    getDueStatus,
    getDueText,
} from "@candidate_relationship/feedback_due";

/**
 * When an answer is due, in two or three words: on the state of a promise or on the feedback
 * status of an applicant. Says in words what it says in colour.
 */
export class FeedbackBadge extends Component {
    static template = "candidate_relationship.FeedbackBadge";
    static props = {
        ...standardFieldProps,
        deadlineField: { type: String },
    };

    get deadline() {
        return this.props.record.data[this.props.deadlineField];
    }

    get status() {
        return getDueStatus(this.props.record.data[this.props.name], this.deadline);
    }

    get icon() {
        return DUE_ICONS[this.status];
    }

    get text() {
        return getDueText(this.status, this.deadline) || this.selectionLabel;
    }

    get selectionLabel() {
        const { record, name } = this.props;
        return formatSelection(record.data[name], { selection: record.fields[name].selection });
    }

    get title() {
        if (this.status === "paused") {
            return _t("Waiting for the candidate: the clock stands still");
        }
        if (this.status === "no_date") {
            return _t("The working calendar holds no working time, so no date could be worked out");
        }
        if (!this.deadline) {
            return "";
        }
        return _t("Answer promised by %(deadline)s", { deadline: formatDeadline(this.deadline) });
    }
}

export const feedbackBadge = {
    component: FeedbackBadge,
    displayName: _t("Feedback Badge"),
    supportedTypes: ["selection"],
    supportedOptions: [
        {
            label: _t("Deadline field"),
            name: "deadline_field",
            type: "field",
            availableTypes: ["datetime"],
        },
    ],
    fieldDependencies: ({ options }) => [
        { name: options.deadline_field || "deadline", type: "datetime" },
    ],
    listViewWidth: [110, 150],
    extractProps: ({ options }) => ({
        deadlineField: options.deadline_field || "deadline",
    }),
};

registry.category("fields").add("feedback_badge", feedbackBadge);
