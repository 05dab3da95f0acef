import { registry } from "@web/core/registry";

/** The job and the people come from tests/test_reactivation_tour.py. */
const row = (name) => `.o_data_row:contains('${name}')`;

registry.category("web_tour.tours").add("candidate_relationship_reactivation", {
    steps: () => [
        {
            content: "The job says that there are people we know",
            trigger: ".o_form_view button[name='action_reactivate']",
            run: "click",
        },
        {
            content: "Its round is ready, the best first, and says why",
            trigger: `.o_form_view .o_related_list ${row("Greta Great")}:contains('2 of 2 skills')`,
        },
        {
            content: "Who is excluded?",
            trigger: ".o_form_view .nav-link[name='excluded']",
            run: "click",
        },
        {
            content: "Somebody who said no",
            trigger: `.o_form_view .o_related_list ${row("Nils Never")}:contains('Blacklisted')`,
        },
        {
            content: "Choose whom to ask",
            trigger: ".o_form_view button[name='action_review']",
            run: "click",
        },
        {
            content: "The best is the first",
            trigger: ".o_list_view .o_data_row:first:contains('Greta Great')",
        },
        {
            content: "Choose her",
            trigger: `.o_list_view ${row("Greta Great")} .o_list_record_selector input`,
            run: "click",
        },
        {
            content: "Choose another one",
            trigger: `.o_list_view ${row("Malte Middling")} .o_list_record_selector input`,
            run: "click",
        },
        {
            content: "Invite them",
            trigger: "button[name='action_invite']",
            run: "click",
        },
        {
            content: "Both will get it",
            trigger: ".modal .o_field_widget[name='ready_count']:contains('2')",
        },
        {
            content: "Make it personal",
            trigger:
                ".modal .o_field_widget[name='subject'] input, .modal .o_field_widget[name='subject'] textarea",
            run: "edit Come back to us",
        },
        {
            content: "See what they will read",
            trigger: ".modal .nav-link[name='preview']",
            run: "click",
        },
        {
            content: "With her name in it",
            trigger: ".modal .o_field_widget[name='preview_html']:contains('Hello Greta Great')",
        },
        {
            content: "Send",
            trigger: ".modal button[name='action_send']",
            run: "click",
        },
        {
            content: "They are on their way",
            trigger: ".o_notification:contains('2 invitations are on their way')",
        },
        {
            content: "Nobody is left to be asked",
            trigger: `body:not(:has(.modal)) .o_list_view:not(:has(${row("Greta Great")}))`,
        },
    ],
});

registry.category("web_tour.tours").add("candidate_relationship_reactivation_answer", {
    steps: () => [
        {
            content: "What she answered",
            trigger:
                ".o_form_view .o_statusbar_status .o_arrow_button_current:contains('Interested')",
        },
        {
            content: "Her application",
            trigger: ".o_form_view button[name='action_open_application']",
            run: "click",
        },
        {
            content: "For the job, with her skills",
            trigger:
                ".o_applicant_form .o_field_widget[name='job_id'] input, .o_applicant_form .o_field_widget[name='job_id']",
        },
    ],
});
