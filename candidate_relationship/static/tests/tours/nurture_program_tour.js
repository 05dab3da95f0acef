import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** The pool and its people come from tests/test_nurture_program_tour.py: an administrator builds a program. */
registry.category("web_tour.tours").add("candidate_relationship_nurture_program", {
    steps: () => [
        {
            content: "A new program",
            trigger: ".o_kanban_view .o_view_nocontent, .o_kanban_view",
        },
        {
            content: "Create it",
            trigger: ".o-kanban-button-new",
            run: "click",
        },
        {
            content: "Name it",
            trigger: ".o_field_widget[name='name'] input, .o_field_widget[name='name'] textarea",
            run: "edit Tour News",
        },
        {
            content: "Choose the pool",
            trigger: ".o_field_widget[name='pool_ids'] input",
            run: "edit Tour Pool",
        },
        {
            content: "The pool is found",
            trigger: ".o-autocomplete--dropdown-item:contains('Tour Pool')",
            run: "click",
        },
        {
            content: "A first step",
            trigger: ".o_field_widget[name='step_ids'] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "Its name",
            trigger:
                ".modal .o_field_widget[name='name'] input, .modal .o_field_widget[name='name'] textarea",
            run: "edit Hello Again",
        },
        {
            content: "At once",
            trigger: ".modal .o_field_widget[name='delay_days'] input",
            run: "edit 0",
        },
        {
            content: "Keep the step",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "A second step",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name='step_ids']:has(.o_data_row:contains('Hello Again')) .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "Its name",
            trigger:
                ".modal .o_field_widget[name='name'] input, .modal .o_field_widget[name='name'] textarea",
            run: "edit Give a Call",
        },
        {
            content: "A task",
            trigger: ".modal .o_field_widget[name='kind'] .o_radio_item:contains('Task') input",
            run: "click",
        },
        {
            content: "Choose the activity",
            trigger: ".modal .o_field_widget[name='activity_type_id'] input",
            run: "edit Call",
        },
        {
            content: "The activity is found",
            trigger: ".o-autocomplete--dropdown-item:contains('Call')",
            run: "click",
        },
        {
            content: "After five days",
            trigger: ".modal .o_field_widget[name='delay_days'] input",
            run: "edit 5",
        },
        {
            content: "Keep it",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "Both steps are there",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name='step_ids']:contains('Hello Again'):contains('Give a Call')",
        },
        ...stepUtils.saveForm(),
        {
            content: "The first one has a design, which is empty still",
            trigger:
                ".o_field_widget[name='step_ids'] .o_data_row:contains('Hello Again'):contains('its mailing is empty')",
        },
        {
            content: "Simulate it",
            trigger: "button[name='action_simulate']",
            run: "click",
        },
        {
            content: "Two people get it",
            trigger: ".modal .o_field_widget[name='mail_count']:contains('2')",
        },
        {
            content: "And are called a week later",
            trigger: ".modal .o_data_row:contains('Give a Call')",
        },
        {
            content: "To whom",
            trigger: ".modal .nav-link[name='whom']",
            run: "click",
        },
        {
            content: "By name",
            trigger: ".modal .o_data_row:contains('Tara Tour')",
        },
        {
            content: "Close",
            trigger: ".modal footer button:contains('Close')",
            run: "click",
        },
        {
            content: "Back at the program",
            trigger: "body:not(:has(.modal)) button[name='action_start']",
        },
    ],
});

/** The same program, whose mailing is written meanwhile. */
registry.category("web_tour.tours").add("candidate_relationship_nurture_start", {
    steps: () => [
        {
            content: "Start it",
            trigger: "button[name='action_start']",
            run: "click",
        },
        {
            content: "It runs, with two people in it",
            trigger: ".oe_stat_button:contains('In It'):contains('2')",
            run: "click",
        },
        {
            content: "They wait for the first step",
            trigger: ".o_list_view .o_data_row:contains('Tara Tour'):contains('Hello Again')",
        },
    ],
});
