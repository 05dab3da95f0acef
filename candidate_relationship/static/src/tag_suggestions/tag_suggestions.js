import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import {
    getDimensionLabel,
    sortByDimension,
} from "@candidate_relationship/dimension_tags/dimensions";

const FIELD = "categ_ids";

/**
 * Tags that fit the skills, jobs and department of an applicant. They are worked out once somebody
 * asks for them: a form that is only opened pays nothing.
 */
export class TagSuggestions extends Component {
    static template = "candidate_relationship.TagSuggestions";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ chips: [], askedFor: false });
    }

    get record() {
        return this.props.record;
    }

    /** What was found is of one applicant only: the pager leads to another one. */
    get isOpen() {
        return this.state.askedFor && this.state.askedFor === this.record.resId;
    }

    get chips() {
        const used = new Set(this.record.data[FIELD].currentIds);
        return this.state.chips.filter(({ id }) => !used.has(id));
    }

    getTitle({ id, dimension }) {
        const label = getDimensionLabel(dimension);
        return id
            ? _t("%(dimension)s: add this tag", { dimension: label })
            : _t("%(dimension)s: make this tag and add it", { dimension: label });
    }

    async suggest() {
        const { resId } = this.record;
        const { tags, new: names } = await this.orm.call("hr.applicant", "get_proposed_tags", [
            resId,
        ]);
        this.state.chips = sortByDimension([
            ...tags.map(({ display_name, ...tag }) => ({ ...tag, name: display_name })),
            ...names,
        ]);
        this.state.askedFor = resId;
    }

    async add(chip) {
        if (!chip.id) {
            const context = { default_dimension: chip.dimension };
            [chip.id] = await this.orm.call("hr.applicant.category", "name_create", [chip.name], {
                context,
            });
        }
        await this.record.data[FIELD].addAndRemove({ add: [chip.id] });
    }
}

export const tagSuggestions = {
    component: TagSuggestions,
};

registry.category("view_widgets").add("tag_suggestions", tagSuggestions);
