import { Component } from "@odoo/owl";
import { makeContext } from "@web/core/context";
import { Domain } from "@web/core/domain";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { View } from "@web/views/view";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * A list of another model inside a form, read only once its tab is opened: a form that is opened all
 * day pays nothing for what is looked at now and then.
 *
 * <widget name="related_list" model="hr.applicant.stage.log" domain="[('applicant_id', '=', id)]"
 *         view="candidate_relationship.hr_applicant_stage_log_view_list_applicant" context="{}"/>
 */
export class RelatedList extends Component {
    static template = "candidate_relationship.RelatedList";
    static components = { View };
    static props = {
        ...standardWidgetProps,
        model: String,
        domain: String,
        context: { type: String, optional: true },
        view: { type: String, optional: true },
    };

    setup() {
        this.action = useService("action");
    }

    get viewProps() {
        const { model, domain, context, view, record } = this.props;
        return {
            type: "list",
            resModel: model,
            // not those of the action around it, which are another model's
            views: [[false, "list"]],
            domain: new Domain(domain).toList(record.evalContext),
            context: makeContext(
                [user.context, view ? { list_view_ref: view } : {}, context || {}],
                record.evalContext
            ),
            display: { controlPanel: false, searchPanel: false },
            allowSelectors: false,
            loadIrFilters: false,
            selectRecord: (resId) => this.open(resId),
        };
    }

    open(resId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: this.props.model,
            res_id: resId,
            views: [[false, "form"]],
        });
    }
}

export const relatedList = {
    component: RelatedList,
    extractProps: ({ attrs }) => ({
        model: attrs.model,
        domain: attrs.domain,
        context: attrs.context,
        view: attrs.view,
    }),
};

registry.category("view_widgets").add("related_list", relatedList);
