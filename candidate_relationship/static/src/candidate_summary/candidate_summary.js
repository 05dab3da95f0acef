import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Last touch, next step and reach at the head of a person's page; read when the page is shown. */
export class CandidateSummary extends Component {
    static template = "candidate_relationship.CandidateSummary";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ facts: [] });
        useRecordObserver(({ resId, dirty }) => dirty || this.load(resId));
    }

    async load(resId) {
        this.state.facts = resId
            ? await this.orm.call("hr.applicant", "get_candidate_summary", [resId], {
                  context: this.props.record.context,
              })
            : [];
    }
}

registry.category("view_widgets").add("candidate_summary", { component: CandidateSummary });
