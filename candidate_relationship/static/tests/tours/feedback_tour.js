import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/**
 * The candidates come from tests/test_feedback_tour.py: Olga's answer is overdue, Tim's is due in
 * time, Paula must be called.
 */
const toRecruitment = [
    stepUtils.showAppsMenuItem(),
    {
        content: "Open the Recruitment app",
        trigger: '.o_app[data-menu-xmlid="hr_recruitment.menu_hr_recruitment_root"]',
        run: "click",
    },
];

registry.category("web_tour.tours").add("candidate_relationship_answer", {
    steps: () => [
        {
            content: "Open the filters of the applications",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            content: "Keep those whose answer is overdue",
            trigger: ".o_filter_menu .o_menu_item:contains('Feedback Overdue')",
            run: "click",
        },
        {
            content: "Tim's answer is not overdue",
            trigger:
                ".o_list_view:not(:contains('Tim Timely')) .o_data_row:contains('Olga Overdue') .o_feedback_overdue",
        },
        {
            content: "Open the overdue application",
            trigger: ".o_data_row:contains('Olga Overdue') td[name='partner_name']",
            run: "click",
        },
        {
            content: "The form says that the answer is overdue",
            trigger: ".o_applicant_form .o_feedback_box .o_feedback_promise.o_feedback_overdue",
        },
        {
            content: "Go back to the list",
            trigger: ".o_back_button, .breadcrumb-item.o_back_button a",
            run: "click",
        },
        {
            content: "Drop the overdue filter",
            trigger: ".o_searchview_facet:contains('Feedback Overdue') .o_facet_remove",
            run: "click",
        },
        {
            content: "Open the application that is still in time",
            trigger: ".o_data_row:contains('Tim Timely') td[name='partner_name']",
            run: "click",
        },
        {
            content: "Write to the candidate",
            trigger:
                ".o_feedback_box:contains('Candidate not told yet') button[name='action_feedback_write']",
            run: "click",
        },
        {
            content: "Write the answer",
            trigger: ".o_mail_composer_message .odoo-editor-editable",
            run: "editor We would like to meet you.",
        },
        {
            content: "Send it",
            trigger: ".o_mail_send",
            run: "click",
        },
        {
            content: "Nothing is owed any more",
            trigger: "body:not(:has(.modal)) .o_applicant_form:not(:has(.o_feedback_box))",
        },
        {
            content: "Look at the promises of this candidate",
            trigger: ".o_applicant_form .nav-link[name='feedback_promises']",
            run: "click",
        },
        {
            content: "The promise was kept",
            trigger: ".o_related_list .o_data_row .o_feedback_kept",
        },
    ],
});

registry.category("web_tour.tours").add("candidate_relationship_call", {
    steps: () => [
        ...toRecruitment,
        {
            content: "Open the feedback menu",
            trigger:
                ".o_menu_sections button[data-menu-xmlid='candidate_relationship.menu_hr_feedback'], .o_menu_sections [data-menu-xmlid='candidate_relationship.menu_hr_feedback_promise']",
            run: "click",
        },
        {
            content: "Open the promises",
            trigger: "[data-menu-xmlid='candidate_relationship.menu_hr_feedback_promise']",
            run: "click",
        },
        {
            content: "What is mine and running is there, the most urgent first",
            trigger: ".o_data_row:first:contains('Olga Overdue')",
        },
        {
            content: "Log a call with Paula",
            trigger: ".o_data_row:contains('Paula Phone') button[name='action_log_call']",
            run: "click",
        },
        {
            content: "Note what was said",
            trigger: ".modal .o_field_widget[name='note'] textarea",
            run: "edit Told her that we make an offer",
        },
        {
            content: "Log it",
            trigger: ".modal button[name='action_log']",
            run: "click",
        },
        {
            content: "Her promise does not run any more",
            trigger:
                ".o_list_view:not(:contains('Paula Phone')) .o_data_row:contains('Olga Overdue')",
        },
    ],
});
