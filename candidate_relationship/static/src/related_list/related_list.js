import { Component, useState, useSubEnv } from "@odoo/owl";
import { makeContext } from "@web/core/context";
import { Domain } from "@web/core/domain";
import { Pager } from "@web/core/pager/pager";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { exprToBoolean } from "@web/core/utils/strings";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { listView } from "@web/views/list/list_view";
import { getDefaultConfig, View } from "@web/views/view";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * All that is left of a control panel in a tab: the pager, where one page doesn't do.
 */
export class RelatedListControlPanel extends Component {
    static template = "candidate_relationship.RelatedListControlPanel";
    static components = { Pager };
    static props = { "*": true };

    setup() {
        this.pagerProps = useState(this.env.config.pagerProps);
    }

    get isPaged() {
        const { offset, limit, total } = this.pagerProps;
        return offset > 0 || total > limit;
    }
}

registry.category("views").add("related_list", {
    ...listView,
    ControlPanel: RelatedListControlPanel,
    props: ({ noOpen, ...genericProps }, view) => {
        const props = listView.props(genericProps, view);
        return { ...props, archInfo: { ...props.archInfo, noOpen } };
    },
});

/**
 * A list of another model inside a form, read only once its tab is opened: a form that is opened all
 * day pays nothing for what is looked at now and then. It is read again when the form is saved.
 *
 * <widget name="related_list" model="hr.applicant.stage.log" domain="[('applicant_id', '=', id)]"
 *         view="candidate_relationship.hr_applicant_stage_log_view_list_applicant"
 *         context="{}" help="What is said where there is nothing."/>
 *
 * A row opens in its form, unless it says no_open="1".
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
        help: { type: String, optional: true },
        noOpen: { type: Boolean, optional: true },
    };

    setup() {
        this.action = useService("action");
        // the views, pager and breadcrumbs of the form are none of the list's business
        useSubEnv({ config: getDefaultConfig() });
        this.state = useState({ saves: 0 });
        let wasDirty = false;
        useRecordObserver(({ dirty }) => {
            if (wasDirty && !dirty) {
                this.state.saves++;
            }
            wasDirty = dirty;
        });
    }

    /** Another key makes another list: for another record, after a reload or after saving. */
    get key() {
        const { record } = this.props;
        return `${record.id},${record.resId},${this.state.saves}`;
    }

    /** The same as long as the key is: the view reads again whenever it gets other ones. */
    get viewProps() {
        if (this.propsKey !== this.key) {
            this.propsKey = this.key;
            this.madeProps = this.makeViewProps();
        }
        return this.madeProps;
    }

    makeViewProps() {
        const { model, domain, context, view, help, noOpen, record } = this.props;
        return {
            type: "list",
            jsClass: "related_list",
            resModel: model,
            views: [[false, "list"]],
            domain: new Domain(domain).toList(record.evalContext),
            context: makeContext(
                [user.context, view ? { list_view_ref: view } : {}, context || {}],
                record.evalContext
            ),
            display: { controlPanel: {}, searchPanel: false },
            allowSelectors: false,
            showButtons: false,
            loadIrFilters: false,
            noContentHelp: help,
            noOpen,
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
        help: attrs.help,
        noOpen: exprToBoolean(attrs.no_open),
    }),
};

registry.category("view_widgets").add("related_list", relatedList);
