import { Component } from "@odoo/owl";
import { deserializeDate, deserializeDateTime, toLocaleDateString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import {
    DUE_ICONS,
    formatDeadline,
    getDueStatus,
    getDueText,
} from "@candidate_relationship/feedback_due";

const { DateTime } = luxon;

/**
 * The promise that runs for an applicant, in two lines: the date, and beneath it what it is an
 * answer to, whose clock runs, what closes it and which date the candidate knows.
 */
export class FeedbackPromiseBox extends Component {
    static template = "candidate_relationship.FeedbackPromiseBox";
    static props = { ...standardFieldProps };

    get promise() {
        return this.props.record.data[this.props.name];
    }

    get deadline() {
        return this.promise.deadline && deserializeDateTime(this.promise.deadline);
    }

    get start() {
        return deserializeDateTime(this.promise.trigger_datetime);
    }

    get status() {
        return getDueStatus(this.promise.state, this.deadline);
    }

    get icon() {
        return DUE_ICONS[this.status];
    }

    get badge() {
        return getDueText(this.status, this.deadline);
    }

    get headline() {
        const deadline = this.deadline && formatDeadline(this.deadline);
        switch (this.status) {
            case "paused":
                return _t("Waiting for the candidate since %(day)s", {
                    day: toLocaleDateString(deserializeDateTime(this.promise.paused_since)),
                });
            case "no_date":
                return _t("The working calendar holds no working time");
            case "overdue":
                return _t("An answer was promised by %(deadline)s", { deadline });
        }
        if (this.start > DateTime.now()) {
            const day = toLocaleDateString(this.start);
            return _t("After the interview on %(day)s, an answer is promised by %(deadline)s", {
                day,
                deadline,
            });
        }
        return _t("An answer is promised by %(deadline)s", { deadline });
    }

    get subject() {
        return {
            application: _t("Answer to the application"),
            stage: _t("Answer in this stage"),
            interview: _t("Answer after the interview"),
            outcome: _t("Answer on the decision"),
        }[this.promise.trigger];
    }

    get closedBy() {
        return this.promise.means === "phone"
            ? _t("A phone call")
            : _t("A message to the candidate, or a phone call");
    }

    /** Other promises that are open, for instance one that asks for a call. */
    get others() {
        return _t("+%(count)s more", { count: this.promise.others });
    }

    get told() {
        const told = this.promise.told_date;
        if (!told) {
            return _t("Candidate not told yet");
        }
        return _t("Candidate was told: by %(day)s", {
            day: toLocaleDateString(deserializeDate(told)),
        });
    }
}

export const feedbackPromiseBox = {
    component: FeedbackPromiseBox,
    supportedTypes: ["json"],
};

registry.category("fields").add("feedback_promise_box", feedbackPromiseBox);
