import { registry } from "@web/core/registry";

/** The people come from tests/test_experience_ask_tour.py: an administrator looks before they ask, and starts. */
registry.category("web_tour.tours").add("candidate_relationship_experience_ask", {
    steps: () => [
        {
            content: "Nobody is asked yet",
            trigger: ".o_view_nocontent:contains('Nobody is asked yet')",
        },
        {
            content: "A new trigger",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "Name it",
            trigger: ".o_field_widget[name='name'] input",
            run: "edit Tour Trigger",
        },
        {
            content: "What is asked",
            trigger: ".o_field_widget[name='survey_id'] input",
            run: "edit Tour Questions",
        },
        {
            content: "The questionnaire is found",
            trigger: ".o-autocomplete--dropdown-item:contains('Tour Questions')",
            run: "click",
        },
        {
            content: "Its mails are there",
            trigger:
                ".o_field_widget[name='template_id'] input:value('Experience Survey: Invitation')",
        },
        {
            content: "How many would have been asked follows what is chosen",
            trigger: ".o_field_widget[name='would_ask_count']:contains('6')",
        },
        {
            content: "Not those who were refused",
            trigger: ".o_field_widget[name='on_refused'] input",
            run: "click",
        },
        {
            content: "Then it would have been nobody",
            trigger: ".o_field_widget[name='would_ask_count']:contains('0')",
        },
        {
            content: "But yes",
            trigger: ".o_field_widget[name='on_refused'] input",
            run: "click",
        },
        {
            content: "Who they are",
            trigger: "button[name='action_preview']",
            run: "click",
        },
        {
            content: "One was never told",
            trigger: ".modal .o_data_row:contains('Outcome Not Delivered'):contains('1')",
        },
        {
            content: "All of them",
            trigger: ".modal .o_notebook a[name='lines']",
            run: "click",
        },
        {
            content: "By name",
            trigger: ".modal .o_data_row:contains('Tour Person')",
        },
        {
            content: "Close",
            trigger: ".modal footer button:contains('Close')",
            run: "click",
        },
        {
            content: "Start it",
            trigger: "body:not(:has(.modal)) button[name='action_start']:contains('Start')",
            run: "click",
        },
        {
            content: "It says what happens next",
            trigger: ".alert .o_field_widget[name='standing']:contains('Nobody is due')",
        },
        {
            content: "Pause it",
            trigger: "button[name='action_pause']",
            run: "click",
        },
        {
            content: "It can be resumed",
            trigger: "button[name='action_start']:contains('Resume')",
        },
    ],
});
