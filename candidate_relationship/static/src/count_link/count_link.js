import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A number in a list that opens what it counts: <field widget="count_link" options="{'action': 'method'}"/>. */
export class CountLink extends Component {
    static template = "candidate_relationship.CountLink";
    static props = { ...standardFieldProps, action: String };

    setup() {
        this.orm = useService("orm");
        this.actionService = useService("action");
    }

    get count() {
        return this.props.record.data[this.props.name];
    }

    get text() {
        return formatInteger(this.count);
    }

    async open() {
        const { resModel, resId } = this.props.record;
        return this.actionService.doAction(
            await this.orm.call(resModel, this.props.action, [[resId]])
        );
    }
}

export const countLink = {
    component: CountLink,
    displayName: _t("Count with Link"),
    supportedTypes: ["integer"],
    extractProps: ({ options }) => ({ action: options.action }),
};

registry.category("fields").add("count_link", countLink);
