import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatDate, formatDateTime, formatSelection } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

export const CHANNEL_ICONS = {
    mail: "fa-envelope-o",
    mailing: "fa-bullhorn",
    call: "fa-phone",
    meeting: "fa-users",
    linkedin: "fa-linkedin-square",
    sms: "fa-mobile",
    page: "fa-globe",
    other: "fa-comment-o",
};

/** Through what somebody was in touch, and which way: an icon and an arrow, and the same in words. */
export class TouchChannel extends Component {
    static template = "candidate_relationship.TouchChannel";
    static props = { ...standardFieldProps };

    get icon() {
        return CHANNEL_ICONS[this.props.record.data[this.props.name]];
    }

    get label() {
        return formatSelected(this.props.record, this.props.name);
    }

    get arrow() {
        return this.isIncoming ? "fa-long-arrow-left" : "fa-long-arrow-right";
    }

    get direction() {
        return formatSelected(this.props.record, "direction");
    }

    get isIncoming() {
        return this.props.record.data.direction === "in";
    }
}

export const touchChannel = {
    component: TouchChannel,
    displayName: _t("Channel of a Touch"),
    supportedTypes: ["selection"],
    fieldDependencies: [{ name: "direction", type: "selection" }],
    listViewWidth: [150, 190],
};

registry.category("fields").add("touch_channel", touchChannel);

/** When a person was last in touch, and through what; says so if never. */
export class LastTouch extends Component {
    static template = "candidate_relationship.LastTouch";
    static props = { ...standardFieldProps };

    get date() {
        return this.props.record.data[this.props.name];
    }

    get text() {
        return this.date ? formatDate(this.date) : _t("Never touched");
    }

    get icon() {
        return CHANNEL_ICONS[this.props.record.data.candidate_last_touch_channel];
    }

    get title() {
        if (!this.date) {
            return "";
        }
        return _t("Last touch: %(channel)s, %(date)s", {
            channel: formatSelected(this.props.record, "candidate_last_touch_channel"),
            date: formatDateTime(this.date),
        });
    }
}

export const lastTouch = {
    component: LastTouch,
    displayName: _t("Last Touch"),
    supportedTypes: ["datetime"],
    fieldDependencies: [{ name: "candidate_last_touch_channel", type: "selection" }],
    listViewWidth: [120, 150],
};

registry.category("fields").add("last_touch", lastTouch);

function formatSelected(record, name) {
    const { selection } = record.fields[name];
    return formatSelection(record.data[name], { selection: selection || [] });
}
