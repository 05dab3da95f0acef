import { registry } from "@web/core/registry";

/** The talents come from tests/test_touch_tour.py; nobody was in touch with them yet. */
const row = (name) => `.o_data_row:contains('${name}')`;

registry.category("web_tour.tours").add("candidate_relationship_touch", {
    steps: () => [
        {
            content: "Nobody was in touch with Nina",
            trigger: `${row("Nina Never")} .o_never_touched`,
        },
        {
            content: "Choose one talent",
            trigger: `${row("Lena LinkedIn")} .o_list_record_selector input`,
            run: "click",
        },
        {
            content: "Choose another talent",
            trigger: `${row("Carl Called")} .o_list_record_selector input`,
            run: "click",
        },
        {
            content: "Log a contact with both",
            trigger: "button[name='action_feedback_log_call']",
            run: "click",
        },
        {
            content: "It was a LinkedIn message",
            trigger: ".modal .o_field_widget[name='channel'] input[data-value='linkedin']",
            run: "click",
        },
        {
            content: "No promise is answered by it",
            trigger: ".modal p:contains('Only a phone call answers')",
        },
        {
            content: "Note what was written",
            trigger: ".modal .o_field_widget[name='note'] textarea",
            run: "edit Asked whether she still looks for something new",
        },
        {
            content: "Log it",
            trigger: ".modal button[name='action_log']:contains('Log the Message')",
            run: "click",
        },
        {
            content: "The list says so",
            trigger: `body:not(:has(.modal)) ${row("Lena LinkedIn")} .o_last_touch .fa-linkedin-square`,
        },
        {
            content: "Find whom nobody was in touch with",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            content: "Never touched",
            trigger: ".o_filter_menu .o_menu_item:contains('Never Touched')",
            run: "click",
        },
        {
            content: "Only Nina is left",
            trigger: `.o_list_view:not(:contains('Lena LinkedIn')) ${row("Nina Never")}`,
        },
        {
            content: "Drop the filter",
            trigger: ".o_searchview_facet:contains('Never Touched') .o_facet_remove",
            run: "click",
        },
        {
            content: "Open a talent",
            trigger: `${row("Carl Called")} td[name='partner_name']`,
            run: "click",
        },
        {
            content: "Log a call",
            trigger: ".o_applicant_form button[name='action_feedback_log_call']",
            run: "click",
        },
        {
            content: "Note what was said, with the keyboard",
            trigger: ".modal .o_field_widget[name='note'] textarea",
            run: "edit Comes to our open day",
        },
        {
            content: "Log it",
            trigger: ".modal button[name='action_log']:contains('Log the Call')",
            run: "click",
        },
        {
            content: "Look at the touches of the person",
            trigger: "body:not(:has(.modal)) .o_applicant_form .nav-link[name='talent_touches']",
            run: "click",
        },
        {
            content: "Both are there, the last one first",
            trigger:
                ".o_related_list .o_data_row:first:contains('Phone Call'):contains('Comes to our open day')",
        },
        {
            content: "The message came before",
            trigger: ".o_related_list .o_data_row:eq(1):contains('LinkedIn Message')",
        },
    ],
});
