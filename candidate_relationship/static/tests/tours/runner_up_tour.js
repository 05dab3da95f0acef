import { registry } from "@web/core/registry";

/** The candidates come from tests/test_runner_up_tour.py: Nora came near, the pool holds runner-ups. */
registry.category("web_tour.tours").add("candidate_relationship_runner_up", {
    steps: () => [
        {
            content: "Refuse the application",
            trigger: ".o_applicant_form button[name='archive_applicant']",
            run: "click",
        },
        {
            content: "Choose a reason",
            trigger:
                ".modal .o_field_widget[name='refuse_reason_id'] span:contains('Another was better')",
            run: "click",
        },
        {
            content: "She came near: keeping in touch is proposed, and it says why",
            trigger:
                ".modal .o_keep_in_touch:contains('Nora Near: reached Second Interview, rated Excellent') .o_field_widget[name='keep_in_touch'] input:checked",
        },
        {
            content: "With the pool of runner-ups",
            trigger:
                ".modal .o_field_widget[name='keep_pool_ids'] .o_tag:contains('Silver Medals')",
        },
        {
            content: "Refuse",
            trigger: ".modal button[name='action_refuse_reason_apply']",
            run: "click",
        },
        {
            content: "The application is refused; its talent is a button away",
            trigger:
                "body:not(:has(.modal)) .o_applicant_form button[name='action_talent_pool_stat_button']",
            run: "click",
        },
        {
            content: "The person's page opens with the applications",
            trigger:
                ".o_applicant_form .o_related_list .o_data_row:contains('Refused'):contains('Second Interview')",
        },
    ],
});

registry.category("web_tour.tours").add("candidate_relationship_pool_fill", {
    steps: () => [
        {
            content: "Fill the pool",
            trigger: ".o_form_view button[name='action_fill']",
            run: "click",
        },
        {
            content: "See who would enter",
            trigger:
                ".modal .o_field_widget[name='enter_count']:contains('1'), .modal .o_data_row:contains('Nora Near')",
        },
        {
            content: "Let them in",
            trigger: ".modal:has(.o_data_row:contains('Nora Near')) button[name='action_fill']",
            run: "click",
        },
        {
            content: "It says how many entered",
            trigger: ".o_notification:contains('1 people entered the pool')",
        },
        {
            content: "The pool has somebody now",
            trigger:
                "body:not(:has(.modal)) .o_form_view .oe_stat_button:contains('People'):contains('1')",
            run: "click",
        },
        {
            content: "The talents of the pool",
            trigger: ".o_list_view .o_data_row:contains('Nora Near')",
        },
    ],
});
